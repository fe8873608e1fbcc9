"""The description at /api/openapi.json: valid, and of every door."""

from collections.abc import Iterator

import pytest
from fastapi.openapi.models import OpenAPI, Operation

from models.figures import DAYS
from tests.stories.callers import Json
from tests.web.machines.firm import caller
from tests.web.machines.routes import POSTS, ROUTES
from tests.web.pages.reception import settings_for
from web.app import create_app

EVERYWHERE = {"401", "404", "409", "413", "422", "503"}


@pytest.fixture(scope="module")
async def document() -> Json:
    """As it is served. It needs no database."""
    api = caller(create_app(settings_for("sqlite+aiosqlite://")))
    return dict((await api.get("/api/openapi.json")).json())


@pytest.fixture(scope="module")
def operations(document: Json) -> dict[tuple[str, str], Operation]:
    OpenAPI.model_validate(document)
    return {
        (method.upper(), path): Operation.model_validate(operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }


def _references(node: object) -> Iterator[str]:
    match node:
        case {"$ref": str(reference)}:
            yield reference
        case dict():
            for value in node.values():
                yield from _references(value)
        case list():
            for value in node:
                yield from _references(value)


def _found(document: Json, reference: str) -> bool:
    node: object = document
    for step in reference.removeprefix("#/").split("/"):
        node = node.get(step) if isinstance(node, dict) else None
    return node is not None


def test_every_door_is_described(operations: dict[tuple[str, str], Operation]) -> None:
    doors = {door for door in operations if door[1].startswith("/api/")}

    assert doors == set(ROUTES)
    open_to_machines = {("POST", "/webhooks/{source}"), ("GET", "/webhooks/{source}")}
    assert operations.keys() - doors == {*open_to_machines, ("GET", "/healthz")}


def test_what_is_referred_to_is_there(document: Json) -> None:
    references = set(_references(document))

    assert references
    assert [name for name in references if not _found(document, name)] == []


def test_operations_have_names_of_their_own(
    operations: dict[tuple[str, str], Operation],
) -> None:
    names = [operation.operationId for operation in operations.values()]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize("door", ROUTES)
def test_a_door_says_what_it_needs_and_what_may_go_wrong(
    operations: dict[tuple[str, str], Operation], door: tuple[str, str]
) -> None:
    operation = operations[door]

    assert operation.summary
    assert operation.tags
    assert operation.security == [{"HTTPBearer": []}]
    assert {"200", *EVERYWHERE} <= (operation.responses or {}).keys()


@pytest.mark.parametrize("path", POSTS)
def test_every_post_asks_for_a_key(operations: dict[tuple[str, str], Operation], path: str) -> None:
    asked = operations["POST", path].model_dump(mode="json", by_alias=True)["parameters"]

    [key] = [each for each in asked if each["name"] == "Idempotency-Key"]
    assert (key["in"], key["required"]) == ("header", True)


def test_the_days_of_the_closed_loop_are_listed(document: Json) -> None:
    """Who fills in what fits the description is not refused."""
    asked = document["paths"]["/api/figures"]["get"]["parameters"]

    [days] = [each["schema"] for each in asked if each["name"] == "days"]
    assert days["enum"] == list(DAYS)
