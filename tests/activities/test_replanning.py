"""Open cases are planned anew by other rules, in the real commit."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.actions import (
    Acknowledge,
    AddAction,
    Attempt,
    NameCause,
    PromiseKind,
    Reached,
    TakeBack,
)
from models.case import CaseState
from models.ladder import RungKind
from models.messages import CommitReceipt, Verdict
from models.replan_difference import Difference
from models.replans import Replan, Replanned
from models.store.organisations import apply_organisation
from models.store.replanning import Asked, preview
from models.timeline import EntryKind
from tests.casework import MONDAY_MORNING, SMALL, Casework, another

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TEXT = SMALL.read_text()
TIGHTER = TEXT.replace("contact: 4h", "contact: 2h")
LOOSER = TEXT.replace("contact: 4h", "contact: 6h")
LATER = MONDAY_MORNING + HOUR


@pytest.fixture
async def taken(casework: Casework) -> CaseState:
    """Taken at once by the national owner, who works day and night: four hours until the talk."""
    heard = await casework.open(another("r-1", region=None))
    return await casework.act(heard, Acknowledge(), MONDAY_MORNING)


async def apply(casework: Casework, text: str) -> int:
    at = MONDAY_MORNING
    return (await apply_organisation(casework.database, text, name=SMALL.name, at=at)).number


async def replan(
    casework: Casework,
    state: CaseState,
    text: str = TIGHTER,
    *,
    after: timedelta = HOUR,
    overdue_now: bool = False,
) -> CommitReceipt:
    version = await apply(casework, text)
    at = MONDAY_MORNING + after
    return await casework.take(state, Replanned("1", Replan(version, overdue_now), at))


async def differs(casework: Casework, after: timedelta = HOUR) -> Difference:
    async with casework.database.read() as session:
        now = await casework.book.in_force(session)
        asked = Asked(now.organisation, now.number, MONDAY_MORNING + after)
        return await preview(session, casework.book, asked)


async def test_a_tighter_target_brings_its_instants_forward(
    casework: Casework, taken: CaseState
) -> None:
    after = (await replan(casework, taken)).state
    assert (taken.rungs[-1].at, after.rungs[-1].at) == (
        MONDAY_MORNING + 4 * HOUR,
        MONDAY_MORNING + 2 * HOUR,
    )
    assert (await casework.target_rows(taken.case_id))[-1].due_at == MONDAY_MORNING + 2 * HOUR


async def test_a_case_is_pinned_to_the_version_by_which_it_was_planned(
    casework: Casework, taken: CaseState
) -> None:
    await replan(casework, taken)
    view = await casework.view(taken.case_id)
    [entry] = [e for e in view.timeline if e.kind is EntryKind.REPLANNED]
    assert (view.row.version, dict(entry.facts)) == (2, {"from": 1, "to": 2})


async def test_what_has_ended_keeps_its_version_and_its_instant(
    casework: Casework, taken: CaseState
) -> None:
    [ended, _] = await casework.target_rows(taken.case_id)
    await replan(casework, taken)
    [same, running] = await casework.target_rows(taken.case_id)
    assert (same.due_at, same.version, running.version) == (ended.due_at, 1, None)


async def test_a_reminder_that_was_given_is_not_given_again(
    casework: Casework, taken: CaseState
) -> None:
    """Half of four hours had passed; half of six hours would be to come."""
    reminded = await casework.stay_silent(taken)
    after = (await replan(casework, reminded, LOOSER, after=2 * HOUR)).state
    assert [(rung.kind, rung.at - MONDAY_MORNING) for rung in after.rungs] == [
        (RungKind.REMIND, 0.9 * 6 * HOUR),
        (RungKind.HAND_UP, 6 * HOUR),
    ]


async def test_nobody_is_late_by_decree(casework: Casework, taken: CaseState) -> None:
    """His two hours are over: he has the half hour of an acknowledgement."""
    after = (await replan(casework, taken, after=3 * HOUR)).state
    grace = MONDAY_MORNING + 3 * HOUR + 30 * MINUTE
    assert [rung.at for rung in after.rungs] == [grace]
    assert (await casework.target_rows(taken.case_id))[-1].due_at == grace


async def test_who_was_nearly_late_gets_no_more_time_than_he_had(
    casework: Casework, taken: CaseState
) -> None:
    reminded = await casework.stay_silent(await casework.stay_silent(taken))
    after = (await replan(casework, reminded, after=3 * HOUR + 50 * MINUTE)).state
    assert [rung.at for rung in after.rungs] == [MONDAY_MORNING + 4 * HOUR]


async def test_what_is_overdue_is_due_at_once_where_somebody_said_so(
    casework: Casework, taken: CaseState
) -> None:
    after = (await replan(casework, taken, after=3 * HOUR, overdue_now=True)).state
    at_once = MONDAY_MORNING + 3 * HOUR + timedelta(seconds=1)
    assert [rung.at for rung in after.rungs] == [at_once]
    assert (await casework.target_rows(taken.case_id))[-1].due_at == at_once


async def test_the_same_again_writes_nothing(casework: Casework, taken: CaseState) -> None:
    """Not even where the half hour of who was late by then has begun."""
    first = await replan(casework, taken, after=3 * HOUR)
    again = await replan(casework, first.state, after=3 * HOUR + MINUTE)
    assert (again.verdict, again.state.rungs) == (Verdict.STALE, first.state.rungs)
    assert (await differs(casework, 3 * HOUR + 2 * MINUTE)).changed == ()


async def test_a_version_that_this_database_does_not_know_changes_nothing(
    casework: Casework, taken: CaseState
) -> None:
    receipt = await casework.take(taken, Replanned("1", Replan(7), LATER))
    assert (receipt.verdict, receipt.state) == (Verdict.STALE, taken)


async def test_a_case_that_the_database_knows_less_of_is_left_for_later(
    casework: Casework, taken: CaseState
) -> None:
    """An older copy was put back: its targets are those of another stage."""
    version = await apply(casework, TIGHTER)
    ahead = replace(taken, seq=taken.seq + 2)
    receipt = await casework.take(ahead, Replanned("1", Replan(version), LATER))
    assert (receipt.verdict, receipt.state) == (Verdict.STALE, taken)


async def test_a_voicemail_before_keeps_the_target_and_the_rungs_apart(
    casework: Casework, taken: CaseState
) -> None:
    called = await casework.act(taken, Attempt(Reached.VOICEMAIL), LATER)
    after = (await replan(casework, called, after=HOUR + MINUTE)).state
    assert after.rungs[-1].at == LATER + 3 * HOUR + 30 * MINUTE
    assert (await casework.target_rows(taken.case_id))[-1].due_at == MONDAY_MORNING + 2 * HOUR


async def test_a_promise_s_date_stays_what_the_customer_was_told(
    casework: Casework, taken: CaseState
) -> None:
    friday = MONDAY_MORNING + 96 * HOUR
    promised = AddAction("dora", friday, PromiseKind.REPAIR)
    for act in (Attempt(Reached.REACHED), NameCause("delay"), promised):
        taken = await casework.act(taken, act, MONDAY_MORNING + MINUTE)
    after = (await replan(casework, taken, TEXT.replace("repair: 5d", "repair: 1d"))).state
    assert [r.at for r in after.rungs if r.kind is RungKind.BREAK] == [friday]
    assert (await casework.target_rows(taken.case_id))[-1].due_at == friday


async def test_the_difference_is_seen_before_and_gone_afterwards(
    casework: Casework, taken: CaseState
) -> None:
    await apply(casework, TIGHTER)
    [changed] = (found := await differs(casework)).changed
    await replan(casework, taken)
    assert (changed.due_before, changed.due_after) == (
        MONDAY_MORNING + 4 * HOUR,
        MONDAY_MORNING + 2 * HOUR,
    )
    assert (found.overdue, (await differs(casework)).changed) == ((), ())


async def test_who_would_be_overdue_at_once_is_named(casework: Casework, taken: CaseState) -> None:
    await apply(casework, TIGHTER)
    found = await differs(casework, 3 * HOUR)
    assert [each.case_id for each in found.overdue] == [taken.case_id]


async def test_taking_an_attempt_back_restores_the_clock_too(
    casework: Casework, taken: CaseState
) -> None:
    called = await casework.act(taken, Attempt(Reached.VOICEMAIL), LATER)
    back = await casework.act(called, TakeBack(), LATER + MINUTE)
    assert back.clock == taken.clock
