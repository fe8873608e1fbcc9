"""The audit's schedule, and the nudge that it gives to a case which it finds late."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

from activities.case_runs import NUDGE, PAST_AUDITS, RUNNING, CaseRuns
from models.audit import EVERY, AuditEnd
from models.clock import real_clock
from models.timeline import EntryKind
from schedules import AUDIT, put_audit
from tests.models.rehearsal import HOUR
from tests.workflows.auditor import audit_by_schedule, auditor_at_work
from tests.workflows.engine import Desk, server_with_short_histories
from workflows.audit import AuditWorkflow
from workflows.callback import CallbackWorkflow

pytestmark = pytest.mark.story

TIMER = EventType.EVENT_TYPE_TIMER_STARTED


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with await server_with_short_histories() as env:
        yield env.client


async def until_armed(desk: Desk, *, times: int) -> None:
    """A commit is told before the workflow hears of it and sets its timer."""
    while await desk.count_events(TIMER) < times:
        await asyncio.sleep(0.02)


async def test_a_nudge_sets_the_timer_anew_and_nothing_else(desk: Desk) -> None:
    await desk.open()
    await until_armed(desk, times=1)
    before = desk.state

    await desk.nudge()
    await until_armed(desk, times=2)

    assert desk.state == before
    await desk.env.sleep(2 * HOUR)
    await desk.ledger.until_told(EntryKind.REMINDED)
    assert desk.ledger.told().count(EntryKind.REMINDED) == 1


async def test_a_case_that_is_not_nudged_keeps_its_one_timer(desk: Desk) -> None:
    await desk.open()
    await desk.happy(acts=1)

    assert await desk.count_events(TIMER) == 1


def test_the_audit_names_the_workflow_and_its_signal_as_they_are_named() -> None:
    assert CallbackWorkflow.nudge.__name__ == NUDGE
    assert f"'{CallbackWorkflow.__name__}'" in RUNNING
    assert f"'{AuditWorkflow.__name__}'" in PAST_AUDITS


async def test_workers_that_start_at_once_make_one_schedule_which_runs_at_once(
    client: Client,
) -> None:
    async with auditor_at_work(client):
        await asyncio.gather(*(put_audit(client) for _ in range(4)))
        run = await audit_by_schedule(client)
        assert await run.result() == AuditEnd(1)

    found = await client.get_schedule_handle(AUDIT).describe()
    assert [interval.every for interval in found.schedule.spec.intervals] == [EVERY]
    assert found.info.num_actions == 1


async def test_a_worker_that_starts_has_it_run_unless_it_is_paused(client: Client) -> None:
    async with auditor_at_work(client):
        await (await audit_by_schedule(client)).result()
        schedule = client.get_schedule_handle(AUDIT)
        await schedule.pause(note="August")
        await put_audit(client, at_once=True)
        paused = (await schedule.describe()).info.num_actions
        await schedule.unpause()
        await put_audit(client, at_once=True)
        while (await schedule.describe()).info.num_actions == paused:
            await asyncio.sleep(0.05)

    assert paused == 1


async def test_the_history_of_a_past_audit_does_not_stay(client: Client) -> None:
    async with auditor_at_work(client):
        run = await audit_by_schedule(client)
        await run.result()

    async def is_kept() -> bool:
        listed = client.list_workflows(PAST_AUDITS.format(tomorrow.isoformat()))
        return run.id in [each.id async for each in listed]

    tomorrow = real_clock() + 24 * HOUR
    while not await is_kept():
        await asyncio.sleep(0.05)
    while await is_kept():
        await CaseRuns(client).forget_audits(before=tomorrow)
