"""One answer that is asked for: had once, waited for, given up, and never asked for more than is allowed."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from models.errors import NotFetched
from models.fetching import FetchEnd, FetchFate, FetchStart
from models.store.deliveries import Delivery, DeliveryFate
from models.store.intake import Intake
from models.store.quarantine import Quarantine
from models.submissions import Pointer, Progress
from models.survey import Withdrawal
from models.tables import DeliveryRow
from surveys.adapters import hear_kept
from tests.activities.survey_house import PATH, SOURCE, SurveyHouse, house_at
from tests.casework import Casework
from tests.databases import ENGINES
from tests.surveys import surveymonkey_bodies as bodies
from tests.surveys.surveymonkey_bodies import details
from tests.surveys.vendor import TOKEN, Vendor, vendor_at_work

HOUR = timedelta(hours=1)


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """On SQLite, unless a test asks for both engines."""
    engine = getattr(request, "param", "sqlite")
    return str(request.getfixturevalue(f"{engine}_url"))


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with vendor_at_work() as vendor:
        vendor.answers[PATH] = details()
        yield vendor


@pytest.fixture
async def house(casework: Casework, vendor: Vendor) -> AsyncIterator[SurveyHouse]:
    async with house_at(casework, vendor) as house:
        yield house


async def fetched(house: SurveyHouse, number: int = 0) -> FetchFate:
    fetch = (await house.fetches())[number]
    return (await house.fetching.fetch(FetchStart(fetch.id))).fate


async def put_off(house: SurveyHouse) -> timedelta:
    """For how long; the row says the same."""
    with pytest.raises(NotFetched) as fault:
        await fetched(house)
    assert fault.value.wait is not None
    assert (await house.fetch()).not_before == house.clock() + fault.value.wait
    return fault.value.wait


@pytest.mark.parametrize("database_url", ENGINES, indirect=True)
async def test_what_was_pointed_at_is_asked_for_and_has_a_case(house: SurveyHouse) -> None:
    taken = await house.told()
    assert taken.fate is DeliveryFate.TO_FETCH

    assert await fetched(house) is FetchFate.FETCHED

    [response] = await house.responses()
    assert house.vendor.calls == [f"GET {PATH}?simple=true"]
    assert (response.source, response.response_id) == (SOURCE, bodies.RESPONSE)
    assert (response.score, response.survey_id) == (2, bodies.SURVEY)
    assert response.case_id is not None
    assert await house.deliveries() == [("understood", None), ("understood", None)]


async def test_what_told_of_the_answer_belongs_to_its_customer(house: SurveyHouse) -> None:
    await house.told()
    await fetched(house)

    [response] = await house.responses()
    async with house.database.read() as session:
        told = await session.get_one(DeliveryRow, (await house.fetch()).delivery_id)
    assert (told.response_row, told.customer_id) == (response.id, response.customer_id)


async def test_an_activity_that_runs_again_asks_nobody_and_keeps_nothing(
    house: SurveyHouse,
) -> None:
    await house.told()
    await fetched(house)

    assert await fetched(house) is FetchFate.FETCHED

    assert len(house.vendor.calls) == 1
    assert len(await house.deliveries()) == 2


@pytest.mark.parametrize("database_url", ENGINES, indirect=True)
async def test_two_that_run_at_once_keep_one_answer(house: SurveyHouse) -> None:
    await house.told()
    start = FetchStart((await house.fetch()).id)

    ends = await asyncio.gather(*(house.fetching.fetch(start) for _ in "123"))

    assert ends == [FetchEnd(FetchFate.FETCHED)] * 3
    assert len(await house.responses()) == 1
    assert len(await house.deliveries()) == 2


@pytest.mark.parametrize("database_url", ENGINES, indirect=True)
async def test_an_event_that_comes_again_asks_for_nothing(house: SurveyHouse) -> None:
    await house.told()
    assert (await house.told()).fate is DeliveryFate.REPEAT
    await fetched(house)
    assert (await house.told()).fate is DeliveryFate.REPEAT

    assert len(await house.fetches()) == 1
    assert [fate for fate, _ in await house.deliveries()] == [
        "understood",
        "repeat",
        "understood",
        "repeat",
    ]


async def test_events_that_wait_for_the_same_answer_have_it_by_one_call(house: SurveyHouse) -> None:
    await house.told(progress=Progress.PARTIAL)
    await house.told()

    await fetched(house, 1)
    await fetched(house, 0)

    assert {row.fate for row in await house.fetches()} == {FetchFate.FETCHED}
    assert len(house.vendor.calls) == 1


async def test_a_later_event_is_asked_for_anew(house: SurveyHouse) -> None:
    await house.told()
    await fetched(house)
    await house.told(progress=Progress.UPDATED, at=house.clock())

    await fetched(house, 1)

    assert len(house.vendor.calls) == 2


async def test_what_comes_while_we_ask_is_not_taken_for_answered(house: SurveyHouse) -> None:
    """The vendor may have answered before it changed."""
    await house.told()
    coming: list[asyncio.Task[object]] = []
    house.vendor.told = lambda: coming.append(
        asyncio.ensure_future(house.told(progress=Progress.UPDATED, at=house.clock()))
    )
    await fetched(house)
    house.vendor.told = lambda: None
    await asyncio.gather(*coming)

    assert [row.fate for row in await house.fetches()] == [FetchFate.FETCHED, FetchFate.WAITING]


async def test_what_is_not_readable_yet_is_asked_for_again(house: SurveyHouse) -> None:
    house.vendor.moods = [(404, ""), (404, "")]
    await house.told()

    pauses = []
    for _ in "12":
        pauses.append(await put_off(house))
        house.clock.now += pauses[-1]

    assert await fetched(house) is FetchFate.FETCHED
    assert pauses == [timedelta(seconds=5), timedelta(seconds=5)]


async def test_what_never_becomes_readable_is_given_up_and_lies_in_quarantine(
    house: SurveyHouse,
) -> None:
    del house.vendor.answers[PATH]
    await house.told()
    begun = house.clock()
    while (await house.fetch()).fate == FetchFate.WAITING:
        try:
            await fetched(house)
        except NotFetched as fault:
            house.clock.now += fault.wait or HOUR

    row = await house.fetch()
    assert (row.fate, row.problem) == (FetchFate.GIVEN_UP, "not_readable")
    assert 6 * HOUR <= house.clock() - begun <= 8 * HOUR
    assert len(house.vendor.calls) < 25
    assert await house.deliveries() == [("quarantined", "not_readable")]


async def test_what_was_given_up_is_asked_for_again_when_it_is_told_again(
    house: SurveyHouse,
) -> None:
    house.vendor.moods = [(400, "")]
    await house.told()
    assert await fetched(house) is FetchFate.GIVEN_UP
    assert await house.deliveries() == [("quarantined", "request_refused")]

    assert (await house.told()).fate is DeliveryFate.TO_FETCH
    assert await fetched(house) is FetchFate.FETCHED


async def test_what_was_given_up_is_asked_for_again_when_it_is_replayed(house: SurveyHouse) -> None:
    house.vendor.moods = [(400, "")]
    delivery = Delivery(SOURCE, bodies.event(), house.clock())
    intake = Intake(house.database.vault, house.casework.book)
    async with house.database.write() as session:
        await intake.keep_pointer(session, delivery, Pointer(bodies.RESPONSE, bodies.SURVEY))
    await fetched(house)
    fetch = await house.fetch()

    quarantine = Quarantine(house.database, house.casework.book, intake, hear_kept)
    assert (await quarantine.replay(fetch.delivery_id)).fate is DeliveryFate.TO_FETCH

    assert await fetched(house, -1) is FetchFate.FETCHED
    assert [fate for fate, _ in await house.deliveries()] == ["understood", "understood"]


async def test_a_vendor_that_asks_for_patience_has_it_from_all(house: SurveyHouse) -> None:
    house.vendor.moods = [(429, "120")]
    await house.told()
    await house.told("880002")

    assert await put_off_first(house) == timedelta(seconds=120)
    assert await put_off_first(house, 1) == timedelta(seconds=120)

    assert len(house.vendor.calls) == 1
    house.clock.now += timedelta(seconds=120)
    assert await fetched(house) is FetchFate.FETCHED


async def put_off_first(house: SurveyHouse, number: int = 0) -> timedelta | None:
    with pytest.raises(NotFetched) as fault:
        await fetched(house, number)
    return fault.value.wait


async def test_an_expired_token_is_not_tried_hot_and_picked_up_once_it_is_mended(
    house: SurveyHouse,
) -> None:
    house.vendor.token = "another"
    await house.told()

    wait = await put_off(house)
    assert wait == timedelta(minutes=10)
    house.clock.now += wait / 2
    await put_off(house)
    assert len(house.vendor.calls) == 1
    assert ((await house.gate()).trouble, (await house.fetch()).problem) == (
        "token_refused",
        "token_refused",
    )

    house.vendor.token = TOKEN
    house.clock.now += wait / 2
    assert await fetched(house) is FetchFate.FETCHED
    assert (await house.gate()).trouble is None


async def test_what_is_forbidden_to_the_token_holds_up_no_other(house: SurveyHouse) -> None:
    house.vendor.moods = [(403, "")]
    await house.told()
    await house.told("880002")
    house.vendor.answers[PATH.replace(bodies.RESPONSE, "880002")] = details(id="880002")

    assert await put_off_first(house) == timedelta(minutes=10)
    assert (await house.fetches())[0].problem == "forbidden"
    assert await fetched(house, 1) is FetchFate.FETCHED


async def test_without_a_token_nobody_is_asked(casework: Casework, vendor: Vendor) -> None:
    async with house_at(casework, vendor, token="") as house:
        await house.told()

        await put_off(house)

        assert vendor.calls == []
        assert (await house.gate()).trouble == "no_token"


@pytest.mark.parametrize("mood", [(500, ""), (502, ""), (302, "")])
async def test_a_vendor_that_is_away_is_tried_more_and_more_seldom(
    house: SurveyHouse, mood: tuple[int, str]
) -> None:
    house.vendor.moods = [mood] * 3
    await house.told()

    pauses = [await put_off(house) for _ in "123"]

    assert pauses == [timedelta(seconds=seconds) for seconds in (5, 10, 20)]


async def test_nobody_at_that_address_is_a_vendor_that_is_away(
    casework: Casework, vendor: Vendor
) -> None:
    host, vendor.host = vendor.host, "127.0.0.1:9"
    async with house_at(casework, vendor) as house:
        vendor.host = host
        await house.told()

        assert await put_off(house) == timedelta(seconds=5)
        assert (await house.fetch()).problem == "away"


async def test_an_answer_that_is_no_json_is_waited_for(house: SurveyHouse) -> None:
    house.vendor.moods = [(200, "")]
    await house.told()

    await put_off(house)

    assert await fetched(house) is FetchFate.FETCHED


async def test_an_answer_of_another_response_is_not_taken(house: SurveyHouse) -> None:
    house.vendor.answers[PATH] = details(id="880009")
    await house.told()

    await put_off(house)

    assert await house.responses() == []


@pytest.mark.parametrize("database_url", ENGINES, indirect=True)
async def test_the_budget_of_a_day_holds_for_all_workers(
    casework: Casework, vendor: Vendor
) -> None:
    async with house_at(casework, vendor, per_day=3) as house:
        ids = [str(880010 + n) for n in range(5)]
        for each in ids:
            vendor.answers[PATH.replace(bodies.RESPONSE, each)] = details(id=each)
            await house.told(each)
        starts = [FetchStart(row.id) for row in await house.fetches()]

        ends = await asyncio.gather(
            *(house.fetching.fetch(start) for start in starts), return_exceptions=True
        )

        refused = [end for end in ends if isinstance(end, NotFetched)]
        assert len(vendor.calls) == len(ends) - len(refused) == 3
        tomorrow = house.clock().replace(hour=0, minute=0, second=0) + timedelta(days=1)
        assert {house.clock() + (end.wait or HOUR) for end in refused} == {tomorrow}
        house.clock.now = tomorrow
        assert {(await house.fetching.fetch(start)).fate for start in starts} == {FetchFate.FETCHED}


async def test_the_rate_of_a_minute_is_kept(casework: Casework, vendor: Vendor) -> None:
    async with house_at(casework, vendor, per_minute=1) as house:
        await house.told()
        await fetched(house)
        await house.told(progress=Progress.UPDATED)

        wait = await put_off_first(house, 1)

        assert wait is not None
        assert (house.clock() + wait).second == 0
        assert timedelta() < wait <= timedelta(minutes=1)


async def take_back(house: SurveyHouse) -> None:
    delivery = Delivery(SOURCE, b'{"event": 2}', house.clock())
    intake = Intake(house.database.vault, house.casework.book)
    async with house.database.write() as session:
        await intake.withdraw(session, delivery, Withdrawal(bodies.RESPONSE, bodies.SURVEY))


async def test_what_was_taken_back_meanwhile_is_not_asked_for(house: SurveyHouse) -> None:
    await house.told()
    await take_back(house)

    assert await fetched(house) is FetchFate.GONE
    assert house.vendor.calls == []
    assert [fate for fate, _ in await house.deliveries()] == ["withdrawn", "withdrawn"]


async def test_what_is_told_of_after_it_was_taken_back_is_not_waited_for(
    house: SurveyHouse,
) -> None:
    """Events come in any order, and the vendor has deleted it."""
    del house.vendor.answers[PATH]
    await take_back(house)
    await house.told()

    assert await fetched(house) is FetchFate.GONE
    assert (await house.fetch()).fate == FetchFate.GONE


async def test_an_answer_that_had_changed_is_told_to_its_case(house: SurveyHouse) -> None:
    await house.told()
    await fetched(house)
    answer = [{"choice_id": "1", "choice_metadata": {"weight": "0"}}]
    house.vendor.answers[PATH] = details(
        pages=[{"questions": [{"id": bodies.SCORE, "answers": answer}]}],
        date_modified="2026-11-22T08:00:00+00:00",
    )
    await house.told(progress=Progress.UPDATED)
    await fetched(house, 1)

    [response] = await house.responses()
    assert (response.score, response.revision) == (0, 2)


async def test_an_answer_whose_mapping_finds_no_score_lies_in_quarantine(
    house: SurveyHouse,
) -> None:
    house.vendor.answers[PATH] = details(pages=[])
    await house.told()

    assert await fetched(house) is FetchFate.FETCHED

    assert await house.deliveries() == [("fetched", None), ("quarantined", bodies.SCORE)]


async def test_a_preview_is_kept_and_opens_nothing(house: SurveyHouse) -> None:
    house.vendor.answers[PATH] = details(collection_mode="preview")
    await house.told()

    await fetched(house)

    assert await house.responses() == []
    assert [fate for fate, _ in await house.deliveries()] == ["preview", "preview"]
