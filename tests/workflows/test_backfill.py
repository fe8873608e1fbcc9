"""A backfill as Temporal runs it: page after page, whatever dies, and by itself every night."""

import asyncio
from collections.abc import AsyncIterator, Mapping

import pytest
from temporalio import activity
from temporalio.testing import WorkflowEnvironment

from models.backfill import (
    BackfillAsked,
    BackfillEnd,
    BackfillPlan,
    BackfillStart,
    PageAsked,
    PageEnd,
    Tally,
)
from models.mappings import ANY_SURVEY
from schedules import BACKFILL, put_backfill
from temporal_client import TASK_QUEUE
from tests.activities.survey_house import SOURCE, SurveyHouse, house_at
from tests.casework import Casework
from tests.surveys import surveymonkey_bodies as bodies
from tests.surveys.surveymonkey_bodies import details
from tests.surveys.vendor import vendor_at_work
from tests.workflows.engine import server_with_short_histories, skipping_server
from worker import make_worker
from workflows.backfill import BackfillWorkflow

pytestmark = pytest.mark.story

PAGES = 12
BULK = f"/v3/surveys/{bodies.SURVEY}/responses/bulk"
WHOLE = BackfillEnd(Tally(PAGES, PAGES))


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def one_a_page(query: Mapping[str, str]) -> object:
    number = int(query["page"])
    links = {"next": "more"} if number < PAGES else {}
    return {"data": [details(id=str(880000 + number))], "links": links}


@pytest.fixture
async def house(casework: Casework) -> AsyncIterator[SurveyHouse]:
    async with vendor_at_work() as vendor, house_at(casework, vendor) as house:
        vendor.answers[BULK] = one_a_page
        yield house


@pytest.fixture
async def env() -> AsyncIterator[WorkflowEnvironment]:
    async with await skipping_server() as env:
        yield env


async def ended(env: WorkflowEnvironment) -> BackfillEnd:
    return await env.client.execute_workflow(
        BackfillWorkflow.run, BackfillStart(SOURCE), id="backfill/keys", task_queue=TASK_QUEUE
    )


async def test_all_pages_are_read(house: SurveyHouse, env: WorkflowEnvironment) -> None:
    async with make_worker(env.client, house.backfill.plan, house.backfill.page):
        assert await ended(env) == WHOLE

    assert len(await house.responses()) == PAGES


async def test_a_worker_that_dies_after_a_page_leaves_nothing_twice(
    house: SurveyHouse, env: WorkflowEnvironment
) -> None:
    tries = []

    @activity.defn(name="backfill.page")
    async def page(asked: PageAsked) -> PageEnd:
        end = await house.backfill.page(asked)
        tries.append(asked)
        if tries.count(asked) == 1:
            raise ConnectionError("Nobody hears of it.")
        return end

    async with make_worker(env.client, house.backfill.plan, page):
        end = await ended(env)

    assert end == BackfillEnd(Tally(PAGES))
    assert len(tries) == 2 * PAGES
    assert len(await house.responses()) == len(await house.deliveries()) == PAGES


async def test_a_survey_that_cannot_be_read_is_named(
    house: SurveyHouse, env: WorkflowEnvironment
) -> None:
    house.vendor.token = "another"
    async with make_worker(env.client, house.backfill.plan, house.backfill.page):
        end = await ended(env)

    assert end == BackfillEnd(problems=(f"{SOURCE}/{bodies.SURVEY}: token_refused",))


async def test_a_long_one_goes_on_in_another_run(house: SurveyHouse) -> None:
    async with (
        await server_with_short_histories() as env,
        make_worker(env.client, house.backfill.plan, house.backfill.page),
    ):
        end = await ended(env)
        run = env.client.get_workflow_handle("backfill/keys")
        first = (await run.fetch_history()).events[0]

    assert end == WHOLE
    assert first.workflow_execution_started_event_attributes.continued_execution_run_id


async def test_workers_that_start_at_once_make_one_schedule_of_the_night() -> None:
    async with await server_with_short_histories() as env:
        await asyncio.gather(*(put_backfill(env.client, "Europe/Paris") for _ in "123"))
        spec = (await env.client.get_schedule_handle(BACKFILL).describe()).schedule.spec

    assert spec.time_zone_name == "Europe/Paris"
    assert [hours.start for calendar in spec.calendars for hours in calendar.hour] == [3]


async def test_the_surveys_of_a_list_are_read_after_it(env: WorkflowEnvironment) -> None:
    asked: list[tuple[str, str | None]] = []

    @activity.defn(name="backfill.plan")
    async def plan(asked: BackfillAsked) -> BackfillPlan:
        return BackfillPlan((PageAsked(SOURCE, ANY_SURVEY, asked.at),))

    @activity.defn(name="backfill.page")
    async def page(page: PageAsked) -> PageEnd:
        asked.append((page.survey, page.after))
        if page.survey != ANY_SURVEY:
            return PageEnd(Tally(1, 1))
        return PageEnd(surveys=("52", "53")) if page.after else PageEnd(after="2", surveys=("51",))

    async with make_worker(env.client, plan, page):
        assert await ended(env) == BackfillEnd(Tally(3, 3))

    assert asked == [
        (ANY_SURVEY, None),
        (ANY_SURVEY, "2"),
        ("51", None),
        ("52", None),
        ("53", None),
    ]
