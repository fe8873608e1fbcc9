"""What makes the customer be called again, and what of the round before still counts."""

from dataclasses import replace

import pytest

from models.actions import (
    Acknowledge,
    Attempt,
    CallMe,
    Confirm,
    Contact,
    FinishAction,
    Outcome,
    Reached,
)
from models.attempts import exhausted
from models.case import CaseState, Stage
from models.errors import WrongMove
from models.ladder import Clock, Target
from models.moves import apply
from models.notices import Audience, Message, Notice
from models.reach import Reach
from models.revisions import Change
from models.transfers import ToTheTop, UpTheLadder
from tests.models.rehearsal import (
    HAPPY,
    HOUR,
    MONDAY,
    REACHED,
    REPAIR,
    TOPIC,
    after,
    committed,
    did,
    lived,
    words,
)

RANG = CallMe(Contact.PHONE)


def test_words_before_the_contact_join_without_moving_the_case() -> None:
    move = apply(after(Acknowledge()), words(submitted_at=MONDAY))

    assert move.state.stage is Stage.ACKNOWLEDGED
    assert move.clock is None
    assert move.notices == (Notice(Message.HEARD_AGAIN, Audience.OWNER),)


def test_words_older_than_the_contact_do_not_ask_for_another_call() -> None:
    assert apply(after(*HAPPY[:4]), words(submitted_at=MONDAY)).state.round == 1


@pytest.mark.parametrize("done", range(2, 6))
def test_words_newer_than_the_contact_ask_for_another_call(done: int) -> None:
    later = MONDAY + HOUR
    move = apply(after(*HAPPY[:done]), words(submitted_at=later))

    assert move.state.stage is Stage.ASKED
    assert move.state.round == 2
    assert (move.state.reached_at, move.state.attempts) == (None, 0)
    assert move.clock == Clock(Target.ACKNOWLEDGE, later)


def test_a_no_reopens_the_case_in_a_new_round_and_answers_the_confirmation() -> None:
    move = apply(after(*HAPPY[:5]), did(Confirm(solved=False)))

    assert move.state.stage is Stage.ASKED
    assert move.state.round == 2
    assert move.answered


def test_reopened_work_does_not_go_back_to_who_thought_it_solved() -> None:
    """It goes one level up, with a target of its own, and the former owner is told."""
    move = apply(after(*HAPPY[:5]), did(Confirm(solved=False), at=MONDAY + HOUR))

    assert move.transfer == UpTheLadder(1)
    assert move.clock == Clock(Target.ACKNOWLEDGE, MONDAY + HOUR)
    assert move.notices == (
        Notice(Message.REOPENED, Audience.OWNER),
        Notice(Message.MOVED_ON, Audience.FORMER_OWNER),
        Notice(Message.MOVED_ON, Audience.THOSE_BEFORE),
    )


def test_who_wants_a_call_gets_it_from_the_same_owner_in_a_new_round() -> None:
    move = apply(after(*HAPPY[:5]), did(CallMe(), at=MONDAY + HOUR))

    assert (move.state.stage, move.state.round) == (Stage.ACKNOWLEDGED, 2)
    assert (move.transfer, move.answered) == (None, False)
    assert move.clock == Clock(Target.CONTACT, MONDAY + HOUR)
    assert move.notices == (Notice(Message.CALL_WANTED, Audience.OWNER),)


def test_who_asks_for_a_call_may_be_called_whatever_he_asked_before() -> None:
    never = replace(after(*HAPPY[:5]), reach=Reach(no_calls_since=MONDAY))
    called = committed(apply(never, did(CallMe(), at=MONDAY + HOUR)))
    assert lived(called, [did(REACHED, at=MONDAY + 2 * HOUR)]).reached_at is not None


def test_who_writes_before_he_was_called_waits_for_the_same_call() -> None:
    move = apply(after(Acknowledge()), did(CallMe(unasked=True), at=MONDAY + HOUR))

    assert (move.state.stage, move.state.round, move.clock) == (Stage.ACKNOWLEDGED, 1, None)
    assert move.notices == (Notice(Message.WROTE, Audience.OWNER),)


def test_who_writes_after_he_was_called_is_called_again() -> None:
    move = apply(after(*HAPPY[:4]), did(CallMe(unasked=True), at=MONDAY + HOUR))

    assert (move.state.stage, move.state.round) == (Stage.ACKNOWLEDGED, 2)
    assert move.clock == Clock(Target.CONTACT, MONDAY + HOUR)


def test_who_writes_unasked_takes_no_wish_back_and_moves_no_stalled_case() -> None:
    stalled = replace(
        after(Acknowledge()), reach=Reach(no_calls_since=MONDAY), stalled_since=MONDAY
    )
    wrote = apply(stalled, did(CallMe(unasked=True), at=MONDAY + HOUR)).state

    assert (wrote.reach.no_calls_since, wrote.stalled_since) == (MONDAY, MONDAY)


@pytest.mark.parametrize("done", range(6))
def test_who_rang_in_vain_is_to_be_called_wherever_his_case_stands(done: int) -> None:
    before = after(*HAPPY[:done])
    move = apply(before, did(RANG, at=MONDAY + HOUR))

    assert move.state.stage is (Stage.ACKNOWLEDGED if done else Stage.ASKED)
    assert (move.state.round, move.state.reached_at) == (2, None)
    assert (move.transfer, move.answered) == (None, False)
    assert move.notices == (Notice(Message.MISSED_CALL, Audience.OWNER),)


