"""What a trusted server reads: cases page by page, one case whole, what became of a response."""

from dataclasses import replace
from datetime import timedelta

import pytest
from httpx2 import AsyncClient

from models.actions import Acknowledge, Close, HandOver, Outcome
from models.survey import Identity
from tests.casework import MONDAY_MORNING, UNHAPPY, Casework, another
from tests.databases import ENGINES
from tests.stories.callers import Json, Office

pytestmark = pytest.mark.parametrize("database_url", ENGINES, indirect=True)


async def opened(casework: Casework, name: str, **changes: object) -> str:
    """The case of another customer."""
    response = another(f"response-{name}", customer=Identity(id=name), **changes)
    return (await casework.open(response)).case_id


async def pages(office: Office, path: str, *, limit: int) -> list[Json]:
    """All items, one page after the other."""
    page = await office.get(f"{path}?limit={limit}")
    items = list(page["items"])
    while page["next"]:
        page = await office.get(f"{path}?limit={limit}&cursor={page['next']}")
        items += page["items"]
    return items


@pytest.mark.parametrize("limit", [2, 5, 6])
async def test_pages_show_each_case_once_the_newest_first(
    casework: Casework, office: Office, limit: int
) -> None:
    known = [await opened(casework, str(n)) for n in range(5)]

    seen = [item["id"] for item in await pages(office, "cases", limit=limit)]

    assert seen == known[::-1]


async def test_what_arrives_while_one_turns_the_pages_moves_nothing(
    casework: Casework, office: Office
) -> None:
    known = [await opened(casework, str(n)) for n in range(5)]
    page = await office.get("cases?limit=2")
    seen = [item["id"] for item in page["items"]]
    while page["next"]:
        await opened(casework, f"late-{len(seen)}")
        page = await office.get(f"cases?limit=2&cursor={page['next']}")
        seen += [item["id"] for item in page["items"]]

    assert seen == known[::-1]


async def test_where_nothing_is_there_is_one_empty_page(office: Office) -> None:
    assert await office.get("cases") == {"items": [], "next": None}
    assert await office.get("outbox") == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("open=true", ["south", "given"]),
        ("open=false", ["closed"]),
        ("owner=dora", ["closed"]),
        ("owner=paul", ["given"]),
        ("owner=somebody", []),
        ("region=south", ["south"]),
        ("region=north&open=true", ["given"]),
        ("state=asked", ["south", "given"]),
        ("state=closed", ["closed"]),
        ("state=asked&owner=nora", ["south"]),
    ],
)
async def test_cases_are_found_by(
    casework: Casework, office: Office, query: str, expected: list[str]
) -> None:
    names = {}
    gone = await casework.open(another("r-1", customer=Identity(id="closed")))
    names[gone.case_id] = "closed"
    await casework.act(gone, Close(Outcome.WITHDRAWN), MONDAY_MORNING)
    given = await casework.open(another("r-2", customer=Identity(id="given")))
    names[given.case_id] = "given"
    await casework.act(given, HandOver("paul"), MONDAY_MORNING)
    names[await opened(casework, "south", region="south")] = "south"

    found = (await office.get(f"cases?{query}"))["items"]

    assert [names[item["id"]] for item in found] == expected


async def test_a_line_holds_no_personal_data(casework: Casework, api: AsyncClient) -> None:
    await casework.open()

    text = (await api.get("/api/cases")).text

    assert not [word for word in ("Kerverne", "33639981234", "Nobody calls") if word in text]


async def test_a_case_is_read_whole(casework: Casework, office: Office) -> None:
    state = await casework.open(replace(UNHAPPY, facts={"lot": "B 204"}))
    await casework.act(state, Acknowledge(), MONDAY_MORNING + timedelta(minutes=5))

    case = await office.case(state.case_id)

    assert (case["state"], case["owner"], case["level"]) == ("acknowledged", "dora", 0)
    assert case["customer"]["name"] == "Odile Kerverne"
    assert case["responses"][0]["comment"] == "Nobody calls back."
    assert case["responses"][0]["facts"] == {"lot": "B 204"}
    assert [entry["kind"] for entry in case["timeline"]][:2] == ["heard", "assigned"]
    assert case["due_at"] == case["due"][0]["at"]
    assert case["messages"][0]["message"] == "ask"


async def test_a_case_that_no_worker_has_opened_yet_is_there(
    casework: Casework, office: Office
) -> None:
    taken = await casework.hear()

    case = await office.case(taken.case_id or "")

    assert (case["state"], case["owner"], case["timeline"]) == ("heard", None, [])


async def test_an_answer_leads_to_its_case(casework: Casework, office: Office) -> None:
    first, second = await casework.hear(), await casework.hear(another("r-2"))

    found = [await office.get(f"responses/survey/{name}") for name in ("r-1", "r-2")]

    assert [f["case_id"] for f in found] == [first.case_id] * 2
    assert [f["joined"] for f in found] == [False, True]
    assert [f["response_id"] for f in found] == [first.response_id, second.response_id]


async def test_an_answer_that_opened_nothing_has_its_reason(
    casework: Casework, office: Office
) -> None:
    await casework.hear(another("r-9", score=10))

    found = await office.get("responses/survey/r-9")

    assert (found["case_id"], found["reason"]) == (None, "promoter")


async def test_an_answer_is_found_by_any_id_that_its_system_gives(
    casework: Casework, office: Office
) -> None:
    await casework.hear(another("2027/03 é?"))

    found = await office.get("responses/survey/2027%2F03%20%C3%A9%3F")

    assert found["case_id"]


async def test_the_stalled_cases_are_listed_apart(casework: Casework, office: Office) -> None:
    moving = await opened(casework, "moving")
    state = await casework.open(another("response-silent", customer=Identity(id="silent")))
    while not state.stalled_since:
        state = await casework.stay_silent(state)

    [stalled] = (await office.get("cases?stalled=true"))["items"]
    [other] = (await office.get("cases?stalled=false"))["items"]

    assert (stalled["id"], other["id"]) == (state.case_id, moving)
    assert stalled["stalled_since"] is not None
    assert other["stalled_since"] is None
    assert (await office.get(f"cases/{state.case_id}"))["stalled_since"] == stalled["stalled_since"]
