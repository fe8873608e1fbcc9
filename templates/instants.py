"""How an instant reads: by language, in the zone it is given in.

The year is left out only where it is the year of `now`, on the reader's clock.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, tzinfo
from functools import cache

from babel import Locale

DAY, OF_YEAR = "{weekday} {day} {month}", " {year}"
DAYS = {"de": "{weekday}, {day}. {month}", "es": "{weekday} {day} de {month}"}
YEARS = {"es": " de {year}"}
LAST_MINUTE = time(23, 59)
TIMES = {
    "de": ", {at:%H:%M} Uhr",
    "en": ", {at:%H:%M}",
    "es": " a las {at:%H:%M}",
    "fr": " à {at:%H}h{at:%M}",
    "it": ", ore {at:%H:%M}",
}


def day(on: date, language: str, *, now: date | None = None) -> str:
    """`Tuesday 24 November`, or `Sunday 24 November 2024`."""
    told = DAYS.get(language, DAY)
    if now is None or on.year != now.year:
        told += YEARS.get(language, OF_YEAR)
    weekdays, months = _names(language)
    weekday, month = weekdays[on.weekday()], months[on.month]
    return told.format(weekday=weekday, day=on.day, month=month, year=on.year)


def moment(at: datetime, language: str, *, now: date | None = None) -> str:
    """`Tuesday 24 November, 10:00`, or `Sunday 24 November 2024, 10:00`."""
    return day(at, language, now=now) + TIMES.get(language, TIMES["en"]).format(at=at)


def deadline(at: datetime, language: str, *, now: date | None = None) -> str:
    """Who promises Thursday has the whole of it: its last minute needs no naming."""
    return day(at, language, now=now) if _is_whole_day(at) else moment(at, language, now=now)


def promised(at: datetime, ours: tzinfo, his: tzinfo) -> datetime:
    """On his clock, but for a whole day that was promised on ours: it stays that day."""
    here = at.astimezone(ours)
    return here if _is_whole_day(here) else at.astimezone(his)


def _is_whole_day(until: datetime) -> bool:
    return until.time().replace(second=0, microsecond=0) == LAST_MINUTE


def spaced(words: str) -> str:
    """U+202F is not in every phone's font."""
    return words.replace("\u202f", "\u00a0")


@cache
def _names(language: str) -> tuple[Mapping[int, str], Mapping[int, str]]:
    """Of weekdays, Monday is 0, and of months, as a sentence says them."""
    locale = Locale.parse(language)
    return locale.days["format"]["wide"], locale.months["format"]["wide"]
