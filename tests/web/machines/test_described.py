"""What the OpenAPI description promises, tried with whatever fits it and whatever does not."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from httpx2 import AsyncClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode, openapi
from schemathesis.checks import CheckFunction
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from models.vault import Vault
from tests.lives import LIVES
from tests.web.doors import Door
from tests.web.machines.faults import fault_of
from tests.web.machines.firm import TOKEN
from tests.web.machines.routes import ROUTES
from tests.web.staff import PEOPLE, PRACTICE, WINTER, Staff, staffed_house

pytestmark = pytest.mark.story

OPEN: tuple[Door, ...] = (
    ("POST", "/webhooks/{source}"),
    ("GET", "/webhooks/{source}"),
    ("GET", "/healthz"),
)
DOORS = (*ROUTES, *OPEN)
PROMISED: list[CheckFunction] = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
AWAY = {"engine_away"}
"""The one 5xx that is promised where Temporal does not run, as here."""
BEARER = "authorization"
BEARERS = st.sampled_from([f"Bearer {TOKEN}"] * 14 + ["Bearer wrong", None])


@pytest.fixture(scope="module")
async def staff(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory, vault: Vault
) -> AsyncIterator[Staff]:
    """Somebody in every role, two cases, an absence, a practice, a delivery that was not understood."""
    async with staffed_house(migrated_sqlite, tmp_path_factory.mktemp("described"), vault) as staff:
        yield staff


@pytest.fixture(scope="module")
def described(staff: Staff) -> BaseSchema:
    return openapi.from_dict(staff.reception.app.openapi())


@pytest.mark.parametrize("door", DOORS, ids=" ".join)
@settings(
    max_examples=6 * LIVES,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(data=st.data())
async def test_whatever_is_sent_is_answered_as_the_description_says(
    staff: Staff, described: BaseSchema, door: Door, data: st.DataObject
) -> None:
    case = data.draw(_cases(described, door))
    for gap, there in _found(staff, door).items():
        if data.draw(st.booleans(), label=f"{gap} is there"):
            case.path_parameters[gap] = there
    _say_who(case, data)
    await _try(staff.http, case, data.draw(BEARERS, label="bearer"))


def _cases(described: BaseSchema, door: Door) -> st.SearchStrategy[Case[Any]]:
    """What fits the description, and what breaks it wherever it can be broken."""
    method, path = door
    operation = described[path][method]
    fitting = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    return fitting | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)


def _found(staff: Staff, door: Door) -> Mapping[str, str]:
    """What stands in the gaps of a path where something is there to be found."""
    there = {
        "case_id": staff.directors_case,
        "number": "1",
        "person": "dora",
        "source": "survey",
        "response_id": "r-1",
        "absence": WINTER.id,
        "practice": PRACTICE,
        "delivery": staff.quarantined,
        "fetch": staff.fetch,
    }
    return {gap: value for gap, value in there.items() if f"{{{gap}}}" in door[1]}


def _say_who(case: Case[Any], data: st.DataObject) -> None:
    """Somebody we know, else nothing would get beyond that question."""
    somebody = st.sampled_from([person for person in PEOPLE.values() if person])
    for said in (case.body, case.query):
        if isinstance(said, dict) and isinstance(said.get("by"), str):
            said["by"] = data.draw(somebody, label="by")


async def _try(http: AsyncClient, case: Case[Any], bearer: str | None) -> None:
    """What the application raises comes up here: nothing may."""
    sent: dict[str, Any] = case.as_transport_kwargs(base_url=str(http.base_url))
    del sent["cookies"]
    if isinstance(sent.get("data"), bytes | str):
        sent["content"] = sent.pop("data")
    drawn = {name: said for name, said in sent["headers"].items() if name.lower() != BEARER}
    sent["headers"] = {**drawn, **({BEARER: bearer} if bearer else {})}
    answer = await http.request(**sent)

    if answer.status_code >= 500 and case.path != "/healthz":
        assert fault_of(answer).code in AWAY
    case.validate_response(answer, checks=PROMISED)
