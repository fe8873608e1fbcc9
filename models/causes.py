"""The tree of root causes, and the playbook of each: what helps, and how that serves the customer.

A playbook suggests; nothing of it is ever done by itself. A cause without one takes its parent's.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from models.actions import PromiseKind
from models.labels import Label
from models.ladder import Span


class Doer(StrEnum):
    """By whom a suggested action is usually done."""

    CASE_OWNER = "case_owner"
    TRADE = "trade"
    """Whoever answers for that trade where the case is."""
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An action that has helped others. `name` is the trade's or the person's id.

    `within` is the usual time; None is the repair target. `gesture` is a hint in words, no amount.
    """

    what: Label
    doer: Doer = Doer.CASE_OWNER
    name: str = ""
    within: Span | None = None
    promise: PromiseKind | None = None
    gesture: Label | None = None


@dataclass(frozen=True, slots=True)
class Playbook:
    """`raises` says how it raises the customer's satisfaction; `briefing` what helps in the talk."""

    raises: Label
    suggestions: tuple[Suggestion, ...]
    briefing: Label | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """With `leaf_only` a branch is too broad to be named itself: one of its children must be."""

    id: str
    label: Label
    children: "tuple[Cause, ...]" = ()
    leaf_only: bool = False
    playbook: Playbook | None = None

    @property
    def nameable(self) -> bool:
        return not (self.leaf_only and self.children)


class Suggested(NamedTuple):
    """Which suggestion an action follows: the cause whose playbook it is, and its number, from 1."""

    cause: str
    number: int

    def __str__(self) -> str:
        return f"{self.cause}:{self.number}"


class Found(NamedTuple):
    """A playbook, and the cause at which it stands in the file."""

    cause: str
    playbook: Playbook


def walk(causes: Iterable[Cause]) -> Iterator[Cause]:
    """Each branch before what is below it."""
    for cause in causes:
        yield cause
        yield from walk(cause.children)


def way_to(causes: Iterable[Cause], cause_id: str) -> tuple[Cause, ...]:
    """From the top of the tree down to the cause itself; nothing for one that is not there."""
    for cause in causes:
        if cause.id == cause_id:
            return (cause,)
        if below := way_to(cause.children, cause_id):
            return cause, *below
    return ()


def with_below(causes: Iterable[Cause], cause_id: str) -> frozenset[str]:
    """The cause and all that refine it. One that has left the tree stands for itself."""
    way = way_to(causes, cause_id)
    return frozenset(each.id for each in walk(way[-1:])) | {cause_id}


def playbook_of(causes: Iterable[Cause], cause_id: str | None) -> Found | None:
    """Its own, else that of the nearest branch above it."""
    for cause in reversed(way_to(causes, cause_id or "")):
        if cause.playbook is not None:
            return Found(cause.id, cause.playbook)
    return None


def suggestion_of(causes: Iterable[Cause], suggested: Suggested) -> Suggestion | None:
    """None where no playbook has it."""
    way = way_to(causes, suggested.cause)
    playbook = way[-1].playbook if way else None
    known = playbook.suggestions if playbook else ()
    return known[suggested.number - 1] if 0 < suggested.number <= len(known) else None


def read_suggested(written: str) -> Suggested | None:
    """As `delay:2`; None for what is nothing of the kind."""
    cause, _, number = written.partition(":")
    good = cause and number.isascii() and number.isdecimal() and len(number) <= 2
    return Suggested(cause, int(number)) if good else None


def suggested_facts(written: str | None) -> dict[str, str | int]:
    """What the timeline keeps of it: the proof that a playbook was used."""
    found = read_suggested(written) if written else None
    return {"playbook": found.cause, "suggestion": found.number} if found else {}
