"""Public holidays by calendar: `FR`, or with the part of the country `FR-57` (ISO 3166).

The law and the library change. What a version of the organisation was applied with is recorded
beside it, so that no open case and no figure moves when the library is upgraded.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeAlias

from holidays import HolidayBase, country_holidays, list_supported_countries

from models.spelling import did_you_mean

Recorded: TypeAlias = Mapping[str, frozenset[date]]
"""The days of each calendar."""

NOTHING_RECORDED: Recorded = {}


def known_calendar(written: str) -> str:
    """Raises ValueError with what was probably meant."""
    country, _, part = written.partition("-")
    try:
        _look_up(written, [])
    except NotImplementedError:
        parts = list_supported_countries(include_aliases=True)
        if country not in parts:
            hint = did_you_mean(country, parts) or "; write a country's two letters, as in FR"
            raise ValueError(f"no public holidays are known for {country!r}{hint}") from None
        hint = did_you_mean(part, parts[country]) or f"; it has {', '.join(parts[country])}"
        raise ValueError(f"{country} has no part {part!r}{hint}") from None
    return written


def record(calendars: Iterable[str], at: date) -> Recorded:
    """From the decade before to the decade after, so that they are the same all through a decade."""
    decade = at.year // 10 * 10
    years = range(decade - 10, decade + 20)
    return {calendar: frozenset(_look_up(calendar, years)) for calendar in sorted(calendars)}


def names_of(calendar: str, year: int, *, language: str) -> Mapping[date, str]:
    """What people call the days; in English where the country has no words in that language."""
    return dict(sorted(_look_up(calendar, [year], language=language).items()))


def _look_up(calendar: str, years: Iterable[int], *, language: str | None = None) -> HolidayBase:
    country, _, part = calendar.partition("-")
    return country_holidays(country, subdiv=part or None, years=years, language=language)
