"""Repairs by others: done, accepted or refused by the case's owner, changed, dropped, and told of."""

from datetime import datetime, timedelta

import pytest

from models.action import Action
from models.actions import AddAction, FinishAction, HandOver, OnAction, PromiseKind
from models.case import CaseState, Stage
from models.errors import WrongMove
from models.handling import AcceptAction, AskTime, ChangeAction, DropAction, RefuseAction
from models.inbox import awaited
from models.ladder import Clock, Target
from models.money import Money
from models.moves import apply
from models.notices import Audience, Message, Notice
from models.promises import Word, in_time, word_of
from models.timeline import EntryKind
from tests.models.rehearsal import (
    CAUSE,
    DIRECTOR,
    HOUR,
    MONDAY,
    REACHED,
    after,
    did,
    lived,
)

PLUMBER = "plumber"
THURSDAY, FRIDAY = MONDAY + 72 * HOUR, MONDAY + 96 * HOUR
SECOND = timedelta(seconds=1)
PIPE = AddAction(PLUMBER, THURSDAY)
PROMISED = AddAction(PLUMBER, THURSDAY, PromiseKind.REPAIR)
DONE = did(FinishAction(1), at=MONDAY + HOUR, by=PLUMBER)
REFUSED = RefuseAction(1, FRIDAY)


def repairing(*added: AddAction) -> CaseState:
    return after(REACHED, CAUSE, *(added or (PIPE,)))


def offered(*added: AddAction) -> CaseState:
    """The plumber has done the first of them, and the director has yet to look."""
    return lived(repairing(*added), [DONE])


def rule(state: CaseState, act: OnAction, *, by: str = DIRECTOR, at: datetime = MONDAY) -> str:
    with pytest.raises(WrongMove) as refused:
        apply(state, did(act, by=by, at=at))
    return refused.value.rule


def test_whoever_gets_an_action_is_told_and_he_who_takes_it_himself_is_not() -> None:
    move = apply(after(REACHED, CAUSE), did(PIPE))
    own = apply(after(REACHED, CAUSE), did(AddAction(DIRECTOR, THURSDAY)))

    assert move.notices == (Notice(Message.ACTION_GIVEN, Audience.DOER, 1, PLUMBER),)
    assert own.notices == ()


def test_what_somebody_else_did_waits_for_the_owners_yes() -> None:
    move = apply(repairing(), DONE)

    assert move.state.stage is Stage.REPAIRING
    assert move.notices == (Notice(Message.ACTION_TO_ACCEPT, Audience.OWNER, 1),)
    assert move.entries[0].facts == {"number": 1, "to_accept": 1}


def test_what_the_owner_of_the_case_finishes_needs_no_yes() -> None:
    assert apply(repairing(), did(FinishAction(1))).state.stage is Stage.CONFIRMING


def test_what_was_settled_in_the_talk_needs_no_yes_whoever_spoke() -> None:
    settled = did(FinishAction(1, settled=True), by="deputy")
    assert apply(repairing(), settled).state.stage is Stage.CONFIRMING


def test_while_it_is_judged_the_owner_of_the_case_is_awaited_for_as_long_as_to_take_it() -> None:
    move = apply(repairing(), DONE)

    assert move.clock == Clock(Target.REPAIR, DONE.at)
    assert move.answered
    waiting = awaited(offered())
    assert waiting is not None
    assert waiting.who == DIRECTOR


def test_who_has_done_his_part_is_late_no_more() -> None:
    late = lived(repairing(PIPE, AddAction(DIRECTOR, FRIDAY)), [DONE])
    waiting = awaited(late)
    assert waiting is not None
    assert waiting.who == DIRECTOR


def test_another_repair_gives_no_more_time_to_judge_the_first() -> None:
    state = offered(PIPE, PIPE)

    second = apply(state, did(FinishAction(2), at=MONDAY + 2 * HOUR, by=PLUMBER))

    assert second.clock is None


def test_accepted_it_is_finished_as_of_when_it_was_done() -> None:
    move = apply(offered(), did(AcceptAction(1), at=FRIDAY))

    [action] = move.state.actions
    assert (action.done_at, action.accepted_by) == (DONE.at, DIRECTOR)
    assert move.state.stage is Stage.CONFIRMING
    assert Notice(Message.CONFIRM, Audience.CUSTOMER) in move.notices
    assert in_time(action, closed_at=None) is Word.KEPT