@pytest.mark.parametrize("done", [0, 1])
def test_that_he_rang_gives_nobody_more_time_to_call_him(done: int) -> None:
    assert apply(after(*HAPPY[:done]), did(RANG, at=MONDAY + HOUR)).clock is None


@pytest.mark.parametrize(
    "waiting",
    [
        after(Acknowledge(), Attempt(Reached.LATER, again_at=MONDAY + 30 * HOUR)),
        replace(after(Acknowledge()), reach=Reach(next_call_at=MONDAY + 3 * HOUR)),
    ],
)
def test_who_rings_before_he_was_to_be_called_is_awaited_from_then_on(waiting: CaseState) -> None:
    move = apply(waiting, did(RANG, at=MONDAY + HOUR))

    assert move.clock == Clock(Target.CONTACT, MONDAY + HOUR)
    assert (move.state.again_at, move.state.reach.next_call_at) == (None, None)


def test_who_rings_back_after_attempts_in_vain_is_not_unreachable() -> None:
    tired = after(*[Attempt(Reached.NO_ANSWER)] * 3)

    assert exhausted(tired)
    assert not exhausted(lived(tired, [did(RANG)]))


def test_that_he_rang_in_vain_moves_no_stalled_case() -> None:
    stalled = replace(after(Acknowledge()), stalled_since=MONDAY)

    assert apply(stalled, did(RANG)).state.stalled_since == MONDAY


def test_who_asked_not_to_be_called_may_be_spoken_with_when_he_rings() -> None:
    never = replace(after(Acknowledge()), reach=Reach(no_calls_since=MONDAY))
    rang = Attempt(Reached.REACHED, inbound=True)

    assert apply(never, did(rang)).state.reached_at == MONDAY
    with pytest.raises(WrongMove):
        apply(never, did(REACHED))


def test_after_the_wanted_call_what_it_gave_settles_the_case() -> None:
    called = after(*HAPPY[:5], CallMe(), REACHED)

    assert called.stage is Stage.UNDERSTOOD
    assert lived(called, [did(REPAIR), did(FinishAction(2))]).stage is Stage.CONFIRMING


def test_after_a_no_the_old_repair_does_not_ask_the_customer_again() -> None:
    assert after(*HAPPY[:5], Confirm(solved=False), REACHED).stage is Stage.UNDERSTOOD


def test_an_action_done_while_the_customer_must_be_called_again_leaves_the_case_asked() -> None:
    state = lived(after(*HAPPY[:4]), [words(submitted_at=MONDAY + HOUR)])

    move = apply(state, did(FinishAction(1)))

    assert move.state.stage is Stage.ASKED
    assert move.clock is None
    assert lived(committed(move), [did(REACHED)]).stage is Stage.CONFIRMING


@pytest.mark.parametrize("done", range(6))
def test_words_of_a_new_topic_take_the_case_to_the_top_from_wherever_it_stands(done: int) -> None:
    later = MONDAY + HOUR
    move = apply(after(*HAPPY[:done]), words(submitted_at=later, topic=TOPIC))

    assert move.transfer == ToTheTop()
    assert move.state.stage is Stage.ASKED
    assert move.clock == Clock(Target.ACKNOWLEDGE, later)
    assert [notice.to for notice in move.notices] == [
        Audience.OWNER,
        Audience.FORMER_OWNER,
        Audience.THOSE_BEFORE,
    ]


def test_older_words_of_a_topic_move_the_case_and_not_the_work() -> None:
    move = apply(after(*HAPPY[:4]), words(submitted_at=MONDAY, topic=TOPIC))

    assert move.transfer == ToTheTop()
    assert (move.state.stage, move.state.round) == (Stage.REPAIRING, 1)


def test_a_topic_that_the_top_knows_already_starts_no_other_target() -> None:
    raised = lived(after(), [words(submitted_at=MONDAY, topic=TOPIC)])

    move = apply(raised, words(submitted_at=MONDAY + HOUR, topic=TOPIC))

    assert (move.transfer, move.clock) == (None, None)
    assert move.notices == (Notice(Message.HEARD_AGAIN, Audience.OWNER),)


@pytest.mark.parametrize("change", [Change.WORSE, Change.WORDS])
def test_a_worse_or_longer_answer_after_the_contact_asks_for_another_call(change: Change) -> None:
    move = apply(after(*HAPPY[:4]), words(submitted_at=MONDAY + HOUR, change=change))

    assert (move.state.stage, move.state.round) == (Stage.ASKED, 2)
    assert move.notices == (Notice(Message.HEARD_AGAIN, Audience.OWNER),)
    assert move.entries[0].facts["change"] == change


@pytest.mark.parametrize("change", [Change.BETTER, Change.WITHDRAWN])
def test_a_better_answer_or_one_of_several_taken_back_is_noted(change: Change) -> None:
    before = after(*HAPPY[:4])
    move = apply(before, words(submitted_at=MONDAY + HOUR, change=change))

    assert (move.state.stage, move.state.round) == (before.stage, 1)
    assert (move.notices, move.clock) == ((), None)


@pytest.mark.parametrize("done", range(6))
def test_a_case_ends_as_withdrawn_wherever_it_stands_once_no_answer_is_left(done: int) -> None:
    gone = words(submitted_at=MONDAY + HOUR, change=Change.ALL_WITHDRAWN)
    state = apply(after(*HAPPY[:done]), gone).state

    assert (state.stage, state.outcome) == (Stage.CLOSED, Outcome.WITHDRAWN)
