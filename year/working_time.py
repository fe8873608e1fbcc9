"""When somebody works, read off a clock on the wall of his office: nothing is added up here.

It is not the arithmetic of `models.hours`, against which it is held.
"""

from collections.abc import Set as AbstractSet
from datetime import datetime
from zoneinfo import ZoneInfo

from models.opening_hours import OpeningHours
from models.organisation import Organisation
from models.people import Person


def works(hours: OpeningHours, at: datetime) -> bool:
    local = at.astimezone(ZoneInfo(hours.zone))
    if local.date() in hours.closed:
        return False
    return any(
        window.opens <= local.time() and (window.closes is None or local.time() < window.closes)
        for window in hours.week.get(local.isoweekday(), ())
    )


def hours_of(organisation: Organisation, person: Person, region: str | None) -> OpeningHours:
    """As docs/for-owners.md has it: his own; those of the case's region, if it is one of his; those that
    all his regions keep; else the head office's.
    """
    if person.hours is not None:
        return person.hours
    if region in person.regions and region in organisation.regions:
        return organisation.regions[region].hours
    return _common(organisation, person.regions) or organisation.head_office


def _common(organisation: Organisation, regions: AbstractSet[str]) -> OpeningHours | None:
    kept = [organisation.regions[r].hours for r in sorted(regions) if r in organisation.regions]
    alike = all(hours == kept[0] for hours in kept)
    return kept[0] if kept and alike else None
