"""Opening-hours arithmetic: instants in, instants out, aware and in UTC.

Windows are laid out per local date and turned into UTC before anything is added, so that a day of
23 or 25 hours counts what it really has. A local time that the spring skips stands for the moment
of the skip. Of a local time that the autumn repeats, an opening is the first and a closing the last
occurrence; 24:00 is the beginning of the next local day, so a 24/7 calendar has no seam.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import count, groupby, islice
from zoneinfo import ZoneInfo

from models.errors import Misconfigured
from models.ladder import Span
from models.opening_hours import OpeningHours, Window

FORTNIGHT = timedelta(days=14)
PATIENCE = timedelta(days=400)
"""Closed for longer than this is taken for a calendar that never opens again."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Open from `start` up to, but not at, `end`; both in UTC."""

    start: datetime
    end: datetime


def openings(hours: OpeningHours, from_day: date) -> Iterator[Opening]:
    """Every opening from that local date on: endless, in order, without overlap.

    Raises Misconfigured when the calendar stays closed for `PATIENCE`.
    """
    zone = ZoneInfo(hours.zone)
    last_open, shut_at = from_day, datetime.min.replace(tzinfo=UTC)
    for day in (from_day + timedelta(days=n) for n in count()):
        if day - last_open > PATIENCE:
            raise Misconfigured(f"The calendar in {hours.zone} never opens after {last_open}.")
        for window in _windows_on(hours, day):
            opening = Opening(max(shut_at, _opens(window, day, zone)), _closes(window, day, zone))
            if opening.start < opening.end:
                last_open, shut_at = day, opening.end
                yield opening


def next_open(hours: OpeningHours, at: datetime) -> datetime:
    """`at` itself while open."""
    return max(at, next(_from(hours, at)).start)


def next_shared(one: OpeningHours, other: OpeningHours, at: datetime) -> datetime | None:
    """The first instant from `at` on at which both are open; None where there is none within a fortnight."""
    end = at + FORTNIGHT
    while at < end:
        opens = next_open(other, at)
        at = next_open(one, opens)
        if at == opens:
            return at
    return None


def add(hours: OpeningHours, start: datetime, span: Span) -> datetime:
    """The earliest instant by which `span` has passed; the clock waits for the next opening.

    A span of days ends on the n-th following day that opens, at the same local time, or where that
    is closed at the nearest later opening of that day, else at its last closing.
    """
    return _add_days(hours, start, span.days) if span.days else _add_time(hours, start, span.time)


def between(hours: OpeningHours, start: datetime, end: datetime) -> timedelta:
    """Working time from `start` to `end`; nothing when `end` is not later."""
    passed = timedelta()
    for opening in _from(hours, start):
        if opening.start >= end:
            break
        passed += min(end, opening.end) - max(start, opening.start)
    return max(passed, timedelta())


def _from(hours: OpeningHours, at: datetime) -> Iterator[Opening]:
    from_day = at.astimezone(ZoneInfo(hours.zone)).date()
    return (opening for opening in openings(hours, from_day) if opening.end > at)


def _add_time(hours: OpeningHours, start: datetime, left: timedelta) -> datetime:
    following = _from(hours, start)
    while True:
        opening = next(following)
        begun = max(start, opening.start)
        if opening.end - begun >= left:
            return begun + left
        left -= opening.end - begun


def _add_days(hours: OpeningHours, start: datetime, days: int) -> datetime:
    zone = ZoneInfo(hours.zone)
    begun = next_open(hours, start).astimezone(zone)
    by_day = groupby(openings(hours, begun.date()), lambda o: o.start.astimezone(zone).date())
    day, that_day = next(islice(by_day, days, None))
    wanted, _ = _occurrences(datetime.combine(day, begun.time()), zone)
    for opening in that_day:
        if wanted < opening.end:
            return max(wanted, opening.start)
    return opening.end


def _windows_on(hours: OpeningHours, day: date) -> tuple[Window, ...]:
    return () if day in hours.closed else hours.week.get(day.isoweekday(), ())


def _opens(window: Window, day: date, zone: ZoneInfo) -> datetime:
    first, _ = _occurrences(datetime.combine(day, window.opens), zone)
    return first


def _closes(window: Window, day: date, zone: ZoneInfo) -> datetime:
    if window.closes is None:
        return _opens(Window(time.min, None), day + timedelta(days=1), zone)
    _, last = _occurrences(datetime.combine(day, window.closes), zone)
    return last


def meant_by(local: datetime, zone: ZoneInfo) -> datetime:
    """What somebody means who writes a local time, on the clocks of `zone`: of a repeated one the first."""
    first, _ = _occurrences(local, zone)
    return first.astimezone(zone)


def next_time(at: time, zone: ZoneInfo, after: datetime) -> datetime:
    """When the clocks of `zone` show it next: today, or the next day if it has passed."""
    today = after.astimezone(zone).date()
    found = (meant_by(datetime.combine(today + timedelta(n), at), zone) for n in range(3))
    return next(each for each in found if each > after).astimezone(UTC)


@lru_cache(maxsize=20_000)
def _occurrences(local: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first and the last instant at which local clocks show this; mostly they are the same."""
    first, last = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first <= last:
        return first, last
    skip = _change_of_clocks(last, first, zone)
    return skip, skip


def _change_of_clocks(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """To the second. The two readings of a skipped local time enclose the moment of the skip."""
    offset = after.astimezone(zone).utcoffset()
    seconds = range(int((after - before).total_seconds()))
    passed = bisect_left(
        seconds,
        True,
        key=lambda n: (before + timedelta(seconds=n)).astimezone(zone).utcoffset() == offset,
    )
    return before + timedelta(seconds=passed)
