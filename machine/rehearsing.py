"""A rehearsal in words: what would come of a saved delivery, instant by instant, if nobody acted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from machine.opening import opened_database
from machine.organisation import checked_organisation
from models.absence import Absence
from models.errors import NotKnown, NotUnderstood
from models.mappings import Source
from models.organisation import Organisation, origin_of
from models.phone_zone import zone_of
from models.rehearsal import Rehearsal, Step, Told, rehearse
from models.spelling import did_you_mean
from models.store.absences import absences_after
from models.store.organisations import OrganisationBook
from models.store.teams import loads_today
from models.survey import SurveyResponse
from models.teams import UNLOADED, Loads
from models.timeline import Entry, EntryKind
from settings import Settings
from surveys.adapters import one_response

MARGIN = " " * 22


@dataclass(frozen=True, slots=True)
class Rules:
    """By which a case is rehearsed; `name` says where they stand. Of a file nobody is away or loaded."""

    organisation: Organisation
    name: str
    absences: tuple[Absence, ...] = ()
    loads: Loads = UNLOADED


async def rules_in_force(settings: Settings) -> Rules:
    """Raises Misconfigured before the first `rappel org apply`."""
    async with opened_database(settings) as database, database.read() as session:
        found = await OrganisationBook(database.vault).in_force(session)
        absences = await absences_after(session, datetime.now(UTC))
        loads = await loads_today(session, found.organisation)
    name = f"version {found.number} of the organisation"
    return Rules(found.organisation, name, absences, loads)


def rules_in(file: Path) -> Rules:
    """Applied or not. Raises Misconfigured with every fault of the file."""
    return Rules(checked_organisation(file), str(file))


def rehearse_delivery(
    path: Path, rules: Rules, *, source: str | None, start: str | None, days: int
) -> Iterator[str]:
    """Lines to read. Raises NotUnderstood where the delivery, or `start`, is none."""
    at = _instant(start) if start else datetime.now().astimezone()
    response = _read(path, rules.organisation, source=source, at=at)
    yield f"By {rules.name}, for {days} days from {at:%a %Y-%m-%d %H:%M %z}, if nobody acts:"
    yield from tell(response, rules, at, until=at + timedelta(days=days))


def tell(response: SurveyResponse, rules: Rules, at: datetime, *, until: datetime) -> Iterator[str]:
    """Lines to read; where `until` is `at`, only of what would happen at once."""
    found = rehearse(
        response,
        rules.organisation,
        at,
        until=until,
        absences=rules.absences,
        loads=rules.loads,
        zone=zone_of(response.customer),
    )
    yield from _told(found if until > at else replace(found, closed={}), rules.organisation)


def _instant(written: str) -> datetime:
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise NotUnderstood(
            f"{written!r} is no instant: write day, time and offset, as in 2027-04-30T16:00+02:00.",
            place="--from",
        )
    return found


def _read(
    path: Path, organisation: Organisation, *, source: str | None, at: datetime
) -> SurveyResponse:
    name = source or next(iter(organisation.sources))
    response = one_response(source_named(name, organisation), saved(path), received_at=at)
    return replace(response, origin=origin_of(response, name, organisation))


def source_named(name: str, organisation: Organisation) -> Source:
    """Raises NotKnown, with the name that was probably meant."""
    sources = organisation.sources
    if name not in sources:
        raise NotKnown(f"There is no source {name!r}{did_you_mean(name, sources)}.")
    return sources[name]


def saved(path: Path) -> bytes:
    """Raises NotUnderstood where the file cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotUnderstood(f"{path} cannot be read: {error.strerror}.", place=str(path)) from None


def _told(rehearsed: Rehearsal, organisation: Organisation) -> Iterator[str]:
    if rehearsed.reason:
        yield f"No case: {rehearsed.reason.replace('_', ' ')}."
    for owner, days in rehearsed.closed.items():
        closed = ", ".join(f"{day:%a %Y-%m-%d}" for day in days) or "no holiday"
        yield f"The calendar of {organisation.people[owner].name}: {closed}"
    if rehearsed.zone:
        yield f"The customer is called on the clocks of {rehearsed.zone}."
    for step in rehearsed.steps:
        yield from _lines(step, organisation)
    if rehearsed.cut:
        yield f"More would follow: only the first {len(rehearsed.steps)} steps are told."


def _lines(step: Step, organisation: Organisation) -> Iterator[str]:
    zone = ZoneInfo(step.zone)
    what, *more = (_entry(entry, step, organisation) for entry in step.entries)
    yield f"{_clock(step.at, zone)}  {what}"
    for line in more:
        yield f"{MARGIN}{line}"
    for told in step.told:
        yield f"{MARGIN}{_message(told, step, organisation)}"
    if step.awaits and step.due:
        owner = organisation.people[step.owner]
        yield (
            f"{MARGIN}{owner.name} has until {_clock(step.due, zone)} ({step.zone}) "
            f"to {step.awaits}"
        )


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %Y-%m-%d %H:%M}"


def _entry(entry: Entry, step: Step, organisation: Organisation) -> str:
    facts = entry.facts
    match entry.kind:
        case EntryKind.ASSIGNED:
            person = organisation.people[str(facts["to"])]
            why = f"rule {facts['rule']}" if facts.get("rule") else "no rule: the national owner"
            by = f"{_level(facts)} of the ladder" if "level" in facts else why
            team = f", team {facts['team']}, {_words(facts['way'])}" if "team" in facts else ""
            instead = f", in place of {facts['for']}" if "for" in facts else ""
            return f"assigned to {person.name} ({person.id}), by {by}{team}{instead}"
        case EntryKind.LEVEL_SKIPPED:
            why = str(facts["why"]).replace("_", " ")
            return f"{_level(facts)} ({facts['post']}) is skipped: {why}"
        case EntryKind.REMINDED if "target" in facts:
            return f"reminded of the {facts['target']}"
        case EntryKind.REMINDED:
            return f"reminded, {step.share or 0:.0%} of the time passed"
        case _:
            return _words(entry.kind)


def _words(word: object) -> str:
    return str(word).replace("_", " ")


def _level(facts: Mapping[str, str | int]) -> str:
    """Straight to the top: no number was climbed to."""
    return f"level {facts['level']}" if "level" in facts else "the last level"


def _message(told: Told, step: Step, organisation: Organisation) -> str:
    person = organisation.people.get(told.person or "")
    to = f"{person.name} ({person.id}) by {person.channel}" if person else "the customer"
    late = told.leaves_at > step.at
    leaves = f" leaves {_clock(told.leaves_at, ZoneInfo(step.zone))}" if late else " leaves at once"
    return f"{told.message.replace('_', ' ')} to {to}{leaves}"
