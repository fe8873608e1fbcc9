"""Who rings us and about what, and what is told of the colleagues who are rung for it: in any order, however
often.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.bridge import (
    Accepted,
    Call,
    CallEvent,
    Declined,
    Dialled,
    Leg,
    LegTold,
    Outcome,
    Standing,
    Status,
)
from models.inbound import Heard, InQuestion, caller_of, fold, in_question

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
D = Leg.DIRECTOR
RINGS = (LegTold(D, Status.INITIATED), LegTold(D, Status.RINGING))
UP = (*RINGS, LegTold(D, Status.ANSWERED))
DOWN = LegTold(D, Status.COMPLETED, 51)
TALKED = Dialled(Status.COMPLETED, True, 51)
NOT_REACHED, GONE = Outcome.DIRECTOR_NOT_REACHED, Outcome.CANCELLED

LIVES: dict[str, tuple[Sequence[CallEvent], Outcome | None, Standing]] = {
    "they spoke": ((*UP, Accepted(), DOWN, TALKED), Outcome.REACHED, Standing.OVER),
    "they spoke, and nobody says so": (
        (*UP, Accepted(), DOWN, Dialled(Status.ANSWERED)),
        Outcome.REACHED,
        Standing.OVER,
    ),
    "they spoke, and the end of the dialling was lost": (
        (*UP, Accepted(), DOWN),
        Outcome.REACHED,
        Standing.OVER,
    ),
    "they are talking": ((*UP, Accepted()), None, Standing.TALKING),
    "his voicemail, which the network calls completed": (
        (*UP, DOWN, Dialled(Status.COMPLETED, False, 9)),
        NOT_REACHED,
        Standing.OVER,
    ),
    "his voicemail, and the network says nothing of it": (
        (*UP, DOWN, Dialled(Status.COMPLETED)),
        NOT_REACHED,
        Standing.OVER,
    ),
    "his voicemail, and the network believes that they spoke": (
        (*UP, DOWN, TALKED),
        NOT_REACHED,
        Standing.OVER,
    ),
    "he pressed another key": ((*UP, Declined()), NOT_REACHED, Standing.OVER),
    "busy": ((*RINGS, LegTold(D, Status.BUSY), Dialled(Status.BUSY)), NOT_REACHED, Standing.OVER),
    "no answer": ((*RINGS, Dialled(Status.NO_ANSWER, False)), NOT_REACHED, Standing.OVER),
    "he pressed the key, and the customer was gone": (
        (*UP, Accepted(), DOWN, Dialled(Status.COMPLETED, False)),
        GONE,
        Standing.OVER,
    ),
    "he is asked": (UP, None, Standing.ASKING_DIRECTOR),
    "it rings": (RINGS, None, Standing.RINGING_DIRECTOR),
    "nothing was told": ((), None, Standing.STARTING),
}


def heard(events: Sequence[CallEvent]) -> list[Heard]:
    return [Heard(NOON + timedelta(seconds=n), event) for n, event in enumerate(events)]


@pytest.mark.parametrize(("events", "outcome", "standing"), LIVES.values(), ids=LIVES)
def test_a_ring_comes_to_one_outcome(
    events: Sequence[CallEvent], outcome: Outcome | None, standing: Standing
) -> None:
    call = fold(heard(events))
    assert (call.outcome, call.standing) == (outcome, standing)
    assert (call.attempt is not None) is (outcome is Outcome.REACHED)


@given(st.sampled_from(sorted(LIVES)), st.randoms())
def test_neither_order_nor_repetition_changes_it(name: str, random: Random) -> None:
    told = heard(LIVES[name][0])
    again = told + random.choices(told, k=len(told)) if told else []
    random.shuffle(again)
    assert fold(again) == fold(told)


def test_the_talk_is_counted_from_the_key_and_not_from_when_his_phone_was_taken_up() -> None:
    at: dict[CallEvent, int] = {Accepted(): 9, DOWN: 51, TALKED: 52}
    told = [Heard(NOON + timedelta(seconds=n), event) for event, n in at.items()]
    assert {fold(order).talk for order in permutations(told)} == {42}


def test_news_that_comes_late_makes_no_talk_longer_than_the_network_says() -> None:
    told = [Heard(NOON, Accepted()), Heard(NOON + timedelta(hours=1), TALKED)]
    assert fold(told).talk == 51


def test_of_who_was_not_reached_there_is_no_talk() -> None:
    assert fold(heard((*UP, DOWN))) == Call(Standing.OVER, NOT_REACHED)


@pytest.mark.parametrize(
    "said",
    [
        *("", "anonymous", "Restricted", "sip:anonymous@anonymous.invalid", "0639981234", "+0612"),
        *("+266696687", "+8656696", "+2562533", "+7378742833", "+17378742833", "+86282452253"),
        "+7748283",
    ],
)
def test_who_hides_his_number_is_nobody(said: str) -> None:
    assert caller_of(said) is None


@pytest.mark.parametrize("said", ["+33639981234", "+12665550123", "+262692000001"])
def test_a_number_is_taken_as_it_is(said: str) -> None:
    assert caller_of(said) == said


def test_of_several_cases_it_is_the_one_whose_director_turned_to_him_last() -> None:
    hour = timedelta(hours=1)
    old = InQuestion("old", NOON - 9 * hour, NOON - hour)
    older = InQuestion("older", NOON - 8 * hour, NOON - 2 * hour)
    new = InQuestion("new", NOON)
    assert in_question([new, older, old]) == old
    assert in_question([InQuestion("one", NOON - hour), new]) == new
    assert in_question([]) is None
