"""The weekly letter on a real server: its schedule is there once, and no week is told twice."""

import asyncio
from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

import pytest
from temporalio.client import Client, Schedule, ScheduleState

from models.clock import real_clock
from models.digest import DigestEnd, week_before
from schedules import WEEKLY_LETTER, put_weekly_letter, weekly_letter
from tests.stories.asking import is_asked
from tests.stories.callers import NATIONAL, unhappy
from tests.stories.household import Household, eventually
from tests.workflows.engine import server_with_short_histories
from tests.workflows.scribe import Scribe, scribe_at_work, started_by_schedule

pytestmark = pytest.mark.story

PARIS = "Europe/Paris"


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with await server_with_short_histories() as env:
        yield env.client


async def kept(client: Client) -> Schedule:
    return (await client.get_schedule_handle(WEEKLY_LETTER).describe()).schedule


async def test_workers_that_start_at_once_make_one_schedule(client: Client) -> None:
    await asyncio.gather(*(put_weekly_letter(client, PARIS) for _ in range(4)))

    schedules = [each.id async for each in await client.list_schedules()]
    handle = client.get_schedule_handle(WEEKLY_LETTER)
    due = (await handle.describe()).info.next_action_times[0].astimezone(ZoneInfo(PARIS))
    assert set(schedules) <= {WEEKLY_LETTER}
    assert (due.isoweekday(), due.hour, due.minute) == (1, 7, 0)


async def test_a_head_office_that_moves_takes_its_monday_along(client: Client) -> None:
    await put_weekly_letter(client, PARIS)
    await put_weekly_letter(client, "America/Martinique")

    assert (await kept(client)).spec == weekly_letter("America/Martinique").spec


async def test_a_pause_outlives_the_start_of_a_worker(client: Client) -> None:
    await put_weekly_letter(client, PARIS)
    await client.get_schedule_handle(WEEKLY_LETTER).pause(note="August")

    for zone in (PARIS, "America/Martinique"):
        await put_weekly_letter(client, zone)

    assert (await kept(client)).state == ScheduleState(note="August", paused=True)


async def test_a_run_knows_when_it_was_due(client: Client) -> None:
    scribe = Scribe()
    async with scribe_at_work(client, scribe):
        run = await started_by_schedule(client)
        assert await run.result() == DigestEnd(str(last_week()), written=2, empty=1)

    [asked] = scribe.asked
    assert run.id.endswith(f"{asked.due_at:%Y-%m-%dT%H:%M:%SZ}")


async def test_two_runs_send_each_reader_one_letter(household: Household) -> None:
    """The second one by hand, as after a Monday of which nobody knows whether it was told."""
    await household.up()
    case = str((await household.survey.deliver(unhappy("dubois")))["case_id"])
    await eventually(lambda: is_asked(household, case))
    client = await household.temporal()
    await eventually(lambda: is_scheduled(client))
    run = await started_by_schedule(client)
    first = await run.result()

    await household.rappel("letter", "--week", first.week).finish()

    assert (first.written, first.failed) == (len(letters(household)), 0)
    assert f"0 written, {first.written} were written before" in logged(household)
    assert f"digest:{first.week}:{NATIONAL}" in letters(household)


def letters(household: Household) -> list[object]:
    rows = household.select("SELECT id FROM intents WHERE id LIKE 'digest:%' ORDER BY id")
    return [intent for (intent,) in rows]


def logged(household: Household) -> str:
    return (household.folder / "letter.log").read_text()


async def is_scheduled(client: Client) -> bool:
    schedules = [each.id async for each in await client.list_schedules()]
    return WEEKLY_LETTER in schedules


def last_week() -> object:
    return week_before(real_clock(), ZoneInfo("UTC"))
