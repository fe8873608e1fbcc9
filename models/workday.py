"""A person's working day, and how much working time is left until something is due."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile
from zoneinfo import ZoneInfo

from models.hours import add, between, openings
from models.inbox import Horizons
from models.ladder import Span
from models.opening_hours import OpeningHours
from models.organisation import Organisation
from models.people import Person

SOON = Span(time=timedelta(hours=1))
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
FAR = timedelta(days=30)
"""Farther away nobody counts working hours, and nobody waits for us to do so."""


class Unit(StrEnum):
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Left:
    """Whole units of working time, until something is due or since it was."""

    number: int
    unit: Unit
    late: bool


def hours_of(organisation: Organisation, person: Person) -> OpeningHours:
    """His own, else those of his regions where all keep the same ones, else the head office's."""
    if person.hours:
        return person.hours
    regions = (organisation.regions.get(region) for region in sorted(person.regions))
    kept = [region.hours for region in regions if region]
    same = kept and all(hours == kept[0] for hours in kept)
    return kept[0] if same else organisation.head_office


def hours_on_case(
    organisation: Organisation, person: Person, *, region: str | None
) -> OpeningHours:
    """When he works on a case of `region`: as `hours_of` says, or with that region if it is his."""
    own_region = organisation.regions.get(region or "") if region in person.regions else None
    return own_region.hours if own_region and not person.hours else hours_of(organisation, person)


def hours_at_work(
    pinned: Organisation, today: Organisation, person: str | None, *, region: str | None
) -> OpeningHours:
    """By the calendars of the case's version, which may not know yet who came later.

    Without a person, or with one whom nobody knows, those of the region.
    """
    found = pinned.people.get(person or "") or today.people.get(person or "")
    return hours_on_case(pinned, found, region=region) if found else pinned.hours_of(region)


def horizons(hours: OpeningHours, now: datetime) -> Horizons:
    zone = ZoneInfo(hours.zone)
    today = now.astimezone(zone).date()
    of_today = takewhile(
        lambda opening: opening.start.astimezone(zone).date() == today, openings(hours, today)
    )
    evening = max((opening.end for opening in of_today), default=now)
    return Horizons(now, add(hours, now, SOON), max(now, evening))


def time_left(hours: OpeningHours, now: datetime, by: datetime) -> Left | None:
    """In the largest unit of which there are two days, or one whole hour; None when it is far."""
    start, end = sorted((now, by))
    if end - start > FAR:
        return None
    late, days = by < now, _days_between(hours, start, end)
    if days > 1:
        return Left(days, Unit.DAYS, late)
    worked = between(hours, start, end)
    if worked >= HOUR:
        return Left(worked // HOUR, Unit.HOURS, late)
    return Left(worked // MINUTE, Unit.MINUTES, late)


def _days_between(hours: OpeningHours, start: datetime, end: datetime) -> int:
    """How many of the following days open before `end`."""
    zone = ZoneInfo(hours.zone)
    tomorrow = start.astimezone(zone).date() + timedelta(days=1)
    until_then = takewhile(lambda opening: opening.start < end, openings(hours, tomorrow))
    return len({opening.start.astimezone(zone).date() for opening in until_then})
