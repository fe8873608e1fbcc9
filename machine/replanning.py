"""The open cases of this house planned anew by another version: first shown, then done."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from temporalio.client import Client

from machine.following import Following, Step
from machine.opening import opened_database
from machine.organisation import organisation_text
from machine.overdue import Overdue
from models.clock import clock_through
from models.errors import EngineAway
from models.replan_difference import Changed, Difference, Longer
from models.spans import written
from models.store.organisations import (
    AppliedVersion,
    OrganisationBook,
    apply_organisation,
    number_to_be,
    read_candidate,
)
from models.store.replanning import Asked, preview
from settings import Settings
from temporal_client import connect

SHOWN: Final = 20
"""Cases that are shown one by one."""


@dataclass(frozen=True, slots=True)
class Replanning:
    """What is asked for: the file as it was read, and in which zone instants are shown."""

    text: str
    asked: Asked

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.asked.wanted.head_office.zone)


async def look(settings: Settings, overdue: Overdue) -> tuple[Replanning, Difference]:
    """What the file of this machine would make of the open cases; nothing is changed."""
    text, at = organisation_text(settings.organisation), clock_through(settings.demo)()
    candidate = read_candidate(text, name=str(settings.organisation), at=at)
    async with opened_database(settings) as database, database.read() as session:
        number = await number_to_be(session, candidate)
        asked = Asked(candidate.organisation, number, at, overdue is Overdue.NOW)
        found = await preview(session, OrganisationBook(database.vault), asked)
    return Replanning(text, asked), found


async def carry_out(
    settings: Settings, replanning: Replanning, found: Difference, step: Step
) -> AppliedVersion:
    """Put the file in force, tell the cases, and wait until they have followed.

    Stopped in the middle, the same again tells those that are left. Raises EngineAway: before anything
    is changed, or with the version that is in force.
    """
    asked, text, name = replanning.asked, replanning.text, str(settings.organisation)
    async with opened_database(settings) as database:
        client = await _reached(settings) if found.changed else None
        applied = await apply_organisation(database, text, name=name, at=asked.at)
        if client is not None:
            asked = replace(asked, version=applied.number)
            following = Following(database, client, asked, clock_through(settings.demo))
            await following.to_the_end(step)
    return applied


async def _reached(settings: Settings) -> Client:
    try:
        return await connect(embedded_port=settings.embedded_port)
    except EngineAway as away:
        raise EngineAway(f"{away.detail} Nothing was changed.") from away


def told_of(found: Difference, replanning: Replanning) -> Iterator[str]:
    """The difference, for a person to read before he says yes."""
    number, zone = replanning.asked.version, replanning.zone
    moved, still = found.moved, len(found.changed) - len(found.moved)
    yield f"Version {number}: {len(moved)} of {found.looked_at} open cases would change."
    for longer, n in found.by_target.items():
        yield f"{n:>6}  {_in_words(longer)}"
    if found.otherwise:
        yield f"{found.otherwise:>6}  hours, holidays or ladder"
    if still:
        yield f"{still:>6}  more would go by the new version, and nothing of them moves"
    if moved:
        shown = min(SHOWN, len(moved))
        yield f"Instants in {zone.key}; {shown} of {len(moved)} cases:"
    yield from (_line(each, zone) for each in moved[:SHOWN])
    if found.overdue:
        yield _overdue(found.overdue, overdue_now=replanning.asked.overdue_now)
        yield from (f"        {each.case_id}" for each in found.overdue[:SHOWN])


def _in_words(longer: Longer) -> str:
    before, after = (written(span) if span else "none" for span in (longer.before, longer.after))
    return f"{longer.target} {before} -> {after}"


def _overdue(cases: Sequence[Changed], *, overdue_now: bool) -> str:
    what = "are due at once" if overdue_now else "get the time of an acknowledgement"
    return f"{len(cases):>6}  would be overdue; they {what}"


def _line(changed: Changed, zone: ZoneInfo) -> str:
    def local(at: datetime | None) -> str:
        return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else "-"

    due = f"{local(changed.due_before)} -> {local(changed.due_after)}"
    rung = f"{local(changed.next_before)} -> {local(changed.next_after)}"
    return f"        {changed.case_id}  {changed.target}: due {due}, next {rung}"
