"""Gestures above somebody's authority: proposed, approved, refused, changed, withdrawn, and waited for."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from models.action import Action, Approval, Stand
from models.actions import Act, AddAction, Close, FinishAction, Outcome, PromiseKind
from models.case import CaseState, Silence, Stage
from models.errors import WrongMove
from models.handling import (
    ApproveGesture,
    AskTime,
    ChangeAction,
    DropAction,
    RefuseGesture,
)
from models.inbox import Awaited, awaited
from models.ladder import Clock, Rung, RungKind, Subject, Target, Watch
from models.money import Money
from models.moves import apply
from models.notices import Audience, Message, Notice
from models.progress import clock_stopped, waits_for_a_yes
from models.timeline import EntryKind
from tests.models.rehearsal import (
    CAUSE,
    DEPUTY,
    DIRECTOR,
    HOUR,
    MONDAY,
    NATIONAL,
    REACHED,
    REPAIR,
    after,
    did,
    lived,
)

FLORIST = "florist"
THURSDAY, FRIDAY = MONDAY + 72 * HOUR, MONDAY + 96 * HOUR
WORTH, MORE, LESS = Money(600_00, "EUR"), Money(900_00, "EUR"), Money(40_00, "EUR")
GESTURE = AddAction(FLORIST, THURSDAY, PromiseKind.GESTURE, cost=WORTH, beyond=True)
FREE = replace(GESTURE, beyond=False)
WATCH = Watch(Subject.GESTURE, 1)


def proposed(*acts: Act) -> CaseState:
    """The national owner is asked to say yes to what the director wants to promise."""
    return asked(after(REACHED, *(acts or (CAUSE, GESTURE))))


def asked(state: CaseState) -> CaseState:
    """As the commit does it."""
    actions = (
        replace(a, approver=NATIONAL) if a.stand is Stand.TO_APPROVE else a for a in state.actions
    )
    return replace(state, actions=tuple(actions))


def gesture(state: CaseState) -> Action:
    return next(a for a in state.actions if a.promise is PromiseKind.GESTURE)


def rule(state: CaseState, act: Act, *, by: str = NATIONAL, at: datetime = MONDAY) -> str:
    with pytest.raises(WrongMove) as refused:
        apply(state, did(act, by=by, at=at))
    return refused.value.rule


def answered(act: Act) -> CaseState:
    return lived(proposed(), [did(act, by=NATIONAL)])


def silent(state: CaseState, kind: RungKind) -> tuple[CaseState, Silence]:
    rung = Rung(kind, MONDAY + 4 * HOUR, WATCH)
    return replace(state, rungs=(rung,)), Silence(rung, rung.at)


def test_nobody_hears_of_a_gesture_that_waits_for_a_yes() -> None:
    move = apply(after(REACHED, CAUSE), did(GESTURE))

    assert move.notices == ()
    assert gesture(move.state).stand is Stand.TO_APPROVE
    assert not gesture(move.state).is_promised


def test_who_waits_for_a_yes_has_planned_and_is_late_with_nothing() -> None:
    move = apply(after(REACHED, CAUSE), did(GESTURE))

    assert move.state.stage is Stage.REPAIRING
    assert (move.clock, move.answered) == (None, True)
    assert clock_stopped(move.state).rungs == ()


def test_the_root_cause_is_still_the_owners_to_name() -> None:
    before = after(REACHED)

    assert apply(before, did(GESTURE)).state.rungs == before.rungs


def test_what_else_was_promised_keeps_its_clock() -> None:
    before = after(REACHED, CAUSE, REPAIR)
    move = apply(before, did(GESTURE))

    assert (move.clock, move.state.rungs) == (None, before.rungs)


def test_the_owner_is_late_with_nothing_once_only_a_yes_is_waited_for() -> None:
    move = apply(asked(after(REACHED, CAUSE, REPAIR, GESTURE)), did(FinishAction(1)))

    assert (move.clock, move.answered) == (None, True)
    assert waits_for_a_yes(move.state)


def test_the_next_level_is_awaited_until_somebody_higher_is_asked() -> None:
    state, event = silent(proposed(), RungKind.HAND_UP)

    assert awaited(state) == Awaited(NATIONAL, event.rung.at)


def test_a_yes_makes_it_a_promise_as_any_other() -> None:
    move = apply(proposed(), did(ApproveGesture(1), by=NATIONAL, at=MONDAY + HOUR))

    assert gesture(move.state).approval is Approval.GIVEN
    assert gesture(move.state).answered_by == NATIONAL
    assert move.clock == Clock(Target.REPAIR, MONDAY + HOUR, by=THURSDAY, watched=True)
    assert move.notices == (
        Notice(Message.PROMISED, Audience.CUSTOMER, 1),
        Notice(Message.ACTION_GIVEN, Audience.DOER, 1, FLORIST),
        Notice(Message.GESTURE_APPROVED, Audience.OWNER, 1),
    )


def test_who_promised_it_hears_the_answer_wherever_the_case_is_now() -> None:
    state = replace(proposed(), owner=DEPUTY)
    move = apply(state, did(ApproveGesture(1), by=NATIONAL))

    assert move.notices[-2:] == (
        Notice(Message.GESTURE_APPROVED, Audience.OWNER, 1),
        Notice(Message.GESTURE_APPROVED, Audience.DOER, 1, DIRECTOR),
    )


def test_a_yes_after_its_date_names_a_new_one() -> None:
    late = THURSDAY + HOUR

    assert rule(proposed(), ApproveGesture(1), at=late) == "date_passed"
    move = apply(proposed(), did(ApproveGesture(1, FRIDAY), by=NATIONAL, at=late))
    assert gesture(move.state).due == FRIDAY
    assert gesture(move.state).missed is None


def test_a_no_drops_it_and_the_customer_never_hears_of_it() -> None:
    move = apply(proposed(), did(RefuseGesture(1), by=NATIONAL, at=MONDAY + HOUR))

    assert gesture(move.state).stand is Stand.DROPPED
    assert move.notices == (Notice(Message.GESTURE_REFUSED, Audience.OWNER, 1),)
    assert move.state.stage is Stage.UNDERSTOOD
    assert (move.clock, move.answered) == (Clock(Target.PLAN, MONDAY + HOUR), False)


@pytest.mark.parametrize(
    ("first", "then", "expected"),
    [
        (ApproveGesture(1), ApproveGesture(1), "approved_already"),
        (ApproveGesture(1), RefuseGesture(1), "approved_already"),
        (RefuseGesture(1), ApproveGesture(1), "refused_already"),
        (RefuseGesture(1), RefuseGesture(1), "refused_already"),
        (DropAction(1), ApproveGesture(1), "dropped"),
    ],
)
def test_it_is_answered_once(first: Act, then: Act, expected: str) -> None:
    assert rule(answered(first), then) == expected


def test_what_needed_no_yes_is_not_approved() -> None:
    assert rule(after(REACHED, CAUSE, FREE), ApproveGesture(1)) == "needs_no_yes"


@pytest.mark.parametrize("act", [ApproveGesture(1), RefuseGesture(1)])
def test_nobody_says_yes_or_no_to_his_own_gesture(act: Act) -> None:
    assert rule(proposed(), act, by=DIRECTOR) == "own_gesture"


@pytest.mark.parametrize("act", [FinishAction(1), AskTime(1, FRIDAY)])
def test_nobody_has_to_do_what_waits_for_a_yes(act: Act) -> None:
    assert rule(proposed(), act, by=FLORIST) == "waits_for_yes"


def test_a_gesture_that_is_withdrawn_was_never_promised() -> None:
    move = apply(proposed(), did(DropAction(1)))

    assert move.notices == ()
    assert not gesture(move.state).is_promised
    assert move.state.stage is Stage.UNDERSTOOD


def test_more_money_asks_anew_from_the_next_level_on() -> None:
    higher = replace(gesture(proposed()), asked_level=2)
    state = replace(proposed(), actions=(higher,))
    changed = gesture(apply(state, did(ChangeAction(1, cost=MORE, beyond=True), by=DEPUTY)).state)

    assert (changed.approver, changed.asked_level, changed.cost) == (None, 1, MORE)
    assert changed.promised_by == DEPUTY


def test_a_new_date_before_the_answer_is_no_promise_that_moved() -> None:
    move = apply(proposed(), did(ChangeAction(1, FRIDAY)))

    assert move.notices == ()
    assert (gesture(move.state).due, gesture(move.state).missed) == (FRIDAY, None)
    assert gesture(move.state).stand is Stand.TO_APPROVE
    assert gesture(move.state).promised_by == DIRECTOR


def test_what_is_now_within_his_own_authority_is_promised_at_once() -> None:
    move = apply(proposed(), did(ChangeAction(1, cost=LESS)))

    assert gesture(move.state).approval is None
    assert Notice(Message.PROMISED, Audience.CUSTOMER, 1) in move.notices
    assert move.clock == Clock(Target.REPAIR, MONDAY, by=THURSDAY, watched=True)


def test_a_change_must_change_something() -> None:
    assert rule(proposed(), ChangeAction(1), by=DIRECTOR) == "nothing_changed"


def test_what_is_promised_already_does_not_grow_above_the_authority() -> None:
    change = ChangeAction(1, cost=MORE, beyond=True)

    assert rule(after(REACHED, CAUSE, FREE), change, by=DIRECTOR) == "promised_already"


def test_a_new_cost_is_news_to_nobody() -> None:
    move = apply(after(REACHED, CAUSE, FREE), did(ChangeAction(1, cost=LESS)))

    assert move.notices == ()
    assert gesture(move.state).cost == LESS


@pytest.mark.parametrize("outcome", [Outcome.RECOVERED, Outcome.NOT_RECOVERED])
def test_a_case_is_not_closed_over_a_gesture_that_waits(outcome: Outcome) -> None:
    assert rule(proposed(), Close(outcome), by=DIRECTOR) == "gesture_waits"


def test_a_case_that_is_withdrawn_takes_its_gesture_along() -> None:
    closed = lived(proposed(), [did(Close(Outcome.WITHDRAWN))])

    assert rule(closed, ApproveGesture(1)) == "closed"


def test_the_case_changes_hands_and_the_answer_is_still_due() -> None:
    state = replace(proposed(), owner=DEPUTY, level=1)
    move = apply(state, did(ApproveGesture(1), by=NATIONAL))

    assert gesture(move.state).approval is Approval.GIVEN


def test_who_is_asked_is_reminded_in_person() -> None:
    move = apply(*silent(proposed(), RungKind.REMIND))

    assert move.notices == (Notice(Message.GESTURE_REMINDER, Audience.DOER, 1, NATIONAL),)
    assert move.entries[0].kind is EntryKind.GESTURE_REMINDED
    assert (move.breached, move.transfer, move.overran) == (False, None, None)


def test_silence_asks_the_next_level_in_his_place() -> None:
    move = apply(*silent(proposed(), RungKind.HAND_UP))

    assert (gesture(move.state).approver, gesture(move.state).asked_level) == (None, 2)
    assert move.entries[0].facts == {"number": 1, "to": NATIONAL}
    assert (move.breached, move.transfer, move.overran) == (False, None, None)


def test_at_the_top_it_is_said_again() -> None:
    move = apply(*silent(proposed(), RungKind.REPEAT))

    assert gesture(move.state).approver == NATIONAL
    assert move.entries[0].facts["late"] == 1


def test_new_words_of_the_customer_leave_the_question_open() -> None:
    later = MONDAY + timedelta(minutes=1)
    state = replace(proposed(), stage=Stage.ASKED, reached_at=None)

    assert gesture(apply(state, did(ApproveGesture(1), by=NATIONAL, at=later)).state).is_promised
