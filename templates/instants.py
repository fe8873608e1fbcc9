"""How an instant reads: by language, in the zone it is given in.

The year is left out only where it is the year of `now`, on the reader's clock.
"""

from datetime import date, datetime, time, tzinfo

from babel.dates import format_date, format_datetime

DAY, OF_YEAR = "EEEE d MMMM", " y"
DAYS = {"de": "EEEE, d. MMMM", "es": "EEEE d 'de' MMMM"}
YEARS = {"es": " 'de' y"}
LAST_MINUTE = time(23, 59)
TIMES = {
    "de": ", HH:mm 'Uhr'",
    "en": ", HH:mm",
    "es": " 'a las' HH:mm",
    "fr": " 'à' HH'h'mm",
    "it": ", 'ore' HH:mm",
}


def day(on: date, language: str, *, now: date | None = None) -> str:
    """`Tuesday 24 November`, or `Sunday 24 November 2024`."""
    return spaced(format_date(on, _day(on, language, now), locale=language))


def moment(at: datetime, language: str, *, now: date | None = None) -> str:
    """`Tuesday 24 November, 10:00`, or `Sunday 24 November 2024, 10:00`."""
    time = TIMES.get(language, TIMES["en"])
    return spaced(format_datetime(at, _day(at, language, now) + time, locale=language))


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


def _day(on: date, language: str, now: date | None) -> str:
    told = DAYS.get(language, DAY)
    return told if now and on.year == now.year else told + YEARS.get(language, OF_YEAR)
