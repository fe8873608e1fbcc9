"""The clock of a process."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

from models.timelapse import Timelapse

Clock: TypeAlias = Callable[[], datetime]
"""Shows aware instants in UTC."""


def real_clock() -> datetime:
    return datetime.now(UTC)


def clock_through(lapse: Timelapse | None) -> Clock:
    """The real one without a time lapse."""
    return real_clock if lapse is None else lambda: lapse.played(real_clock())
