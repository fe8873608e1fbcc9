"""A case rests: what stands still, what does not, and what wakes it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.actions import (
    Acknowledge,
    Act,
    AddAction,
    Close,
    FinishAction,
    HandOver,
    NameCause,
    Outcome,
    Pause,
    PromiseKind,
    Resume,
)
from models.case import CaseState, Opened, Silence
from models.deadlines import CLOSURE, deadline_of
from models.errors import WrongMove
from models.handling import AcceptAction
from models.ladder import Rung, RungKind
from models.moves import apply
from models.notices import Audience, Message, Notice
from models.timeline import EntryKind
from tests.models.rehearsal import (
    CAUSE,
    DEPUTY,
    DONE,
    HOUR,
    MONDAY,
    NO_ANSWER,
    REACHED,
    committed,
    did,
    lived,
    opened,
    words,
)
from tests.models.whole_life import Life

UNTIL = MONDAY + 48 * HOUR
REST = Pause("customer_away", UNTIL)
LATER = MONDAY + 2 * HOUR


def resting(state: CaseState | None = None) -> CaseState:
    return committed(apply(state or opened(), did(REST, at=MONDAY + HOUR)))


def kinds(state: CaseState) -> set[RungKind]:
    return {rung.kind for rung in state.rungs}


def test_nobody_is_reminded_while_a_case_rests() -> None:
    assert resting().rungs == (Rung(RungKind.RESUME, UNTIL),)


def test_a_promise_to_the_customer_breaks_all_the_same() -> None:
    promised = AddAction("plumber", MONDAY + 24 * HOUR, PromiseKind.REPAIR)
    state = resting(lived(opened(), [did(act) for act in (REACHED, CAUSE, promised)]))
    broken = committed(apply(state, Silence(state.rungs[0], MONDAY + 24 * HOUR)))
    assert kinds(state) == {RungKind.BREAK, RungKind.RESUME}
    assert broken.pause
    assert broken.actions[0].broken_at


def test_at_its_end_it_goes_on_by_itself_and_the_owner_is_told() -> None:
    before, state = opened(), resting()
    move = apply(state, Silence(state.rungs[0], UNTIL))
    assert move.state.pause is None
    assert move.state.rungs == before.rungs
    assert move.notices == (Notice(Message.PAUSE_OVER, Audience.OWNER),)


def test_a_pause_that_ends_late_took_no_longer_than_it_was_to() -> None:
    state = resting()
    move = apply(state, Silence(state.rungs[0], UNTIL + 5 * HOUR))
    assert move.over
    assert move.over.at == UNTIL


@pytest.mark.parametrize(
    "act",
    [Acknowledge(), NO_ANSWER, REACHED, HandOver("colleague"), Resume()],
    ids=lambda act: str(act.kind),
)
def test_whoever_takes_it_up_again_ends_the_pause(act: Act) -> None:
    move = apply(resting(), did(act, at=LATER))
    assert (move.state.pause, RungKind.RESUME in kinds(move.state)) == (None, False)
    assert EntryKind.PAUSE_OVER in {entry.kind for entry in move.entries}


def test_a_new_answer_of_the_customer_wakes_it_at_once() -> None:
    move = apply(resting(), words(submitted_at=LATER))
    assert move.state.pause is None
    assert move.over
    assert move.over.at == LATER


def test_a_note_of_the_cause_lets_it_rest_on() -> None:
    state = lived(opened(), [did(REACHED), did(CAUSE)])
    again = apply(resting(state), did(NameCause("rude"), at=LATER))
    assert again.state.pause


@pytest.mark.parametrize(
    ("acts", "rest", "rule"),
    [
        ((REST,), REST, "paused"),
        ((), Resume(), "not_paused"),
        ((), Pause("customer_away", MONDAY), "due_in_the_past"),
        ((REACHED, CAUSE, AddAction("plumber", UNTIL), DONE), REST, "confirming"),
    ],
)
def test_what_makes_no_sense_is_refused(acts: tuple[Act, ...], rest: Act, rule: str) -> None:
    state = lived(opened(), [did(act) for act in acts])
    with pytest.raises(WrongMove) as wrong:
        apply(state, did(rest, at=MONDAY + timedelta(minutes=1)))
    assert wrong.value.rule == rule


def test_an_attempt_that_ended_a_pause_is_not_taken_back() -> None:
    assert apply(resting(), did(NO_ANSWER, at=LATER)).state.before is None


def test_a_case_that_is_closed_rests_no_more() -> None:
    state = replace(resting(), owner=DEPUTY)
    closed = apply(state, did(Close(Outcome.WITHDRAWN), at=LATER)).state
    assert (closed.pause, closed.rungs) == (None, ())


def test_a_repair_that_is_accepted_in_a_pause_lets_the_closure_stand_still() -> None:
    """What was promised last has come: the closure is waited for again, but not before the case wakes."""
    life = Life()
    life.live(Opened(life.now))
    soon, late = life.now + 48 * HOUR, life.now + 96 * HOUR
    for act in (REACHED, CAUSE, AddAction("denis", soon), AddAction("denis", late)):
        assert life.act(act, "dora")
    for number in (1, 2):
        assert life.act(FinishAction(number), "denis")
    assert life.act(Pause("customer_away", life.now + 120 * HOUR), "dora")
    before, resting = deadline_of(life.state, CLOSURE), life.state.rungs

    assert life.act(AcceptAction(2), "dora")

    assert (life.state.rungs, deadline_of(life.state, CLOSURE)) == (resting, before)
    assert before
    assert before.quiet_until == late

    assert life.act(Resume(), "dora")
    closing = [rung.kind for rung in life.state.rungs if rung.watch == CLOSURE]
    assert closing == [RungKind.REMIND, RungKind.HAND_UP]
