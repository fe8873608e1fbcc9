"""How an instant reads: by language, in the zone it is given in."""

from datetime import date, datetime

from babel.dates import format_date, format_datetime

DAYS = {"en": "EEEE d MMMM", "fr": "EEEE d MMMM"}
MOMENTS = {"en": "EEEE d MMMM, HH:mm", "fr": "EEEE d MMMM 'à' HH'h'mm"}


def day(on: date, language: str) -> str:
    """`Tuesday 24 November`."""
    return spaced(format_date(on, DAYS.get(language, DAYS["en"]), locale=language))


def moment(at: datetime, language: str) -> str:
    """`Tuesday 24 November, 10:00`."""
    return spaced(format_datetime(at, MOMENTS.get(language, MOMENTS["en"]), locale=language))


def spaced(words: str) -> str:
    """U+202F is not in every phone's font."""
    return words.replace("\u202f", "\u00a0")
