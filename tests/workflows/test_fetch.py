"""A fetch as Temporal runs it: it waits as long as the activity says; a result that is lost is no harm."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from temporalio import activity
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from models.fetching import FetchEnd, FetchFate, FetchStart
from temporal_client import TASK_QUEUE, fetch_id
from tests.activities.survey_house import PATH, SurveyHouse, house_at
from tests.casework import Casework
from tests.surveys.surveymonkey_bodies import details
from tests.surveys.vendor import vendor_at_work
from tests.workflows.engine import server_with_short_histories, skipping_server
from worker import make_worker
from workflows.fetch import FetchWorkflow

pytestmark = pytest.mark.story

Run = WorkflowHandle[FetchWorkflow, FetchEnd]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def house(casework: Casework) -> AsyncIterator[SurveyHouse]:
    async with vendor_at_work() as vendor, house_at(casework, vendor) as house:
        vendor.answers[PATH] = details()
        await house.told()
        yield house


@pytest.fixture
async def env() -> AsyncIterator[WorkflowEnvironment]:
    async with await skipping_server() as env:
        yield env


async def started(house: SurveyHouse, env: WorkflowEnvironment) -> Run:
    fetch = (await house.fetch()).id
    return await env.client.start_workflow(
        FetchWorkflow.run, FetchStart(fetch), id=fetch_id(fetch), task_queue=TASK_QUEUE
    )


@pytest.mark.parametrize(
    ("mood", "wait"),
    [((429, "7200"), timedelta(hours=2)), ((401, ""), timedelta(minutes=10))],
)
async def test_it_is_tried_again_when_the_activity_says(
    house: SurveyHouse, mood: tuple[int, str], wait: timedelta
) -> None:
    house.vendor.moods = [mood]
    async with (
        await server_with_short_histories() as env,
        make_worker(env.client, house.fetching.fetch),
    ):
        run = await started(house, env)
        while not (pending := await _pending(run)) or pending.attempt == 1:
            await asyncio.sleep(0.02)

    assert pending.current_retry_interval.seconds == wait.total_seconds()
    assert len(house.vendor.calls) == 1


async def _pending(run: Run) -> PendingActivityInfo | None:
    """Its activity, between two tries."""
    activities = (await run.describe()).raw_description.pending_activities
    return activities[0] if activities else None


async def test_it_is_tried_until_it_is_had(house: SurveyHouse, env: WorkflowEnvironment) -> None:
    house.vendor.moods = [(500, ""), (404, ""), (503, "")]
    async with make_worker(env.client, house.fetching.fetch):
        assert await (await started(house, env)).result() == FetchEnd(FetchFate.FETCHED)

    assert len(house.vendor.calls) == 4


async def test_a_worker_that_dies_after_its_commit_leaves_one_answer(
    house: SurveyHouse, env: WorkflowEnvironment
) -> None:
    tries = []

    @activity.defn(name="fetch.answer")
    async def fetch(start: FetchStart) -> FetchEnd:
        end = await house.fetching.fetch(start)
        tries.append(end)
        if len(tries) == 1:
            raise ConnectionError("Nobody hears of it.")
        return end

    async with make_worker(env.client, fetch):
        assert await (await started(house, env)).result() == FetchEnd(FetchFate.FETCHED)

    assert len(tries) == 2
    assert len(house.vendor.calls) == 1
    assert len(await house.responses()) == 1
    assert [fate for fate, _ in await house.deliveries()] == ["understood", "understood"]


async def test_its_history_holds_ids_and_words_of_ours_only(
    house: SurveyHouse, env: WorkflowEnvironment
) -> None:
    house.vendor.moods = [(500, "")]
    async with make_worker(env.client, house.fetching.fetch):
        run = await started(house, env)
        await run.result()

    events = (await run.fetch_history()).events
    told = b"".join(event.SerializeToString() for event in events)
    assert (await house.fetch()).id.encode() in told
    assert [word for word in (b"renee", b"Personne", b"C-4711") if word in told] == []
