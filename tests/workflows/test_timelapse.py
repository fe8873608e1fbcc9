"""A case that lives through a time lapse: its clock is the played one, its timer waits in real time."""

from datetime import datetime, timedelta

import pytest

from models.actions import Acknowledge
from models.messages import CaseStart
from models.timelapse import Timelapse
from models.timeline import EntryKind
from tests.models.rehearsal import HOUR, NO_ANSWER
from tests.workflows.engine import CASE, QUEUE, Desk
from workflows.callback import CallbackWorkflow

pytestmark = pytest.mark.story

RATE = 3600
"""An hour is played in a second."""


async def open_through(desk: Desk, lapse: Timelapse, *, played: datetime) -> None:
    start = CaseStart(CASE, played, lapse=lapse)
    await desk.env.client.start_workflow(
        CallbackWorkflow.run, start, id=desk.handle.id, task_queue=QUEUE
    )
    await desk.ledger.until_told(EntryKind.ASKED)


async def test_rungs_ring_at_played_instants(desk: Desk) -> None:
    now = await desk.now()
    lapse = Timelapse(now + 100 * HOUR, RATE)
    opened = lapse.played(now)
    await open_through(desk, lapse, played=opened)

    await desk.env.sleep(timedelta(seconds=5))

    await desk.ledger.until_told(EntryKind.HANDED_UP)
    fired = [entry for entry in desk.ledger.timeline if entry.due]
    assert [entry.due for entry in fired[:2]] == [opened + 2 * HOUR, opened + 4 * HOUR]
    assert all(entry.due <= entry.at < lapse.until for entry in fired if entry.due)


async def test_an_act_is_written_down_at_its_played_instant(desk: Desk) -> None:
    now = await desk.now()
    lapse = Timelapse(now + 100 * HOUR, RATE)
    await open_through(desk, lapse, played=lapse.played(now))

    acted = lapse.played(await desk.now())
    await desk.act(Acknowledge(), at=acted)

    assert desk.ledger.timeline[-1].at == acted


async def test_after_the_lapse_a_rung_waits_in_real_time(desk: Desk) -> None:
    until = await desk.now()
    await open_through(desk, Timelapse(until, RATE), played=until)

    await desk.env.sleep(timedelta(minutes=1))

    assert EntryKind.REMINDED not in desk.ledger.told()
    await desk.env.sleep(2 * HOUR)
    await desk.ledger.until_told(EntryKind.REMINDED)


async def test_a_later_run_lives_through_the_same_lapse(short_desk: Desk) -> None:
    desk = short_desk
    now = await desk.now()
    lapse = Timelapse(now + 100 * HOUR, 2)
    await open_through(desk, lapse, played=lapse.played(now))
    first_run = await desk.run_id()

    for _ in range(6):
        await desk.act(NO_ANSWER)

    assert await desk.run_id() != first_run
    assert desk.ledger.timeline[-1].at <= lapse.played(await desk.now())
