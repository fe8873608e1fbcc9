"""Practices by API: who shares them, what they must not say, and what each reader gets of them."""

import pytest
from httpx2 import AsyncClient, Response

from models.actions import Confirm
from tests.casework import MONDAY_MORNING, UNHAPPY, Casework
from tests.stories.callers import Json
from tests.web.doors import TOLD
from tests.web.machines.faults import fault_of
from tests.web.pages.reception import confirming


@pytest.fixture
async def closed(casework: Casework) -> str:
    state = await confirming(casework)
    return (await casework.act(state, Confirm(solved=True), MONDAY_MORNING)).case_id


async def share(api: AsyncClient, case: str, *, key: str = "k-1", **said: str) -> Response:
    body = {"by": "dora", "case_id": case, **TOLD, **said}
    return await api.post("/api/practices", json=body, headers={"idempotency-key": key})


async def listed(api: AsyncClient, **asked: str) -> Json:
    return dict((await api.get("/api/practices", params=asked)).json())


async def test_a_shared_practice_says_of_what_by_whom_and_when(
    api: AsyncClient, closed: str
) -> None:
    shared = (await share(api, closed)).json()

    told = ("case_id", "cause", "region", "trade", "title", "marked_by", "changed_by")
    assert {name: shared[name] for name in told} == {
        "case_id": closed,
        "cause": "delay",
        "region": "north",
        "trade": "works",
        "title": TOLD["title"],
        "marked_by": "dora",
        "changed_by": None,
    }
    assert (await listed(api))["items"] == [shared]


async def test_the_same_key_shares_once(api: AsyncClient, closed: str) -> None:
    first, again = [(await share(api, closed)).json() for _ in range(2)]
    assert first == again
    assert len((await listed(api))["items"]) == 1


async def test_the_same_key_with_other_words_is_refused(api: AsyncClient, closed: str) -> None:
    await share(api, closed)
    other = await share(api, closed, title="Something else")
    assert (other.status_code, fault_of(other).code) == (409, "key_reused")


async def test_a_case_is_shared_once(api: AsyncClient, closed: str) -> None:
    await share(api, closed)
    again = await share(api, closed, key="k-2")
    assert (again.status_code, fault_of(again).rule) == (409, "shared_already")


@pytest.mark.parametrize(
    ("helped", "place"),
    [
        (f"She wrote: {UNHAPPY.comment}", None),
        ("Ask odile about it.", "trace_name"),
        ("Write to maison@client.example.", "trace_email"),
        ("Her number is 0639981234.", "trace_phone"),
    ],
)
async def test_what_leads_to_somebody_is_refused_with_what_it_is(
    api: AsyncClient, closed: str, helped: str, place: str | None
) -> None:
    """A comment of a few words is nobody's own."""
    answer = await share(api, closed, helped=helped)
    assert answer.status_code == (422 if place else 200)
    assert place is None or fault_of(answer).place == place


async def test_only_a_recovered_case_is_shared(api: AsyncClient, casework: Casework) -> None:
    asked = (await confirming(casework)).case_id
    answer = await share(api, asked)
    assert (answer.status_code, fault_of(answer).rule) == (409, "not_recovered")


@pytest.mark.parametrize("person", ["denis", "paul", "eva", "oscar"])
async def test_nobody_shares_the_case_of_another(
    api: AsyncClient, closed: str, person: str
) -> None:
    assert (await share(api, closed, by=person)).status_code == 403


@pytest.mark.parametrize(
    ("by", "case"), [("nora", True), ("dora", True), ("paul", False), ("eva", False)]
)
async def test_the_case_behind_stays_closed_to_whom_it_is(
    api: AsyncClient, closed: str, by: str, *, case: bool
) -> None:
    await share(api, closed)
    [item] = (await listed(api, by=by))["items"]
    assert item["case_id"] == (closed if case else None)
    assert item["helped"] == TOLD["helped"]


async def test_an_operator_reads_none(api: AsyncClient) -> None:
    assert (await api.get("/api/practices", params={"by": "oscar"})).status_code == 403


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ({"cause": "delay"}, True),
        ({"cause": "late_works"}, False),
        ({"region": "north", "trade": "works"}, True),
        ({"region": "south"}, False),
    ],
)
async def test_a_search_keeps_to_what_was_asked(
    api: AsyncClient, closed: str, asked: dict[str, str], *, there: bool
) -> None:
    await share(api, closed)
    assert bool((await listed(api, **asked))["items"]) is there


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ({"words": "SAME day"}, True),
        ({"words": "plumber"}, False),
        ({"words": "same day", "cause": "delay", "region": "north"}, True),
        ({"words": "same day", "trade": "sales"}, False),
        ({"words": "same day", "limit": 1, "cursor": "0"}, False),
    ],
)
async def test_words_are_searched_for_by_post_because_they_may_be_a_name(
    api: AsyncClient, closed: str, asked: Json, *, there: bool
) -> None:
    await share(api, closed)
    found = await api.post("/api/practices/search", json=asked)
    assert bool(found.json()["items"]) is there


async def test_a_search_for_words_keeps_to_the_readers_rights(
    api: AsyncClient, closed: str
) -> None:
    await share(api, closed)
    asked = [
        await api.post("/api/practices/search", json={"words": "day", "by": by})
        for by in ("paul", "oscar")
    ]
    assert [answer.status_code for answer in asked] == [200, 403]
    assert asked[0].json()["items"][0]["case_id"] is None


async def test_no_address_of_practices_takes_words(api: AsyncClient) -> None:
    paths = (await api.get("/api/openapi.json")).json()["paths"]
    taken = {each["name"] for each in paths["/api/practices"]["get"]["parameters"]}
    assert taken == {"cause", "region", "trade", "limit", "cursor", "by"}


async def test_the_national_owner_changes_and_withdraws_it(api: AsyncClient, closed: str) -> None:
    practice = (await share(api, closed)).json()["id"]
    path = f"/api/practices/{practice}"

    changed = await api.put(path, json={"by": "nora", **TOLD, "title": "At last"})
    assert (changed.json()["title"], changed.json()["changed_by"]) == ("At last", "nora")
    gone = await api.delete(path, params={"by": "nora"})
    assert gone.json()["withdrawn_by"] == "nora"

    assert (await listed(api))["items"] == []
    late = await api.put(path, json={"by": "nora", **TOLD})
    assert (late.status_code, fault_of(late).rule) == (409, "withdrawn")


async def test_a_change_names_nobody_either(api: AsyncClient, closed: str) -> None:
    practice = (await share(api, closed)).json()["id"]
    body = {"by": "dora", **TOLD, "helped": "Odile was glad."}
    changed = await api.put(f"/api/practices/{practice}", json=body)
    assert fault_of(changed).place == "trace_name"


async def test_a_practice_nobody_knows_is_not_known(api: AsyncClient) -> None:
    assert (await api.delete("/api/practices/x", params={"by": "nora"})).status_code == 404
