"""A case opened by hand: the way of a survey's answer, without a score, once per key."""

import pytest
from httpx2 import AsyncClient, Response
from sqlmodel import col, select

from models.by_hand import BY_HAND
from models.survey import Identity, Metric, Origin
from models.tables import CaseRow, DeliveryRow, KeyRow, ResponseRow
from tests.casework import UNHAPPY, Casework
from tests.databases import ENGINES
from tests.stories.callers import Json, Office
from tests.web.machines.firm import Firm

SAID: Json = {
    "by": "dora",
    "channel": "meeting",
    "words": "Nobody has come since Easter.",
    "customer": {"name": "Odile Kerverne", "phone": "06 39 98 12 34"},
    "region": "north",
    "trade": "works",
    "touchpoint": "Keys",
    "language": "fr",
}
NOBODY: Json = {"customer": {}}


async def tell(api: AsyncClient, key: str = "one", **changes: object) -> Response:
    return await api.post("/api/responses", json=SAID | changes, headers={"idempotency-key": key})


async def row_of(casework: Casework, answered: Response) -> ResponseRow:
    async with casework.database.read() as session:
        return await session.get_one(ResponseRow, answered.json()["response_id"])


@pytest.mark.parametrize("database_url", ENGINES, indirect=True)
async def test_it_opens_a_case_without_a_score(
    casework: Casework, api: AsyncClient, office: Office
) -> None:
    answered = await tell(api)

    case = await office.case(answered.json()["case_id"])
    [told] = case["responses"]
    assert (answered.status_code, answered.json()["joined"]) == (200, False)
    assert (told["metric"], told["score"], told["origin"]) == (None, None, "meeting")
    assert (told["comment"], told["heard_by"]) == (SAID["words"], "dora")
    assert case["customer"]["phone"] == "+33639981234"
    assert (case["region"], case["trade"], case["touchpoint"]) == ("north", "works", "keys")
    async with casework.database.read() as session:
        assert (await session.get_one(CaseRow, case["id"])).origin == Origin.MEETING


async def test_it_joins_the_case_that_the_customer_has(
    casework: Casework, api: AsyncClient
) -> None:
    state = await casework.open()

    answered = (await tell(api, customer={"id": "c-1"})).json()

    assert (answered["case_id"], answered["joined"]) == (state.case_id, True)


async def test_a_survey_joins_what_was_opened_by_hand(casework: Casework, api: AsyncClient) -> None:
    told = (await tell(api, customer={"id": "c-1"})).json()

    assert (await casework.hear(UNHAPPY)).case_id == told["case_id"]


async def test_of_a_customer_nobody_knows_each_has_a_case_of_its_own(api: AsyncClient) -> None:
    one, other = await tell(api, "one", **NOBODY), await tell(api, "other", **NOBODY)

    assert one.json()["case_id"]
    assert one.json()["case_id"] != other.json()["case_id"]


async def test_sent_twice_it_counts_once(casework: Casework, api: AsyncClient) -> None:
    first, again = await tell(api), await tell(api)

    assert again.json() == first.json()
    async with casework.database.read() as session:
        rows = (await session.exec(select(ResponseRow))).all()
    assert len(rows) == 1


@pytest.mark.parametrize(("changes", "status"), [({"words": "Else."}, 409), ({"by": "nora"}, 200)])
async def test_a_key_is_for_one_thing_of_one_person(
    api: AsyncClient, changes: Json, status: int
) -> None:
    await tell(api)
    assert (await tell(api, **changes)).status_code == status


async def test_what_was_sent_may_be_forgotten_and_sent_again(
    casework: Casework, api: AsyncClient
) -> None:
    first = await tell(api)
    async with casework.database.write() as session:
        [raw] = (await session.exec(select(DeliveryRow))).all()
        await session.delete(await session.get_one(KeyRow, raw.key_id))

    assert (await tell(api)).json() == first.json()


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"channel": "survey"}, "channel"),
        ({"words": "   "}, "words"),
        ({"region": "nord"}, "region"),
        ({"trade": "x"}, "trade"),
        ({"touchpoint": "x"}, "touchpoint"),
        ({"topic": "x"}, "topic"),
        ({"customer": {"phone": "call him"}}, "customer.phone"),
        ({"customer": {"email": "at home"}}, "customer.email"),
        ({"customer": {"zone": "at home"}}, "customer.zone"),
        ({"by": "somebody"}, "by"),
        ({"score": 2}, "score"),
    ],
)
async def test_what_cannot_be_right_is_refused_with_its_place(
    casework: Casework, api: AsyncClient, changes: Json, place: str
) -> None:
    refused = await tell(api, **changes)

    assert (refused.status_code, place in refused.text) == (422, True)
    async with casework.database.read() as session:
        assert (await session.exec(select(col(ResponseRow.id)))).all() == []


@pytest.mark.parametrize(
    ("person", "status"), [("paul", 200), ("eva", 200), ("denis", 200), ("oscar", 403)]
)
async def test_whoever_takes_cases_may_write_down_what_he_heard(
    api: AsyncClient, person: str, status: int
) -> None:
    assert (await tell(api, by=person)).status_code == status


async def test_it_stands_in_the_stream_of_feedback(api: AsyncClient, office: Office) -> None:
    await tell(api)

    [found] = (await office.get(f"feedback?source={BY_HAND}"))["items"]

    assert (found["status"], found["score"], found["heard_by"]) == ("case", None, "dora")
    assert (found["feeling"], found["origin"]) == ("unhappy", "meeting")


async def test_nobody_is_asked_again_with_the_question_of_a_survey_that_there_was_not(
    casework: Casework, api: AsyncClient
) -> None:
    await tell(api)
    async with casework.database.read() as session:
        [row] = (await session.exec(select(ResponseRow))).all()
    assert row.metric not in set(Metric)


async def test_the_workflow_starts_as_for_any_other(firm: Firm) -> None:
    answered = await tell(firm.http, customer={"id": Identity(id="c-9").id})
    case = answered.json()["case_id"]

    while (await firm.office.case(case))["state"] != "asked":
        pass

    assert (await firm.office.case(case))["owner"] == "dora"
