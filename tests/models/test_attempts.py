"""An attempt is a contact, or a date, or nothing yet; and the latest one can be taken back."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from models.actions import (
    Acknowledge,
    Act,
    Attempt,
    Close,
    Contact,
    HandOver,
    NameCause,
    Outcome,
    Reached,
    TakeBack,
)
from models.attempts import IN_VAIN
from models.case import Acted, CaseState, Event, Stage
from models.errors import WrongMove
from models.ladder import Clock, Target
from models.moves import apply
from models.notices import Audience, Message, Notice
from models.reach import Reach
from models.timeline import EntryKind
from tests.models.rehearsal import (
    CAUSE,
    DONE,
    HAPPY,
    HOUR,
    LATER,
    MONDAY,
    NO_ANSWER,
    REACHED,
    REPAIR,
    after,
    committed,
    did,
    lived,
    opened,
    silence,
    words,
)

THURSDAY = MONDAY + timedelta(days=3)
ON_THURSDAY = Attempt(Reached.LATER, again_at=THURSDAY)
BACK = TakeBack()


def refusal(state: CaseState, event: Event) -> str:
    with pytest.raises(WrongMove) as refused:
        apply(state, event)
    return refused.value.rule


def test_who_wants_a_call_at_another_time_is_not_a_contact() -> None:
    state = after(ON_THURSDAY)

    assert (state.stage, state.reached_at, state.again_at) == (Stage.ACKNOWLEDGED, None, THURSDAY)


def test_nobody_is_nagged_before_the_time_that_the_customer_named() -> None:
    move = apply(after(Acknowledge()), did(ON_THURSDAY))

    assert move.clock == Clock(Target.CONTACT, MONDAY, by=THURSDAY)
    assert move.entries[0].facts["again_at"] == THURSDAY.isoformat()


def test_without_a_time_it_is_as_if_nobody_had_answered() -> None:
    state = after(Acknowledge())

    assert apply(state, did(LATER)).clock == apply(state, did(NO_ANSWER)).clock


@pytest.mark.parametrize("again_at", [MONDAY, MONDAY - HOUR])
def test_a_time_that_has_passed_is_refused(again_at: datetime) -> None:
    act = replace(ON_THURSDAY, again_at=again_at)

    assert refusal(opened(), did(act)) == "due_in_the_past"


def test_whoever_takes_the_case_over_waits_for_the_time_too() -> None:
    state = after(ON_THURSDAY, HandOver("colleague"))

    assert apply(state, did(Acknowledge())).clock == Clock(Target.CONTACT, MONDAY, by=THURSDAY)


def test_once_the_time_has_passed_the_contact_is_awaited_as_ever() -> None:
    move = apply(after(ON_THURSDAY), did(NO_ANSWER, at=THURSDAY))

    assert move.clock == Clock(Target.CONTACT, THURSDAY)


@pytest.mark.parametrize(
    ("attempt", "kept"), [(NO_ANSWER, THURSDAY), (LATER, None), (REACHED, None)]
)
def test_the_time_holds_until_he_is_spoken_to_or_names_another(
    attempt: Attempt, kept: datetime | None
) -> None:
    assert after(ON_THURSDAY, attempt).again_at == kept


def test_another_time_is_no_attempt_in_vain() -> None:
    state = after(NO_ANSWER, NO_ANSWER, LATER)

    assert (state.attempts, state.postponed) == (3, 1)
    assert refusal(state, did(Close(Outcome.UNREACHABLE))) == "attempts_left"


WRITING = replace(opened(), reach=Reach(write_after=(1, 3)))
"""A case whose policy writes to the customer after the first and the third attempt in vain."""
REFUSED = Attempt(Reached.REFUSED)


@pytest.mark.parametrize("outcome", sorted(IN_VAIN))
def test_an_attempt_in_vain_is_timed_so_that_the_next_one_can_be(outcome: Reached) -> None:
    assert apply(opened(), did(Attempt(outcome))).tried_at == MONDAY


def test_the_customer_is_written_to_after_the_attempts_that_the_policy_numbers() -> None:
    written, state = [], WRITING
    for attempt in (NO_ANSWER, Attempt(Reached.BUSY), LATER, NO_ANSWER):
        move = apply(state, did(attempt))
        written.append(move.notices)
        state = committed(move)

    told = (Notice(Message.TRIED, Audience.CUSTOMER),)
    assert written == [told, (), (), told]


def test_nobody_writes_that_he_was_not_reached_to_a_customer_who_was() -> None:
    assert lived(WRITING, [did(REACHED), did(NO_ANSWER)]).reach.written == 0


def test_who_asked_not_to_be_called_is_not_called_in_a_later_round_either() -> None:
    met = Attempt(Reached.REACHED, Contact.MEETING)
    again = lived(after(REFUSED, met), [words(submitted_at=THURSDAY)])

    assert not again.refused
    assert refusal(again, did(NO_ANSWER)) == "no_calls"


@pytest.mark.parametrize("channel", [Contact.MEETING, Contact.VISIT, Contact.WRITTEN])
def test_who_asked_not_to_be_called_can_be_written_to_or_met(channel: Contact) -> None:
    assert after(REFUSED, Attempt(Reached.REACHED, channel)).reached_at == MONDAY


def test_a_wrong_number_is_remembered_for_what_is_written_to_him() -> None:
    assert after(Attempt(Reached.WRONG_NUMBER), NO_ANSWER).reach.wrong_number


@pytest.mark.parametrize("attempt", [NO_ANSWER, REACHED, ON_THURSDAY, REFUSED])
@pytest.mark.parametrize("before", [(), (Acknowledge(),), (NO_ANSWER,), (REACHED, CAUSE, REPAIR)])
def test_an_attempt_taken_back_never_was(before: tuple[Act, ...], attempt: Act) -> None:
    state = after(*before)
    tried = lived(state, [did(attempt, at=MONDAY + HOUR)])

    back = lived(tried, [did(BACK, at=MONDAY + 2 * HOUR)])

    assert back == replace(state, seq=state.seq + 2, before=None)


def test_an_old_page_takes_back_no_newer_attempt() -> None:
    first = after(NO_ANSWER)
    seen = TakeBack(first.seq)
    second = lived(first, [did(REACHED)])

    assert refusal(second, did(seen)) == "nothing_to_take_back"
    assert lived(first, [did(seen)]).attempts == 0


def test_the_timeline_says_which_attempt_was_taken_back_and_by_whom() -> None:
    state = after(NO_ANSWER)

    move = apply(state, did(BACK, at=MONDAY + HOUR))

    [entry] = move.entries
    assert (entry.kind, entry.by, entry.facts) == (
        EntryKind.TAKEN_BACK,
        "director",
        {"seq": state.seq},
    )
    assert move.takes_back == state.seq
    assert not move.clock


def test_time_did_not_stop_for_who_takes_back() -> None:
    state = opened()
    late = state.rungs[-1].at + HOUR

    back = lived(state, [did(NO_ANSWER), did(BACK, at=late)])

    assert committed(apply(back, silence(back))).rungs == state.rungs[1:]


@pytest.mark.parametrize(
    "happened", [did(NameCause("rude")), words(submitted_at=MONDAY - HOUR), did(BACK)]
)
def test_nothing_can_be_taken_back_once_something_else_has_happened(happened: Event) -> None:
    assert refusal(lived(after(REACHED), [happened]), did(BACK)) == "nothing_to_take_back"


def test_silence_ends_the_time_for_taking_back() -> None:
    state = after(NO_ANSWER)

    assert refusal(lived(state, [silence(state)]), did(BACK)) == "nothing_to_take_back"


def test_only_the_latest_attempt_can_be_taken_back() -> None:
    assert after(NO_ANSWER, REACHED, BACK) == replace(after(NO_ANSWER), seq=4, before=None)


def test_a_customer_who_was_asked_cannot_be_unasked() -> None:
    again = lived(after(*HAPPY[:4]), [words(submitted_at=MONDAY + HOUR)])
    done = lived(again, [did(DONE), did(REACHED)])

    assert done.stage is Stage.CONFIRMING
    assert refusal(done, did(BACK)) == "nothing_to_take_back"


def test_nobody_takes_back_what_somebody_else_recorded() -> None:
    event = Acted(BACK, "colleague", MONDAY, draft="draft-2")

    assert refusal(after(NO_ANSWER), event) == "not_yours"
