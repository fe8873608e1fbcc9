"""Opening hours that tests share, and the instants to look at them."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import strategies as st

from models.opening_hours import OpeningHours, Window

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


WEEKS = (
    ALWAYS.week,
    OFFICE.week,
    {7: (Window(time(0), None),)},
    {7: (Window(time(2, 30), time(3, 30)),)},
    dict.fromkeys(range(1, 8), (Window(time(0), time(6)), Window(time(22), None))),
    dict.fromkeys(range(1, 8), (Window(time(1), time(2)), Window(time(2), time(3)))),
)
ZONES = tuple(sorted(available_timezones()))
CLOSED = frozenset({date(2026, 12, 25), date(2027, 1, 1), date(2027, 3, 28)})


@st.composite
def situations(draw: st.DrawFn) -> tuple[OpeningHours, datetime]:
    """Any calendar in any zone, and an instant: mostly one around a change of its clocks."""
    zone, week = draw(st.sampled_from(ZONES)), draw(st.sampled_from(WEEKS))
    calendar = OpeningHours(zone, week, draw(st.sampled_from([frozenset[date](), CLOSED])))
    anywhere = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
    if changes := changes_of(zone):
        near = st.timedeltas(timedelta(hours=-40), timedelta(hours=40))
        around = st.builds(lambda change, off: change + off, st.sampled_from(changes), near)
        return calendar, draw(st.one_of(around, around, anywhere))
    return calendar, draw(anywhere)


@cache
def changes_of(zone: str) -> tuple[datetime, ...]:
    """The midnights (UTC) before its clocks change, in two years."""
    days = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(730)]
    offsets = [day.astimezone(ZoneInfo(zone)).utcoffset() for day in days]
    return tuple(
        day
        for day, before, after in zip(days, offsets, offsets[1:], strict=False)
        if before != after
    )
