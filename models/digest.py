"""The weekly letter: which week it tells of, and who gets which letter. Values and the wire.

New fields of what travels get defaults: a history must be readable weeks later.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from models.errors import NotUnderstood
from models.mailing import Mailing
from models.people import Person, Role

LONGEST_NAME = 48
"""What an intent's id leaves for a person's."""


def letter_for(person: Person) -> Mailing | None:
    """None: he gets none. The figures are worth a mail only; on a phone they are the board."""
    match person.role:
        case Role.EXECUTIVE | Role.NATIONAL_OWNER:
            return Mailing.WEEKLY if person.email else Mailing.WAITING
        case Role.DIRECTOR | Role.DEPUTY | Role.PARTNER:
            return Mailing.WAITING
        case Role.OPERATOR:
            return None


@dataclass(frozen=True, slots=True)
class Week:
    """An ISO week, from its Monday's midnight to the next one's on the clocks of `zone`."""

    monday: date
    zone: tzinfo

    def __str__(self) -> str:
        return f"{self.monday:%G-W%V}"

    @property
    def start(self) -> datetime:
        return self.first.astimezone(UTC)

    @property
    def end(self) -> datetime:
        return self.next.start

    @property
    def first(self) -> datetime:
        """Local, as is the last day: for readers."""
        return datetime.combine(self.monday, time.min, self.zone)

    @property
    def last(self) -> datetime:
        return datetime.combine(self.monday + timedelta(days=6), time.min, self.zone)

    def months(self, number: int) -> tuple[str, str]:
        """The first and the last of so many, the last one being that of the week's Sunday."""
        last = self.last.year * 12 + self.last.month - 1
        first = last - number + 1
        return f"{first // 12}-{first % 12 + 1:02}", f"{self.last:%Y-%m}"

    @property
    def next(self) -> "Week":
        return Week(self.monday + timedelta(weeks=1), self.zone)

    @property
    def before(self) -> "Week":
        return Week(self.monday - timedelta(weeks=1), self.zone)


def week_before(at: datetime, zone: tzinfo) -> Week:
    """The last week that had passed on the clocks of `zone`."""
    today = at.astimezone(zone).date()
    return Week(today - timedelta(days=today.weekday()), zone).before


def read_week(written: str, zone: tzinfo) -> Week:
    """`2026-W47`; raises NotUnderstood."""
    if re.fullmatch(r"\d{4}-W\d{2}", written):
        try:
            return Week(date.fromisoformat(written), zone)
        except ValueError:
            pass
    raise NotUnderstood(f"{written!r} is no week; write 2026-W47.", place="week")


def letter_id(week: str, person: str) -> str:
    """The same for every run: whatever is run again, nobody gets a second letter of a week."""
    if len(person) > LONGEST_NAME:
        person = hashlib.sha256(person.encode()).hexdigest()[:LONGEST_NAME]
    return f"digest:{week}:{person}"


@dataclass(frozen=True, slots=True)
class DigestStart:
    """`week` None: the one before the run was due. `person` None: everybody."""

    week: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class DigestAsked:
    """`due_at` is when the run was due, however late it runs."""

    due_at: datetime
    week: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class DigestPlan:
    week: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LetterAsked:
    """`at` is the instant of which a letter tells what waits, and with which it is stamped."""

    week: str
    person: str
    at: datetime


class LetterFate(StrEnum):
    WRITTEN = "written"
    KNOWN = "known"
    """It was in the outbox already."""
    EMPTY = "empty"
    """There was nothing to say, so nothing was written."""
    FAILED = "failed"
    """It could not be written in all the time there was."""


@dataclass(frozen=True, slots=True)
class LetterReceipt:
    fate: LetterFate


@dataclass(frozen=True, slots=True)
class DigestEnd:
    """How many letters had which fate."""

    week: str
    written: int = 0
    known: int = 0
    empty: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class WeekCounts:
    """What happened in a week, counted by case except for the answers; `open` at its end.

    `closed` leaves out what was opened by mistake.
    """

    answers: int
    unhappy: int
    with_case: int
    spoken: int
    handed_up: int
    said_no: int
    closed: int
    confirmed: int
    unreachable: int
    open: int
