"""Somebody is away: from when until when, who stands in for him, and what is told of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from models.timelapse import Timelapse


@dataclass(frozen=True, slots=True)
class Absence:
    """From `since` up to, but not at, `until`; both aware, in UTC.

    `stand_in` None is the deputy whom the organisation's file names. `gives_back`: at the end his
    cases come back to him.
    """

    id: str
    person: str
    since: datetime
    until: datetime
    stand_in: str | None = None
    gives_back: bool = True

    def covers(self, at: datetime) -> bool:
        return self.since <= at < self.until


@dataclass(frozen=True, slots=True)
class AbsenceStart:
    """What the workflow of an absence begins with; `lapse` is set in a demonstration only."""

    id: str
    person: str
    since: datetime
    until: datetime
    lapse: Timelapse | None = None


@dataclass(frozen=True, slots=True)
class AbsenceEnds:
    """Signal: it was called off, and is over at `until`."""

    until: datetime


@dataclass(frozen=True, slots=True)
class RosterAsked:
    """Which open cases does the roster of `at` want to see with somebody else because of `person`?"""

    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Misplaced:
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RosterTold:
    """Signal to a case: this absence began or ended."""

    absence: str


@dataclass(frozen=True, slots=True)
class RosterChanged:
    """Event: somebody's absence began or ended: perhaps the case is with the wrong person now."""

    absence: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ByRoster:
    """Transfer: to who stands in for an owner who is away, or back to him; nobody else gets it."""

    absence: str
    how: Literal["roster"] = "roster"
