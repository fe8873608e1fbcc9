"""A bridged call: a colleague is rung first, then the customer. What is told of both legs, in any order and
however often, folds into one outcome.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from models.actions import Reached


class Leg(StrEnum):
    DIRECTOR = "director"
    CUSTOMER = "customer"


class Status(StrEnum):
    """What the telephone network tells of one leg."""

    INITIATED = "initiated"
    RINGING = "ringing"
    ANSWERED = "answered"
    COMPLETED = "completed"
    """Answered, and over."""
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    CANCELED = "canceled"


class Outcome(StrEnum):
    REACHED = "reached"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    VOICEMAIL = "voicemail"
    """Of the customer. That of the colleague presses no key, so it is never put through."""
    DIRECTOR_NOT_REACHED = "director_not_reached"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Standing(StrEnum):
    """Where a call is, for who looks on."""

    STARTING = "starting"
    RINGING_DIRECTOR = "ringing_director"
    ASKING_DIRECTOR = "asking_director"
    RINGING_CUSTOMER = "ringing_customer"
    TALKING = "talking"
    OVER = "over"


class Held(StrEnum):
    """Why the customer was not dialled although the colleague was there and pressed the key."""

    CLOSED = "closed"
    NO_CALLS = "no_calls"
    NO_CONSENT = "no_consent"
    NO_NUMBER = "no_number"
    HOURS = "hours"
    NO_RIGHT = "no_right"


@dataclass(frozen=True, slots=True)
class LegTold:
    """`seconds` is how long the leg lasted, known once it is over; `sip` what its far end answered."""

    leg: Leg
    status: Status
    seconds: int | None = None
    sip: int | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The colleague pressed the key, and the customer was dialled."""


@dataclass(frozen=True, slots=True)
class Declined:
    """The colleague pressed another key."""


@dataclass(frozen=True, slots=True)
class HeldBack:
    why: Held


@dataclass(frozen=True, slots=True)
class Dialled:
    """How the dialling of the customer ended. `bridged` is None where nobody said whether they spoke."""

    status: Status
    bridged: bool | None = None
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class AnsweredBy:
    """Whether a machine answered at the customer's."""

    machine: bool


CallEvent: TypeAlias = LegTold | Accepted | Declined | HeldBack | Dialled | AnsweredBy


@dataclass(frozen=True, slots=True)
class Call:
    """`outcome` is None until it is known, and stays so where too little was told. `talk` is in seconds.

    Late news may still change the outcome of a call that is over, never who looked on.
    """

    standing: Standing = Standing.STARTING
    outcome: Outcome | None = None
    talk: int | None = None
    held: Held | None = None

    @property
    def over(self) -> bool:
        return self.standing is Standing.OVER

    @property
    def attempt(self) -> Reached | None:
        """What it comes to as an attempt to speak with the customer; None where it is none."""
        return ATTEMPTS.get(self.outcome) if self.outcome else None


ATTEMPTS = {
    Outcome.REACHED: Reached.REACHED,
    Outcome.BUSY: Reached.BUSY,
    Outcome.NO_ANSWER: Reached.NO_ANSWER,
    Outcome.VOICEMAIL: Reached.VOICEMAIL,
}

ENDED = frozenset({Status.COMPLETED, Status.BUSY, Status.NO_ANSWER, Status.FAILED, Status.CANCELED})
TAKEN_UP = frozenset({Status.ANSWERED, Status.COMPLETED})
NOT_THERE = frozenset({480, 408})
"""SIP: a phone that is switched off "failed", and yet the customer just did not answer."""
ENGAGED = frozenset({486, 600})


def fold(events: Iterable[CallEvent]) -> Call:
    """Of a set: neither order nor repetition counts."""
    told = frozenset(events)
    held = min((event.why for event in told if isinstance(event, HeldBack)), default=None)
    outcome = _outcome(told)
    return Call(
        _standing(told),
        outcome,
        _talk(told) if outcome is Outcome.REACHED else None,
        held,
    )


def _outcome(told: Collection[CallEvent]) -> Outcome | None:
    """The customer's is never taken from the colleague's leg: that one is completed whatever came of it."""
    if AnsweredBy(machine=True) in told:
        return Outcome.VOICEMAIL
    if _bridged(told):
        return Outcome.REACHED
    if any(isinstance(event, HeldBack) for event in told):
        return Outcome.CANCELLED
    if Accepted() in told:
        return _of_customer(told)
    return _of_director(told)


def _bridged(told: Collection[CallEvent]) -> bool:
    """Where the network says nothing of it, somebody took up at the customer's and we had put it through."""
    said = {event.bridged for event in told if isinstance(event, Dialled)} - {None}
    if said:
        return True in said
    return Accepted() in told and bool(_of_customers_leg(told) & {Status.COMPLETED})


def _of_customer(told: Collection[CallEvent]) -> Outcome | None:
    ended = _of_customers_leg(told) & ENDED
    for status in (Status.BUSY, Status.NO_ANSWER, Status.CANCELED, Status.FAILED):
        if status in ended:
            return Outcome.CANCELLED if status is Status.CANCELED else Outcome(status)
    return Outcome.CANCELLED if ended else None  # taken up, and gone before they were connected


def _of_director(told: Collection[CallEvent]) -> Outcome | None:
    ended = _of_directors_leg(told) & ENDED
    if Declined() in told or Status.CANCELED in ended:
        return Outcome.CANCELLED
    if Status.FAILED in ended:
        return Outcome.FAILED
    return Outcome.DIRECTOR_NOT_REACHED if ended else None


def _standing(told: Collection[CallEvent]) -> Standing:
    director, customer = _of_directors_leg(told), _of_customers_leg(told)
    finished = any(isinstance(event, Declined | HeldBack | Dialled) for event in told)
    if finished or (director | customer) & ENDED:
        return Standing.OVER
    if customer & TAKEN_UP:
        return Standing.TALKING
    if customer or Accepted() in told:
        return Standing.RINGING_CUSTOMER
    if director & TAKEN_UP:
        return Standing.ASKING_DIRECTOR
    return Standing.RINGING_DIRECTOR if director else Standing.STARTING


def _talk(told: Collection[CallEvent]) -> int | None:
    """The dialling knows it best; the customer's leg where that was never told."""
    dialled = [e.seconds for e in told if isinstance(e, Dialled) and e.seconds is not None]
    leg = [
        event.seconds
        for event in told
        if isinstance(event, LegTold) and event.leg is Leg.CUSTOMER and event.seconds is not None
    ]
    return max(dialled or leg, default=None)


def _of_customers_leg(told: Collection[CallEvent]) -> set[Status]:
    """A dialling that is answered when it is told has been answered, and is over."""
    dialled = {event.status for event in told if isinstance(event, Dialled)}
    over = {Status.COMPLETED if status is Status.ANSWERED else status for status in dialled}
    return over | {_meant(e) for e in told if isinstance(e, LegTold) and e.leg is Leg.CUSTOMER}


def _of_directors_leg(told: Collection[CallEvent]) -> set[Status]:
    return {_meant(e) for e in told if isinstance(e, LegTold) and e.leg is Leg.DIRECTOR}


def _meant(event: LegTold) -> Status:
    if event.status is Status.FAILED and event.sip in NOT_THERE:
        return Status.NO_ANSWER
    return Status.BUSY if event.status is Status.FAILED and event.sip in ENGAGED else event.status