def test_the_customer_is_asked_once_all_is_done_and_accepted() -> None:
    state = offered(PIPE, PIPE)
    assert apply(state, did(AcceptAction(1))).state.stage is Stage.REPAIRING

    both = lived(state, [did(FinishAction(2), by=PLUMBER), did(AcceptAction(2))])

    assert both.stage is Stage.REPAIRING
    assert apply(both, did(AcceptAction(1))).state.stage is Stage.CONFIRMING


def test_a_yes_counts_when_the_case_has_changed_hands_meanwhile() -> None:
    handed = lived(offered(), [did(HandOver("colleague"))])
    assert apply(handed, did(AcceptAction(1))).state.stage is Stage.CONFIRMING


def test_nobody_accepts_his_own_work_unless_the_case_is_his() -> None:
    assert rule(offered(), AcceptAction(1), by=PLUMBER) == "own_work"
    assert rule(offered(), REFUSED, by=PLUMBER) == "own_work"
    handed = lived(offered(), [did(HandOver(PLUMBER))])
    assert apply(handed, did(AcceptAction(1), by=PLUMBER)).state.stage is Stage.CONFIRMING


def test_refused_it_goes_back_with_a_new_date_and_is_counted() -> None:
    move = apply(offered(), did(REFUSED, at=MONDAY + 2 * HOUR))

    [action] = move.state.actions
    assert (action.done_at, action.due, action.refused) == (None, FRIDAY, 1)
    assert move.notices == (Notice(Message.ACTION_REFUSED, Audience.DOER, 1, PLUMBER),)
    assert move.clock == Clock(Target.REPAIR, MONDAY + 2 * HOUR, by=FRIDAY, watched=True)
    assert move.answered


def test_refused_before_its_date_it_can_still_be_in_time() -> None:
    state = lived(offered(), [did(REFUSED, at=MONDAY + 2 * HOUR)])
    again = lived(state, [did(FinishAction(1), at=FRIDAY, by=PLUMBER)])
    assert in_time(again.actions[0], closed_at=None) is Word.KEPT


def test_refused_after_its_date_it_was_not_done_by_then() -> None:
    late = RefuseAction(1, FRIDAY + 24 * HOUR)
    state = lived(offered(), [did(late, at=THURSDAY + SECOND)])
    assert in_time(state.actions[0], closed_at=None) is Word.BROKEN


@pytest.mark.parametrize(
    ("act", "rule_"),
    [
        (AcceptAction(1), "nothing_to_accept"),
        (RefuseAction(1, FRIDAY), "nothing_to_accept"),
        (AcceptAction(2), "no_such_action"),
        (ChangeAction(1), "nothing_changed"),
        (ChangeAction(1, THURSDAY, PLUMBER), "nothing_changed"),
        (ChangeAction(1, MONDAY), "due_in_the_past"),
        (AskTime(1, FRIDAY), "ask_nobody"),
    ],
)
def test_what_does_not_fit_an_action_under_way_is_refused(act: OnAction, rule_: str) -> None:
    assert rule(repairing(), act) == rule_


@pytest.mark.parametrize(
    "act",
    [
        FinishAction(1),
        ChangeAction(1, FRIDAY),
        DropAction(1),
        AskTime(1, FRIDAY),
    ],
)
def test_what_is_done_or_dropped_stays_so(act: OnAction) -> None:
    assert rule(offered(), act, by=PLUMBER) == "already_done"
    dropped = lived(repairing(PIPE, PIPE), [did(DropAction(1))])
    assert rule(dropped, act, by=PLUMBER) == "dropped"


def test_work_is_sent_back_for_a_day_that_is_to_come() -> None:
    assert rule(offered(), REFUSED, at=FRIDAY) == "due_in_the_past"


def test_who_cannot_keep_the_date_asks_and_nothing_moves_by_itself() -> None:
    move = apply(repairing(), did(AskTime(1, FRIDAY), by=PLUMBER))

    [action] = move.state.actions
    assert (action.due, action.asked_for) == (THURSDAY, FRIDAY)
    assert move.notices == (Notice(Message.TIME_ASKED, Audience.OWNER, 1),)
    assert move.clock is None


def test_a_new_date_is_told_to_who_has_the_action_and_starts_the_clock_anew() -> None:
    asked = lived(repairing(), [did(AskTime(1, FRIDAY), by=PLUMBER)])

    move = apply(asked, did(ChangeAction(1, FRIDAY)))

    assert move.notices == (Notice(Message.ACTION_MOVED, Audience.DOER, 1, PLUMBER),)
    assert move.clock == Clock(Target.REPAIR, MONDAY, by=FRIDAY, watched=True)
    assert not move.answered
    assert move.state.actions[0].asked_for is None


