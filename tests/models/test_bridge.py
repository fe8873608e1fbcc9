"""What is told of a call's two legs comes to one outcome, in whatever order and however often it is told."""

from collections.abc import Sequence
from itertools import chain
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.actions import Reached
from models.bridge import (
    Accepted,
    AnsweredBy,
    CallEvent,
    Declined,
    Dialled,
    Held,
    HeldBack,
    Leg,
    LegTold,
    Outcome,
    Standing,
    Status,
    fold,
)

D, C = Leg.DIRECTOR, Leg.CUSTOMER
UP = (LegTold(D, Status.INITIATED), LegTold(D, Status.RINGING), LegTold(D, Status.ANSWERED))
DOWN = LegTold(D, Status.COMPLETED, 70)
RINGS = (LegTold(C, Status.INITIATED), LegTold(C, Status.RINGING))
TALK = (*RINGS, LegTold(C, Status.ANSWERED), LegTold(C, Status.COMPLETED, 42))

REACHED = (
    *UP,
    Accepted(),
    *TALK,
    AnsweredBy(machine=False),
    Dialled(Status.COMPLETED, True, 41),
    DOWN,
)
LIVES: dict[str, tuple[Sequence[CallEvent], Outcome | None]] = {
    "reached": (REACHED, Outcome.REACHED),
    "reached, and nobody says whether they were connected": (
        (*UP, Accepted(), *TALK, Dialled(Status.ANSWERED), DOWN),
        Outcome.REACHED,
    ),
    "reached, and the end of the dialling was lost": (
        (*UP, Accepted(), *TALK, DOWN),
        Outcome.REACHED,
    ),
    "busy": (
        (*UP, Accepted(), *RINGS, LegTold(C, Status.BUSY, 0, 486), Dialled(Status.BUSY), DOWN),
        Outcome.BUSY,
    ),
    "no answer": (
        (*UP, Accepted(), *RINGS, LegTold(C, Status.NO_ANSWER), Dialled(Status.NO_ANSWER), DOWN),
        Outcome.NO_ANSWER,
    ),
    "switched off, which the network calls failed": (
        (*UP, Accepted(), LegTold(C, Status.FAILED, 0, 480), Dialled(Status.FAILED), DOWN),
        Outcome.NO_ANSWER,
    ),
    "the customer's voicemail": (
        (
            *UP,
            Accepted(),
            *TALK,
            AnsweredBy(machine=True),
            Dialled(Status.COMPLETED, True, 20),
            DOWN,
        ),
        Outcome.VOICEMAIL,
    ),
    "no such number": (
        (*UP, Accepted(), LegTold(C, Status.FAILED, 0, 404), Dialled(Status.FAILED), DOWN),
        Outcome.FAILED,
    ),
    "the director hangs up while it rings": (
        (*UP, Accepted(), *RINGS, LegTold(C, Status.CANCELED), DOWN),
        Outcome.CANCELLED,
    ),
    "the customer takes up, and the director is gone": (
        (*UP, Accepted(), *TALK, Dialled(Status.COMPLETED, False, 1), DOWN),
        Outcome.CANCELLED,
    ),
    "the director's voicemail": ((*UP, DOWN), Outcome.DIRECTOR_NOT_REACHED),
    "somebody took up, and nobody had pressed the key": (
        (*UP, *TALK, Dialled(Status.ANSWERED), DOWN),
        Outcome.DIRECTOR_NOT_REACHED,
    ),
    "the director's line is busy": ((UP[0], LegTold(D, Status.BUSY)), Outcome.DIRECTOR_NOT_REACHED),
    "the director does not answer": (
        (*UP[:2], LegTold(D, Status.NO_ANSWER)),
        Outcome.DIRECTOR_NOT_REACHED,
    ),
    "no such number of the director": ((UP[0], LegTold(D, Status.FAILED)), Outcome.FAILED),
    "the director presses another key": ((*UP, Declined(), DOWN), Outcome.CANCELLED),
    "the case was closed meanwhile": ((*UP, HeldBack(Held.CLOSED), DOWN), Outcome.CANCELLED),
    "accepted, and then nothing was heard of the customer": ((*UP, Accepted(), DOWN), None),
    "nothing was told": ((), None),
}


@pytest.mark.parametrize("life", LIVES)
def test_each_call_has_the_outcome_that_it_had(life: str) -> None:
    events, outcome = LIVES[life]
    assert fold(events).outcome is outcome


EVERYTHING = tuple(dict.fromkeys(chain.from_iterable(events for events, _ in LIVES.values())))


@given(st.lists(st.sampled_from(EVERYTHING), max_size=12), st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_changes_what_it_comes_to(
    events: list[CallEvent], chance: Random
) -> None:
    again = [*events, *(event for event in events if chance.random() < 0.5)]
    chance.shuffle(again)
    assert fold(again) == fold(events)


@given(st.sets(st.sampled_from([e for e in EVERYTHING if isinstance(e, LegTold) and e.leg is D])))
def test_the_directors_leg_says_nothing_of_the_customer(told: set[CallEvent]) -> None:
    calls = {
        fold((*told, *more)).outcome for more in ((Accepted(), *TALK), (Accepted(), *TALK, DOWN))
    }
    assert calls == {Outcome.REACHED}
    assert fold(told).attempt is None


@given(st.sets(st.sampled_from(EVERYTHING)))
def test_without_the_key_nobody_was_tried(told: set[CallEvent]) -> None:
    """What the network tells of the customer's leg cannot be told where nobody pressed it."""
    of_director = {e for e in told if not isinstance(e, Accepted | Dialled | AnsweredBy)}
    alone = {e for e in of_director if not isinstance(e, LegTold) or e.leg is D}
    assert fold(alone).attempt is None


def test_talk_time_is_that_of_a_talk_alone() -> None:
    assert fold(REACHED).talk == 41
    assert fold(LIVES["reached, and the end of the dialling was lost"][0]).talk == 42
    assert fold(LIVES["the customer's voicemail"][0]).talk is None


@pytest.mark.parametrize(
    ("told", "standing"),
    [
        ((), Standing.STARTING),
        (UP[:2], Standing.RINGING_DIRECTOR),
        (UP, Standing.ASKING_DIRECTOR),
        ((*UP, Accepted()), Standing.RINGING_CUSTOMER),
        ((*UP, Accepted(), *TALK[:3]), Standing.TALKING),
        (REACHED, Standing.OVER),
        ((*UP, Declined()), Standing.OVER),
    ],
)
def test_who_looks_on_sees_where_it_is(told: Sequence[CallEvent], standing: Standing) -> None:
    assert fold(told).standing is standing


def test_a_voicemail_is_an_attempt_and_no_contact() -> None:
    assert fold(LIVES["the customer's voicemail"][0]).attempt is Reached.VOICEMAIL
    assert fold(REACHED).attempt is Reached.REACHED
    assert fold(LIVES["no such number"][0]).attempt is None
