"""Answers that must be asked for: what travels, when to ask again, and how much may be asked.

New fields of what travels get defaults: a history must be readable weeks later.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from models.mappings import Fetching

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
LONGEST_AWAY = timedelta(minutes=15)
"""Between two tries at a vendor that does not answer."""
READABLE_WITHIN = timedelta(hours=6)
"""Once a vendor has told of a response it soon knows it itself; what it does not know by then is gone."""
REFUSED_PAUSE = timedelta(minutes=10)
"""Until a token that was refused is tried again: somebody may have mended it."""
UNTOLD_PAUSE = timedelta(minutes=1)
"""Of a vendor that asks for patience and does not say for how long."""
LONGEST_REST = timedelta(days=1)


class FetchFate(StrEnum):
    WAITING = "waiting"
    FETCHED = "fetched"
    GONE = "gone"
    """Withdrawn meanwhile."""
    GIVEN_UP = "given_up"
    """Somebody must look at it: its delivery lies in quarantine."""


class Unread(StrEnum):
    """Why nobody knows yet what a customer answered."""

    RECEIVED = "received"
    """Kept by a pressed door, and taken soon: nobody knows yet of which response it tells."""
    WAITING_FOR_FETCH = "waiting_for_fetch"
    FETCH_GIVEN_UP = "fetch_given_up"


class Trouble(StrEnum):
    """Why a source is not asked at present, or an answer was not had."""

    NO_TOKEN = "no_token"  # noqa: S105 - it says that there is none
    REFUSED = "token_refused"
    FORBIDDEN = "forbidden"
    AWAY = "away"
    BUSY = "busy"
    BUDGET = "budget"
    NOT_READABLE = "not_readable"
    NOT_ALLOWED = "request_refused"
    NO_SOURCE = "no_source"


@dataclass(frozen=True, slots=True)
class FetchStart:
    fetch_id: str


@dataclass(frozen=True, slots=True)
class FetchEnd:
    fate: FetchFate


@dataclass(frozen=True, slots=True)
class Gate:
    """What one source was asked lately. `resting_until` is when the vendor may be asked again at all."""

    day: datetime
    day_calls: int
    minute: datetime
    minute_calls: int
    resting_until: datetime | None = None


def pass_gate(gate: Gate, allowed: Fetching, now: datetime) -> Gate | datetime:
    """The gate with one call more, or when to come again."""
    day, minute = _midnight(now), now.replace(second=0, microsecond=0)
    if gate.resting_until is not None and gate.resting_until > now:
        return gate.resting_until
    day_calls = gate.day_calls if gate.day == day else 0
    minute_calls = gate.minute_calls if gate.minute == minute else 0
    if day_calls >= allowed.per_day:
        return day + timedelta(days=1)
    if minute_calls >= allowed.per_minute:
        return minute + timedelta(minutes=1)
    return replace(
        gate, day=day, day_calls=day_calls + 1, minute=minute, minute_calls=minute_calls + 1
    )


def pause_until_readable(first_missed: datetime, now: datetime) -> timedelta | None:
    """As long again as it was missed so far; None once nobody believes in it any more."""
    missed = now - first_missed
    if missed >= READABLE_WITHIN:
        return None
    return min(max(missed, FIRST_PAUSE), LONGEST_PAUSE)


def pause_after(attempts: int) -> timedelta:
    """Of a vendor that does not answer: twice as long each time."""
    return min(FIRST_PAUSE * (1 << min(attempts, 20)), LONGEST_AWAY)


def rest_of(retry_after: str) -> timedelta:
    """Of the header Retry-After, in seconds. An instant, or anything else, is taken for none."""
    seconds = int(retry_after) if retry_after.isascii() and retry_after.isdigit() else 0
    asked = min(seconds, int(LONGEST_REST.total_seconds()))
    return timedelta(seconds=asked) if asked else UNTOLD_PAUSE


def _midnight(at: datetime) -> datetime:
    return datetime.combine(at.astimezone(UTC).date(), time.min, UTC)