def test_handed_to_somebody_else_both_are_told() -> None:
    move = apply(repairing(), did(ChangeAction(1, owner="painter")))

    assert move.notices == (
        Notice(Message.ACTION_TAKEN, Audience.DOER, 1, PLUMBER),
        Notice(Message.ACTION_GIVEN, Audience.DOER, 1, "painter"),
    )


@pytest.mark.parametrize(
    ("state", "act"),
    [(repairing(PROMISED), ChangeAction(1, FRIDAY)), (offered(PROMISED), REFUSED)],
)
def test_a_promise_whose_date_changes_is_told_to_the_customer_in_writing(
    state: CaseState, act: OnAction
) -> None:
    told = apply(state, did(act)).notices
    assert Notice(Message.PROMISE_MOVED, Audience.CUSTOMER, 1) in told


def test_a_date_changed_before_it_came_never_was_one() -> None:
    moved = lived(repairing(PROMISED), [did(ChangeAction(1, FRIDAY), at=THURSDAY)])
    kept = lived(moved, [did(FinishAction(1), at=FRIDAY)])
    assert word_of(kept.actions[0], closed_at=None) is Word.KEPT


def test_a_date_changed_after_it_had_passed_stays_missed() -> None:
    moved = lived(repairing(PROMISED), [did(ChangeAction(1, FRIDAY), at=THURSDAY + SECOND)])
    again = lived(moved, [did(ChangeAction(1, FRIDAY + HOUR), at=THURSDAY + HOUR)])
    assert moved.actions[0].missed == again.actions[0].missed == THURSDAY
    assert word_of(again.actions[0], closed_at=None) is Word.BROKEN


def test_the_only_action_dropped_another_must_be_agreed_on() -> None:
    move = apply(repairing(), did(DropAction(1)))

    assert move.state.stage is Stage.UNDERSTOOD
    assert not move.answered
    assert move.notices == (Notice(Message.ACTION_TAKEN, Audience.DOER, 1, PLUMBER),)


def test_what_was_dropped_is_no_remedy() -> None:
    state = lived(repairing(), [did(DropAction(1))])
    assert not state.remedied


def test_with_the_last_open_one_dropped_the_customer_is_asked_of_the_rest() -> None:
    state = lived(repairing(PIPE, PIPE), [did(FinishAction(1))])
    assert apply(state, did(DropAction(2))).state.stage is Stage.CONFIRMING


@pytest.mark.parametrize(
    ("agreed", "at", "word"),
    [
        (True, MONDAY, Word.DROPPED),
        (True, THURSDAY + SECOND, Word.BROKEN),
        (False, MONDAY, Word.BROKEN),
    ],
)
def test_a_promise_dropped_is_broken_unless_the_customer_agreed_in_time(
    agreed: bool,  # noqa: FBT001 - a parameter of the test
    at: datetime,
    word: Word,
) -> None:
    move = apply(repairing(PROMISED), did(DropAction(1, agreed), at=at))

    assert word_of(move.state.actions[0], closed_at=None) is word
    assert Notice(Message.PROMISE_DROPPED, Audience.CUSTOMER, 1) in move.notices


def test_an_action_of_ours_that_is_dropped_before_its_date_never_was_due() -> None:
    dropped = Action(1, PLUMBER, THURSDAY, dropped_at=MONDAY)
    assert in_time(dropped, closed_at=None) is Word.DROPPED


def test_the_cost_that_is_known_when_it_is_done_takes_the_place_of_the_planned_one() -> None:
    planned = AddAction(PLUMBER, THURSDAY, cost=Money(10000, "EUR"))
    state = repairing(planned, planned)

    done = lived(state, [did(FinishAction(1, cost=Money(12550, "EUR"))), did(FinishAction(2))])

    assert [action.cost for action in done.actions] == [Money(12550, "EUR"), Money(10000, "EUR")]


def test_an_action_of_before_that_is_done_waits_for_nobody() -> None:
    old = Action(1, PLUMBER, THURSDAY, done_at=MONDAY)
    assert not old.is_open


def test_the_timeline_tells_each_step_once() -> None:
    acts = (DONE, did(REFUSED), did(ChangeAction(1, owner="painter")), did(DropAction(1)))
    state, kinds = repairing(), list[EntryKind]()
    for event in acts:
        move = apply(state, event)
        kinds += [entry.kind for entry in move.entries]
        state = lived(state, [event])

    assert kinds == [
        EntryKind.ACTION_DONE,
        EntryKind.ACTION_REFUSED,
        EntryKind.ACTION_CHANGED,
        EntryKind.ACTION_DROPPED,
    ]
