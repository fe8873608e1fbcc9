"""Opening hours laid out once, for the working time of many waits."""

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from models.hours import openings
from models.opening_hours import OpeningHours

_SPARE = timedelta(days=60)
"""Laid out beyond what was asked, so that the next questions find it there."""


class WorkedTime:
    """Counts as `models.hours.between` does, and is much quicker when asked often."""

    def __init__(self, hours: OpeningHours) -> None:
        self._hours = hours
        self._from = datetime.max.replace(tzinfo=UTC)
        self._until = datetime.min.replace(tzinfo=UTC)
        self._starts: list[datetime] = []
        self._ends: list[datetime] = []
        self._before: list[timedelta] = []

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Nothing when `end` is not later. Raises Misconfigured when the hours never open."""
        if end <= start:
            return timedelta()
        if start < self._from or end > self._until:
            self._lay_out(min(start, self._from), max(end, self._until))
        return self._passed(end) - self._passed(start)

    def _passed(self, at: datetime) -> timedelta:
        """Working time from the beginning of what is laid out."""
        nth = bisect_right(self._starts, at) - 1
        if nth < 0:
            return timedelta()
        return self._before[nth] + min(at, self._ends[nth]) - self._starts[nth]

    def _lay_out(self, start: datetime, end: datetime) -> None:
        self._from, self._until = start - _SPARE, end + _SPARE
        laid_out = takewhile(
            lambda opening: opening.start <= self._until,
            openings(self._hours, self._first_day()),
        )
        self._starts, self._ends, self._before, passed = [], [], [], timedelta()
        for opening in laid_out:
            self._starts.append(opening.start)
            self._ends.append(opening.end)
            self._before.append(passed)
            passed += opening.end - opening.start

    def _first_day(self) -> date:
        """A day early: an opening may have begun the evening before."""
        return (self._from.astimezone(ZoneInfo(self._hours.zone)) - timedelta(days=1)).date()
