"""Opening hours that tests share, and the instants to look at them."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from models.organisation import OpeningHours, Window

PARIS = "Europe/Paris"
OFFICE_DAY = (Window(time(9), time(12, 30)), Window(time(14), time(18, 30)))
OFFICE = OpeningHours(PARIS, dict.fromkeys(range(1, 6), OFFICE_DAY))
ALWAYS = OpeningHours(PARIS, dict.fromkeys(range(1, 8), (Window(time(0), None),)))
NEVER = OpeningHours(PARIS, {})


def on_sundays(opens: str, closes: str | None, *, zone: str = PARIS) -> OpeningHours:
    """Clocks change on Sundays."""
    window = Window(time.fromisoformat(opens), time.fromisoformat(closes) if closes else None)
    return OpeningHours(zone, {7: (window,)})


def office_closed_on(*days: date) -> OpeningHours:
    return OpeningHours(PARIS, OFFICE.week, frozenset(days))


def paris(text: str) -> datetime:
    """`2026-11-20 17:00` on the clocks of Paris, as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(PARIS)).astimezone(UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
