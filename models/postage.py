"""What messages and calls cost, counted as carriers bill them: segments of texts, begun minutes of calls."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from models.money import Money
from models.people import Channel
from models.segments import count


@dataclass(frozen=True, slots=True)
class Prices:
    """Of one segment, and of one begun minute of one leg, in hundredths of a cent of `currency`: as carriers
    write them, with four places behind the point, and yet whole numbers.
    """

    segment: int
    minute: int
    currency: str

    def of(self, segments: int, minutes: int) -> Money:
        """Rounded once, at the end, to whole cents."""
        hundredths = segments * self.segment + minutes * self.minute
        return Money((hundredths + 50) // 100, self.currency)


@dataclass(frozen=True, slots=True)
class Month:
    """`name` as in `2026-11`; the instants at which it begins and ends, in UTC."""

    name: str
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Usage:
    """Of one region in one month; `region` None: about no case, or of none. `uncounted` are texts of which
    nobody had counted the segments, `untold` calls that were taken up and of which nobody told how long they
    lasted.
    """

    month: str
    region: str | None
    texts: int = 0
    segments: int = 0
    uncounted: int = 0
    calls: int = 0
    minutes: int = 0
    untold: int = 0


def segments_of(channel: Channel, body: str) -> int | None:
    """None for what is no text message."""
    return count(body).segments if channel is Channel.SMS else None


def latest_months(now: datetime, zone: tzinfo, n: int) -> tuple[Month, ...]:
    """The present one first, then those before it, by the clock of the zone."""
    here = now.astimezone(zone)
    first = here.year * 12 + here.month - 1
    return tuple(_month(first - back, zone) for back in range(n))


def added_up(usages: Iterable[Usage], month: str) -> Usage:
    """Of all regions."""
    of_month = [each for each in usages if each.month == month]
    names = ("texts", "segments", "uncounted", "calls", "minutes", "untold")
    return Usage(month, None, *(sum(getattr(each, name) for each in of_month) for name in names))


def _month(number: int, zone: tzinfo) -> Month:
    begins, ends = _first_of(number, zone), _first_of(number + 1, zone)
    return Month(f"{number // 12}-{number % 12 + 1:02}", begins, ends)


def _first_of(number: int, zone: tzinfo) -> datetime:
    return datetime(number // 12, number % 12 + 1, 1, tzinfo=zone).astimezone(UTC)
