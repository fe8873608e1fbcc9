"""A case that rests, in the real commit: its instants, its targets, and the working clock of the figures."""

from datetime import datetime, timedelta

import pytest

from models.actions import Acknowledge, Attempt, HandOver, Pause, Reached, Resume
from models.case import CaseState
from models.inbox import awaited
from models.messages import Verdict
from models.replans import Replan, Replanned
from models.tables import CaseRow
from tests.activities.test_replanning import TIGHTER, apply
from tests.casework import MONDAY_MORNING, Casework, another
from tests.models.store.test_figures import overall

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
UNTIL = MONDAY_MORNING + 24 * HOUR
REST = Pause("customer_away", UNTIL)


@pytest.fixture
async def taken(casework: Casework) -> CaseState:
    """Taken at once by the national owner, who works day and night: four hours until the talk."""
    heard = await casework.open(another("r-1", region=None))
    return await casework.act(heard, Acknowledge(), MONDAY_MORNING)


async def due(casework: Casework, state: CaseState) -> datetime:
    return (await casework.target_rows(state.case_id))[-1].due_at


async def test_everything_comes_later_by_the_pause(casework: Casework, taken: CaseState) -> None:
    resting = await casework.act(taken, REST, MONDAY_MORNING + HOUR)
    awake = await casework.stay_silent(resting)
    pause = 23 * HOUR
    assert [r.at for r in awake.rungs] == [r.at + pause for r in taken.rungs]
    assert await due(casework, awake) == MONDAY_MORNING + 4 * HOUR + pause
    assert awake.paused == pause


async def test_a_pause_that_ends_early_takes_no_more_than_it_took(
    casework: Casework, taken: CaseState
) -> None:
    resting = await casework.act(taken, REST, MONDAY_MORNING + HOUR)
    awake = await casework.act(resting, Resume(), MONDAY_MORNING + 3 * HOUR)
    assert [r.at for r in awake.rungs] == [r.at + 2 * HOUR for r in taken.rungs]
    assert await due(casework, awake) == MONDAY_MORNING + 6 * HOUR


async def test_while_it_rests_no_target_is_late(casework: Casework, taken: CaseState) -> None:
    """The figures read a target's due instant, so it tells that of a pause that lasts to its end."""
    resting = await casework.act(taken, REST, MONDAY_MORNING + HOUR)
    assert await due(casework, resting) == MONDAY_MORNING + 27 * HOUR


async def test_it_lies_in_the_inbox_until_its_end(casework: Casework, taken: CaseState) -> None:
    resting = await casework.act(taken, REST, MONDAY_MORNING + HOUR)
    found = awaited(resting)
    assert found
    assert (found.who, found.by) == ("nora", UNTIL)


async def test_a_call_in_a_pause_meets_the_target_and_starts_the_next(
    casework: Casework, taken: CaseState
) -> None:
    resting = await casework.act(taken, REST, MONDAY_MORNING + HOUR)
    await casework.act(resting, Attempt(Reached.REACHED), MONDAY_MORNING + 10 * HOUR)
    assert await casework.targets(taken.case_id) == [
        ("acknowledge", "met"),
        ("contact", "met"),
        ("plan", None),
    ]


async def test_a_hand_over_ends_the_pause_and_starts_a_new_target(
    casework: Casework, taken: CaseState
) -> None:
    resting = await casework.act(taken, REST, MONDAY_MORNING + HOUR)
    given = await casework.act(resting, HandOver("dora"), MONDAY_MORNING + 2 * HOUR)
    assert (given.owner, given.pause) == ("dora", None)
    assert (await casework.targets(taken.case_id))[-1] == ("acknowledge", None)


async def test_a_case_that_rests_is_not_planned_anew(casework: Casework, taken: CaseState) -> None:
    resting = await casework.act(taken, REST, MONDAY_MORNING + HOUR)
    version = await apply(casework, TIGHTER)
    at = MONDAY_MORNING + 2 * HOUR
    receipt = await casework.take(resting, Replanned("1", Replan(version), at))
    assert (receipt.verdict, receipt.state) == (Verdict.STALE, resting)


async def test_what_was_paused_stays_so_where_it_is_planned_anew(
    casework: Casework, taken: CaseState
) -> None:
    """Two hours from nine, and two of pause."""
    resting = await casework.act(taken, REST, MONDAY_MORNING + HOUR)
    awake = await casework.act(resting, Resume(), MONDAY_MORNING + 3 * HOUR)
    version = await apply(casework, TIGHTER)
    at = MONDAY_MORNING + 3 * HOUR + MINUTE
    after = (await casework.take(awake, Replanned("1", Replan(version), at))).state
    assert after.rungs[-1].at == MONDAY_MORNING + 4 * HOUR
    assert await due(casework, after) == MONDAY_MORNING + 4 * HOUR


async def test_the_working_clock_takes_a_pause_out_and_the_wall_clock_does_not(
    casework: Casework, taken: CaseState
) -> None:
    resting = await casework.act(taken, REST, MONDAY_MORNING + HOUR)
    await casework.act(resting, Attempt(Reached.REACHED), MONDAY_MORNING + 5 * HOUR)
    contact = (await overall(casework)).waits.contact
    assert (contact.wall.median, contact.working.median) == (5 * 3600, 3600)


async def test_who_still_waits_waits_no_working_time_in_a_pause(
    casework: Casework, taken: CaseState
) -> None:
    """Until now are forty days, of which the pause takes one."""
    before = (await overall(casework)).waits.contact.working
    await casework.act(taken, Pause("customer_away", UNTIL + 20 * 24 * HOUR), MONDAY_MORNING)
    after = (await overall(casework)).waits.contact.working
    assert (before.waiting, after.waiting) == (1, 1)
    async with casework.database.read() as session:
        assert (await session.get_one(CaseRow, taken.case_id)).open
    assert before.mean
    assert after.mean
    assert after.mean < before.mean
