"""What lost deliveries left behind: found, kept once, told apart, and never dearer than it may be."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from models.backfill import BackfillAsked, PageAsked, PageEnd, Tally
from models.errors import NotFetched
from models.fetching import FetchStart
from models.mappings import ANY_SURVEY
from models.store.organisations import apply_organisation
from models.survey import Reason
from tests.activities.survey_house import SOURCE, SurveyHouse, house_at, with_source
from tests.casework import Casework
from tests.surveys import surveymonkey_bodies as bodies
from tests.surveys.surveymonkey_bodies import details
from tests.surveys.vendor import Vendor, vendor_at_work
from tests.web.pages.reception import SOON

BULK = f"/v3/surveys/{bodies.SURVEY}/responses/bulk"
FIRST = PageAsked(SOURCE, bodies.SURVEY, SOON - timedelta(days=200))
LATELY = dict.fromkeys(("date_created", "date_modified"), (SOON - timedelta(days=3)).isoformat())
SECOND = PageAsked(SOURCE, bodies.SURVEY, FIRST.since, "2")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def two_pages(query: Mapping[str, str]) -> object:
    ids = {"1": ("880001", "880002"), "2": ("880003",)}[query["page"]]
    links = {"next": "https://api.example/page/2"} if query["page"] == "1" else {}
    return {"data": [details(id=each, **LATELY) for each in ids], "links": links}


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with vendor_at_work() as vendor:
        vendor.answers[BULK] = two_pages
        yield vendor


@pytest.fixture
async def house(casework: Casework, vendor: Vendor) -> AsyncIterator[SurveyHouse]:
    async with house_at(casework, vendor) as house:
        yield house


async def test_each_survey_that_can_be_asked_is_asked(house: SurveyHouse) -> None:
    plan = await house.backfill.plan(BackfillAsked(SOON, since=FIRST.since))

    assert plan.pages == (FIRST,)
    assert (await house.backfill.plan(BackfillAsked(SOON, "another"))).pages == ()


async def test_a_night_reaches_back_over_nights_that_were_missed(house: SurveyHouse) -> None:
    [page] = (await house.backfill.plan(BackfillAsked(SOON))).pages

    assert page.since == SOON - timedelta(days=3)


async def test_without_a_token_nobody_is_asked(casework: Casework, vendor: Vendor) -> None:
    async with house_at(casework, vendor, token="") as house:
        assert (await house.backfill.plan(BackfillAsked(SOON))).pages == ()


async def test_what_was_lost_is_found_page_by_page_and_told_apart(house: SurveyHouse) -> None:
    first = await house.backfill.page(FIRST)
    second = await house.backfill.page(SECOND)

    assert (first, second) == (PageEnd(Tally(2, 2), "2"), PageEnd(Tally(1, 1)))
    assert first.following(FIRST) == SECOND
    assert second.following(SECOND) is None
    responses = await house.responses()
    assert [row.response_id for row in responses] == ["880001", "880002", "880003"]
    assert all(row.way == "backfilled" and row.case_id for row in responses)


async def test_nobody_is_called_back_for_what_he_answered_long_ago(house: SurveyHouse) -> None:
    house.vendor.answers[BULK] = lambda _: {"data": [details(id="880009")], "links": {}}
    await house.backfill.page(FIRST)

    [row] = await house.responses()
    assert (row.case_id, row.reason) == (None, Reason.TOO_OLD)


async def test_a_page_that_is_read_again_keeps_nothing(house: SurveyHouse) -> None:
    await house.backfill.page(FIRST)
    kept = await house.deliveries()

    assert await house.backfill.page(FIRST) == PageEnd(Tally(2), "2")

    assert await house.deliveries() == kept
    assert len(await house.responses()) == 2


async def test_what_came_by_its_delivery_stays_what_it_is(house: SurveyHouse) -> None:
    house.vendor.answers[f"/v3/surveys/{bodies.SURVEY}/responses/880001/details"] = details()
    await house.told()
    [fetch] = await house.fetches()
    await house.fetching.fetch(FetchStart(fetch.id))

    assert (await house.backfill.page(FIRST)).tally == Tally(2, 1)

    assert [row.way for row in await house.responses()] == ["fetched", "backfilled"]


async def test_what_is_not_understood_lies_in_quarantine_once(house: SurveyHouse) -> None:
    house.vendor.answers[BULK] = {"data": [details(pages=[]), details(id="880002")]}

    nights = [(await house.backfill.page(FIRST)).tally for _ in "123"]

    assert nights == [Tally(2, 1, 1), Tally(2), Tally(2)]
    assert sorted(fate for fate, _ in await house.deliveries()) == ["quarantined", "understood"]


async def test_previews_and_what_has_no_score_yet_are_passed_over(house: SurveyHouse) -> None:
    preview = details(collection_mode="preview")
    begun = details(id="880002", response_status="partial", pages=[])
    house.vendor.answers[BULK] = {"data": [preview, begun]}

    assert (await house.backfill.page(FIRST)).tally == Tally(2)
    assert await house.deliveries() == []


async def test_half_of_a_days_budget_is_left_to_what_is_pointed_at(
    casework: Casework, vendor: Vendor
) -> None:
    async with house_at(casework, vendor, per_day=4) as house:
        pages = [await house.backfill.page(FIRST) for _ in "123"]

        assert [page.problem for page in pages] == [None, None, "budget"]
        assert len(vendor.calls) == 2


@pytest.mark.parametrize(
    ("mood", "problem"),
    [((401, ""), "token_refused"), ((404, ""), "not_readable"), ((400, ""), "request_refused")],
)
async def test_a_survey_that_cannot_be_read_says_why(
    house: SurveyHouse, mood: tuple[int, str], problem: str
) -> None:
    house.vendor.moods = [mood]

    assert await house.backfill.page(FIRST) == PageEnd(problem=problem)


async def test_a_vendor_that_is_busy_for_a_moment_is_waited_for(house: SurveyHouse) -> None:
    house.vendor.moods = [(429, "30")]

    with pytest.raises(NotFetched) as fault:
        await house.backfill.page(FIRST)

    assert fault.value.wait == timedelta(seconds=30)


async def test_a_vendor_that_is_busy_for_hours_is_left_for_another_day(house: SurveyHouse) -> None:
    house.vendor.moods = [(429, "7200")]

    assert (await house.backfill.page(FIRST)).problem == "busy"


EVERY = replace(FIRST, survey=ANY_SURVEY)


async def of_any_survey(house: SurveyHouse, vendor: Vendor) -> None:
    """The mapping that named one names none any more."""
    text = with_source(vendor).replace(f'id: "{bodies.SURVEY}"', f'id: "{ANY_SURVEY}"')
    await apply_organisation(house.database, text, name="any.yaml", at=SOON)


async def test_a_source_of_any_survey_asks_for_their_list(
    house: SurveyHouse, vendor: Vendor
) -> None:
    await of_any_survey(house, vendor)
    lists = {"1": ([bodies.SURVEY, "510002"], {"next": "more"}), "2": (["510002", ""], {})}

    def listed(query: Mapping[str, str]) -> object:
        ids, links = lists[query["page"]]
        return {"data": [{"id": each} for each in ids], "links": links}

    vendor.answers["/v3/surveys"] = listed

    assert (await house.backfill.plan(BackfillAsked(SOON, since=FIRST.since))).pages == (EVERY,)
    first = await house.backfill.page(EVERY)
    second = await house.backfill.page(replace(EVERY, after=first.after))

    assert (first.surveys, first.after) == ((bodies.SURVEY, "510002"), "2")
    assert (second.surveys, second.after) == (("510002",), None)
    assert first.opened(EVERY) == (FIRST, replace(FIRST, survey="510002"))


async def test_a_survey_that_has_a_mapping_of_its_own_is_not_asked_about_twice(
    house: SurveyHouse, vendor: Vendor
) -> None:
    vendor.answers["/v3/surveys"] = {"data": [{"id": bodies.SURVEY}, {"id": "510002"}]}

    assert (await house.backfill.page(EVERY)).surveys == ("510002",)


async def test_a_list_that_cannot_be_read_says_why(house: SurveyHouse, vendor: Vendor) -> None:
    vendor.moods = [(401, "")]

    assert await house.backfill.page(EVERY) == PageEnd(problem="token_refused")
