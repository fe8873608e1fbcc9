"""Whatever goes wrong, a program reads it in one shape."""

from collections.abc import AsyncIterator

import pytest
from httpx2 import AsyncClient

from tests.stories.callers import Office
from tests.web.machines.faults import Refusal, fault_of, refusal
from tests.web.machines.routes import GETS, POSTS, filled
from tests.web.pages.reception import Reception

KEYED = {"idempotency-key": "k"}


@pytest.fixture
async def case(reception: Reception) -> str:
    return (await reception.casework.open()).case_id


@pytest.mark.parametrize("path", ["/api/nowhere", "/api/", "/api/cases/x/forget"])
async def test_a_door_that_is_none(api: AsyncClient, path: str) -> None:
    assert refusal(await api.get(path)) == Refusal(404, "http_404")


async def test_a_wrong_method(api: AsyncClient) -> None:
    answer = await api.delete("/api/cases")

    assert refusal(answer) == Refusal(405, "http_405")
    assert answer.headers["allow"] == "GET"


@pytest.mark.parametrize("path", [path for path in GETS if "{" in path])
async def test_what_is_not_there(api: AsyncClient, path: str) -> None:
    """Whoever asks, where a door wants to know that."""
    answer = await api.get(filled(path), params={"by": "nora"})
    assert refusal(answer) == Refusal(404, "not_known")


async def test_an_act_on_a_case_that_is_not_there(office: Office) -> None:
    answer = await office.act("some-case", "acknowledge", by="dora")

    assert refusal(answer) == Refusal(404, "not_known")


async def test_a_promise_without_a_date_on_a_case_that_is_not_there(office: Office) -> None:
    answer = await office.act("some-case", "actions", by="dora", what="Change the seal.")

    assert refusal(answer) == Refusal(404, "not_known")


async def test_a_person_without_the_right(office: Office, case: str) -> None:
    answer = await office.act(case, "acknowledge", by="paul")

    assert refusal(answer) == Refusal(403, "not_allowed")


async def test_a_key_that_was_used_for_something_else(office: Office, case: str) -> None:
    await office.act(case, "acknowledge", key="k", by="dora")

    answer = await office.act(case, "acknowledge", key="k", by="dora", note="On my way.")

    assert refusal(answer) == Refusal(409, "key_reused")


async def test_while_temporal_is_away_an_act_is_kept_and_may_be_sent_again(
    reception: Reception, office: Office, case: str
) -> None:
    answer = await office.act(case, "acknowledge", by="dora")

    assert refusal(answer) == Refusal(503, "engine_away")
    assert fault_of(answer).detail.startswith("Kept, but not applied yet")
    assert answer.headers["retry-after"] == "2"
    assert [act.kind for act in await reception.kept()] == ["acknowledge"]


async def test_a_body_that_no_act_needs_is_too_large(api: AsyncClient) -> None:
    novel = {"by": "dora", "note": "x" * 200 * 1024}

    for path in POSTS:
        answer = await api.post(filled(path), json=novel, headers=KEYED)
        assert refusal(answer) == Refusal(413, "too_large"), path


async def test_a_body_of_untold_length_is_read_to_the_limit_only(
    api: AsyncClient, case: str
) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 4096:
            sent += 1
            yield b" " * 1024

    answer = await api.post(
        f"/api/cases/{case}/acknowledge",
        content=endless(),
        headers={**KEYED, "content-type": "application/json"},
    )

    assert refusal(answer) == Refusal(413, "too_large")
    assert sent < 140


@pytest.mark.parametrize(
    "path", ["/api/cases/a%00b", "/api/responses/survey/%00", "/api/cases?owner=%00", "/api/%00"]
)
async def test_a_zero_byte_in_the_address(api: AsyncClient, path: str) -> None:
    assert refusal(await api.get(path)) == Refusal(422, "not_understood")


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"", None),
        (b"{", None),
        (b"[]", None),
        (b'"dora"', None),
        (b'{"by": "\xff"}', None),
        (b"{}", "by"),
        (b'{"by": ""}', "by"),
        (b'{"by": null}', "by"),
        (b'{"by": "dora", "note": 1}', "note"),
        (b'{"by": "dora", "note": "\\ud800"}', "note"),
        (b'{"by": "do\\u0000ra"}', "by"),
        (b'{"by": "dora", "note": "' + b"x" * 8001 + b'"}', "note"),
    ],
)
async def test_a_body_that_is_not_understood_names_its_place(
    api: AsyncClient, case: str, body: bytes, place: str | None
) -> None:
    headers = {**KEYED, "content-type": "application/json"}

    answer = await api.post(f"/api/cases/{case}/acknowledge", content=body, headers=headers)

    assert refusal(answer) == Refusal(422, "not_understood", place)


async def test_a_body_that_is_nested_too_deeply(api: AsyncClient, case: str) -> None:
    headers = {**KEYED, "content-type": "application/json"}

    answer = await api.post(
        f"/api/cases/{case}/acknowledge", content=b"[" * 100_000, headers=headers
    )

    assert refusal(answer) == Refusal(400, "http_400")


async def test_a_misspelt_field_is_told_what_was_meant(office: Office, case: str) -> None:
    answer = await office.act(case, "attempts", by="dora", outcom="reached")

    assert refusal(answer) == Refusal(422, "not_understood", "outcome")


async def test_a_field_that_there_is_not(office: Office, case: str) -> None:
    answer = await office.act(case, "acknowledge", by="dora", notes="On my way.")

    assert fault_of(answer).detail == "There is no field 'notes'."


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("open=perhaps", "open"),
        ("state=sleeping", "state"),
    ],
)
async def test_a_query_that_is_not_understood(api: AsyncClient, query: str, place: str) -> None:
    answer = await api.get(f"/api/cases?{query}")

    assert refusal(answer) == Refusal(422, "not_understood", place)
