"""An absence tells the cases when it begins and when it ends, however the time in between goes by."""

from datetime import timedelta

import pytest

from models.absence import AbsenceEnds
from models.timeline import EntryKind
from tests.models.rehearsal import HOUR
from tests.workflows.engine import CASE, Desk
from tests.workflows.watch import Watch, go_away, watching
from workflows.absence import LOOK_EVERY, AbsenceWorkflow

pytestmark = pytest.mark.story

DAY = timedelta(days=1)


async def test_it_looks_when_it_begins_when_it_ends_and_now_and_then(idle_desk: Desk) -> None:
    watch = Watch()
    since = await idle_desk.now() + DAY
    async with watching(idle_desk, watch, cached=0):
        await (await go_away(idle_desk, since, since + 10 * HOUR)).result()

    looked = [round((at - since) / HOUR) for at in watch.asked]
    assert looked == [0, 4, 8, 10, 14]
    assert LOOK_EVERY == 4 * HOUR


async def test_called_off_it_is_over_at_once(idle_desk: Desk) -> None:
    watch = Watch()
    now = await idle_desk.now()
    async with watching(idle_desk, watch):
        absence = await go_away(idle_desk, now + 7 * DAY, now + 14 * DAY)
        await absence.signal(AbsenceWorkflow.ends, AbsenceEnds(await idle_desk.now()))
        await absence.result()

    assert watch.asked[0] < now + DAY
    assert len(watch.asked) == 2


async def test_a_case_is_told_and_one_that_is_closed_holds_up_nobody(desk: Desk) -> None:
    await desk.open()
    await desk.ledger.until_told(EntryKind.ASKED)
    now = await desk.now()
    async with watching(desk, Watch(("no-such-case", CASE))):
        await go_away(desk, now, now + DAY)
        await desk.ledger.until_told(EntryKind.ROSTER_CHANGED)


async def test_a_case_that_was_told_replays(forgetful_desk: Desk) -> None:
    desk = forgetful_desk
    await desk.open()
    await desk.ledger.until_told(EntryKind.ASKED)
    now = await desk.now()
    async with watching(desk, Watch((CASE,)), cached=0):
        await go_away(desk, now, now + DAY)
        await desk.ledger.until_told(EntryKind.ROSTER_CHANGED)
        await desk.happy()
        await desk.handle.result()
    assert desk.state.closed
