"""On which grounds a person may close a case."""

from dataclasses import replace

import pytest

from models.action import Stand
from models.actions import (
    Act,
    AddAction,
    Attempt,
    Close,
    Confirm,
    Contact,
    FinishAction,
    Outcome,
    PromiseKind,
    Reached,
)
from models.case import Confirmation, Stage
from models.errors import WrongMove
from models.moves import apply
from models.notices import Audience, Message, Notice
from models.promises import Word, word_of
from models.reach import Reach
from models.timeline import EntryKind
from tests.models.rehearsal import (
    CAUSE,
    DIRECTOR,
    HAPPY,
    HOUR,
    MONDAY,
    NO,
    NO_ANSWER,
    REACHED,
    REPAIR,
    UNREACHABLE_AFTER,
    YES,
    after,
    did,
    lived,
    opened,
)

REFUSED = Attempt(Reached.REFUSED)
MET = Attempt(Reached.REACHED, Contact.MEETING)
REOPENED = (*HAPPY[:5], NO)
TWICE = (NO_ANSWER, NO_ANSWER)


@pytest.mark.parametrize(
    ("outcome", "acts"),
    [
        (Outcome.WITHDRAWN, ()),
        (Outcome.UNREACHABLE, (NO_ANSWER,) * UNREACHABLE_AFTER),
        (Outcome.UNREACHABLE, (*REOPENED, *[NO_ANSWER] * UNREACHABLE_AFTER)),
        (Outcome.DECLINED, (REFUSED,)),
        (Outcome.DECLINED, (REACHED,)),
        (Outcome.NOT_RECOVERED, (REACHED, CAUSE)),
        (Outcome.NOT_RECOVERED, HAPPY[:5]),
        (Outcome.RECOVERED, HAPPY[:5]),
    ],
)
def test_a_case_with_grounds_closes(outcome: Outcome, acts: tuple[Act, ...]) -> None:
    closed = apply(after(*acts), did(Close(outcome))).state

    assert (closed.stage, closed.outcome) == (Stage.CLOSED, outcome)
    assert closed.rungs == ()


@pytest.mark.parametrize(
    ("outcome", "acts", "rule"),
    [
        (Outcome.UNREACHABLE, (NO_ANSWER,) * (UNREACHABLE_AFTER - 1), "attempts_left"),
        (Outcome.UNREACHABLE, (*[NO_ANSWER] * UNREACHABLE_AFTER, REACHED), "was_reached"),
        (Outcome.UNREACHABLE, (*TWICE, *REOPENED[1:], NO_ANSWER), "attempts_left"),
        (Outcome.UNREACHABLE, (*TWICE, REFUSED), "was_reached"),
        (Outcome.DECLINED, (NO_ANSWER,), "no_contact"),
        (Outcome.DECLINED, (REFUSED, MET, *REOPENED[2:]), "no_contact"),
        (Outcome.NOT_RECOVERED, (NO_ANSWER,), "no_contact"),
        (Outcome.NOT_RECOVERED, (REACHED,), "no_cause"),
        (Outcome.NOT_RECOVERED, (REACHED, CAUSE, REPAIR), "open_actions"),
        (Outcome.RECOVERED, (), "no_contact"),
        (Outcome.RECOVERED, (REACHED,), "no_cause"),
        (Outcome.RECOVERED, (REACHED, CAUSE), "nothing_repaired"),
        (Outcome.RECOVERED, (REACHED, CAUSE, REPAIR, REPAIR, FinishAction(1)), "open_actions"),
        (Outcome.RECOVERED, (*REOPENED, REACHED), "nothing_repaired"),
    ],
)
def test_a_case_is_not_closed_without_a_contact_or_exhausted_attempts(
    outcome: Outcome, acts: tuple[Act, ...], rule: str
) -> None:
    with pytest.raises(WrongMove) as refused:
        apply(after(*acts), did(Close(outcome)))

    assert refused.value.rule == rule


def test_unreachable_takes_the_written_messages_of_the_policy_too() -> None:
    thrice = after(*[NO_ANSWER] * UNREACHABLE_AFTER)
    unwritten = replace(thrice, reach=Reach(write_after=(1, 3), written=1))

    with pytest.raises(WrongMove, match="2 messages to the customer; 1 are written") as refused:
        apply(unwritten, did(Close(Outcome.UNREACHABLE)))

    assert refused.value.rule == "not_written"


def test_who_could_not_be_reached_gets_a_last_message() -> None:
    closed = apply(after(*[NO_ANSWER] * UNREACHABLE_AFTER), did(Close(Outcome.UNREACHABLE)))

    assert closed.notices == (Notice(Message.UNREACHED, Audience.CUSTOMER),)


PLUMBED = AddAction("plumber", MONDAY + 72 * HOUR, PromiseKind.REPAIR)


