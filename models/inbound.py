"""A customer rings our number: who that may be, whose case it is about, and what came of it.

Colleagues are rung one after the other. What is told of such a ring folds as that of a call of ours does:
neither order nor repetition counts.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from models.bridge import (
    ENDED,
    TAKEN_UP,
    Accepted,
    Call,
    CallEvent,
    Declined,
    Dialled,
    LegTold,
    Outcome,
    Standing,
    Status,
)
from models.twilio_account import E164

MOST_RUNG = 3
"""Colleagues for one call: nobody listens to a ringing tone for longer."""
ON_KEYS: Mapping[str, str] = MappingProxyType(
    {
        letter: key
        for key, letters in {
            "2": "abc",
            "3": "def",
            "4": "ghi",
            "5": "jkl",
            "6": "mno",
            "7": "pqrs",
            "8": "tuv",
            "9": "wxyz",
        }.items()
        for letter in letters
    }
)
"""As letters stand on the keys of a telephone."""
HIDDEN = ("anonymous", "blocked", "private", "restricted", "unavailable", "unknown")
SPELT = frozenset("".join(ON_KEYS[letter] for letter in word) for word in HIDDEN)


class Fate(StrEnum):
    """What became of a call, once that is known."""

    TAKEN = "taken"
    WANTED = "wanted"
    """Nobody took it: that he is to be called stands on his case."""
    NOT_WANTED = "not_wanted"
    """Nobody took it, and he had asked not to be called: he did not say otherwise."""
    NOTED = "noted"
    """Of a customer who has no open case."""
    CALLED_BACK = "called_back"
    """Nobody took it, and one of us has called him since: there is nothing left to ask for."""
    UNKNOWN = "unknown"
    """Of a number that no customer has."""
    WITHHELD = "withheld"
    """The caller hid his number."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was told of a ring, and when."""

    at: datetime
    event: CallEvent


@dataclass(frozen=True, slots=True)
class InQuestion:
    """An open case of who rings. `turned_at`: when somebody of us last called him in it, or wrote to him."""

    case_id: str
    opened_at: datetime
    turned_at: datetime | None = None


def caller_of(said: str) -> str | None:
    """The number in E.164; None for who hides it, be it behind a word that is spelt on a telephone's keys, as
    +266696687 is, which no customer's index may ever meet.
    """
    if not E164.fullmatch(said):
        return None
    digits = said.removeprefix("+")
    return None if {digits, digits.removeprefix("1")} & SPELT else said


def in_question(cases: Collection[InQuestion]) -> InQuestion | None:
    """The one whose director last turned to him: he rings back. Else the newest."""
    turned = [each for each in cases if each.turned_at is not None]
    return max(
        turned or cases,
        key=lambda each: (each.turned_at or each.opened_at, each.case_id),
        default=None,
    )


def fold(heard: Iterable[Heard]) -> Call:
    """Of one colleague who was rung. They spoke only if he pressed the key, which we ourselves recorded: that
    his phone was taken up may have been his voicemail, and the network calls that completed, too.
    """
    once = frozenset(heard)
    told = frozenset(each.event for each in once)
    standing, outcome = _standing(told), _outcome(told)
    talk = _talk(once) if outcome is Outcome.REACHED else None
    return Call(standing, outcome, talk)


def _outcome(told: Collection[CallEvent]) -> Outcome | None:
    over = _standing(told) is Standing.OVER
    if Accepted() not in told:
        return Outcome.DIRECTOR_NOT_REACHED if over else None
    said = {event.bridged for event in told if isinstance(event, Dialled)} - {None}
    if True in said:
        return Outcome.REACHED
    if said or not over:
        return Outcome.CANCELLED if said else None  # he pressed it, and the customer was gone
    return Outcome.REACHED if Status.COMPLETED in _leg(told) else Outcome.CANCELLED


def _standing(told: Collection[CallEvent]) -> Standing:
    leg = _leg(told)
    if leg & ENDED or any(isinstance(event, Declined | Dialled) for event in told):
        return Standing.OVER
    if Accepted() in told:
        return Standing.TALKING
    if leg & TAKEN_UP:
        return Standing.ASKING_DIRECTOR
    return Standing.RINGING_DIRECTOR if leg else Standing.STARTING


def _leg(told: Collection[CallEvent]) -> set[Status]:
    """A dialling that is answered when it is told has been answered, and is over."""
    dialled = {event.status for event in told if isinstance(event, Dialled)}
    over = {Status.COMPLETED if status is Status.ANSWERED else status for status in dialled}
    return over | {event.status for event in told if isinstance(event, LegTold)}


def _talk(heard: Collection[Heard]) -> int | None:
    """In seconds. The network counts from when his phone was taken up: until he pressed the key he listened
    to us.
    """
    lengths = [
        each.event.seconds
        for each in heard
        if isinstance(each.event, Dialled | LegTold) and each.event.seconds is not None
    ]
    pressed = min(each.at for each in heard if isinstance(each.event, Accepted))
    seen = [(each.at - pressed).total_seconds() for each in heard if _ends(each.event)]
    return min([*lengths, *(max(0, int(since)) for since in seen)], default=None)


def _ends(event: CallEvent) -> bool:
    return isinstance(event, Dialled) or (isinstance(event, LegTold) and event.status in ENDED)