@pytest.mark.parametrize(
    ("outcome", "word"),
    [(Outcome.DECLINED, Word.BROKEN), (Outcome.WITHDRAWN, Word.DROPPED)],
)
def test_a_promise_that_is_open_at_the_end_is_dropped_and_whoever_counted_on_it_is_told(
    outcome: Outcome, word: Word
) -> None:
    move = apply(after(REACHED, CAUSE, PLUMBED), did(Close(outcome)))
    (promise,) = move.state.actions

    assert promise.stand is Stand.DROPPED
    assert word_of(promise, closed_at=promise.dropped_at) is word
    assert [entry.kind for entry in move.entries] == [EntryKind.CLOSED, EntryKind.ACTION_DROPPED]
    assert move.entries[1].facts == {"number": 1, "agreed": int(word is Word.DROPPED)}
    assert move.notices == (
        Notice(Message.PROMISE_DROPPED, Audience.CUSTOMER, 1),
        Notice(Message.ACTION_TAKEN, Audience.DOER, 1, "plumber"),
    )


def test_who_could_not_be_reached_after_a_promise_is_told_that_it_is_dropped() -> None:
    promised = after(REACHED, CAUSE, PLUMBED)
    reopened = replace(promised, stage=Stage.ACKNOWLEDGED, reached_at=None)
    given_up = lived(reopened, [did(NO_ANSWER)] * UNREACHABLE_AFTER)
    move = apply(given_up, did(Close(Outcome.UNREACHABLE)))

    assert {Message.UNREACHED, Message.PROMISE_DROPPED} <= {n.message for n in move.notices}


def test_what_was_done_by_the_end_stays_done_though_nobody_looked_at_it() -> None:
    offered = lived(after(REACHED, CAUSE, PLUMBED), [did(FinishAction(1), by="plumber")])
    move = apply(offered, did(Close(Outcome.WITHDRAWN)))

    assert [action.stand for action in move.state.actions] == [Stand.DONE]
    assert move.notices == ()


def test_a_gesture_that_still_waited_for_a_yes_is_dropped_and_the_customer_hears_nothing() -> None:
    gesture = AddAction("plumber", MONDAY + HOUR, PromiseKind.GESTURE, beyond=True)
    move = apply(after(REACHED, CAUSE, gesture), did(Close(Outcome.WITHDRAWN)))

    assert [action.stand for action in move.state.actions] == [Stand.DROPPED]
    assert move.notices == ()


def test_closing_before_the_customer_answered_is_unconfirmed() -> None:
    closed = apply(after(*HAPPY[:5]), did(Close(Outcome.RECOVERED))).state

    assert closed.confirmation is Confirmation.UNCONFIRMED


def test_closing_a_case_whose_customer_was_never_asked_says_so() -> None:
    closed = apply(opened(), did(Close(Outcome.WITHDRAWN))).state

    assert closed.confirmation is Confirmation.NOT_ASKED


def test_a_yes_stands_on_the_timeline_before_the_closing_it_brings() -> None:
    move = apply(after(*HAPPY[:5]), did(YES))

    assert [entry.kind for entry in move.entries] == [EntryKind.CONFIRMED, EntryKind.CLOSED]
    assert {entry.by for entry in move.entries} == {DIRECTOR}


@pytest.mark.parametrize("names", [0, 2])
def test_who_is_satisfied_again_may_recommend_us(names: int) -> None:
    by_hand = apply(after(*HAPPY[:5]), did(Close(Outcome.RECOVERED, names)))
    by_customer = apply(after(*HAPPY[:5]), did(Confirm(solved=True, referral=names)))

    for move in (by_hand, by_customer):
        assert move.entries[-1].facts["referral"] == names


def test_a_case_closes_without_a_word_of_a_referral() -> None:
    closed = apply(after(*HAPPY[:5]), did(Close(Outcome.RECOVERED)))

    assert "referral" not in closed.entries[-1].facts


@pytest.mark.parametrize(
    ("acts", "act"),
    [
        ((REACHED, CAUSE), Close(Outcome.NOT_RECOVERED, 1)),
        ((REACHED,), Close(Outcome.DECLINED, 0)),
        ((), Close(Outcome.WITHDRAWN, 0)),
        (HAPPY[:5], Confirm(solved=False, referral=1)),
    ],
)
def test_nobody_else_recommends_us(acts: tuple[Act, ...], act: Act) -> None:
    with pytest.raises(WrongMove) as refused:
        apply(after(*acts), did(act))
    assert refused.value.rule == "referral"


@pytest.mark.parametrize(
    ("outcome", "acts"),
    [
        (Outcome.DECLINED, (REACHED,)),
        (Outcome.UNREACHABLE, (NO_ANSWER,) * UNREACHABLE_AFTER),
        (Outcome.WITHDRAWN, ()),
    ],
)
def test_where_nobody_learnt_why_no_cause_is_made_up(
    outcome: Outcome, acts: tuple[Act, ...]
) -> None:
    assert apply(after(*acts), did(Close(outcome))).state.cause is None


def test_who_was_only_written_to_is_not_unreachable() -> None:
    letter = Attempt(Reached.NO_ANSWER, Contact.WRITTEN)

    with pytest.raises(WrongMove) as refused:
        apply(after(letter, letter, letter), did(Close(Outcome.UNREACHABLE)))

    assert refused.value.rule == "attempts_left"
