"""Who answers for what on a day, for a person to read: a line per routing rule, then each team."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from machine.opening import opened_database
from models.organisation import word
from models.people import Person
from models.roster import Post, Standing, noon
from models.sharing import Seat, TeamDay, Way
from models.store.organisations import OrganisationBook
from models.store.roster import RosterDay, roster_at
from models.teams import Team
from settings import Settings

TITLES = ("rule", "region", "trade", "touchpoint", "language", "who answers", "then", "because")
ANY = "*"
ENGLISH = "en"
WAYS: Mapping[Way, str] = MappingProxyType(
    {
        Way.ROUND_ROBIN: "in turn",
        Way.LEAST_LOADED: "by load",
        Way.OVERFLOW: "which can take no more: its overflow",
        Way.ABOVE_CEILING: "where all are at their ceiling",
        Way.NOBODY_THERE: "of which nobody is there",
    }
)


async def show_roster(settings: Settings, on: date | None) -> Sequence[str]:
    """At noon of that day at the head office; without a day, now. By the organisation in force now, be the
    day long past, and teams have today's cases: the first line says so.
    """
    async with opened_database(settings) as database, database.read() as session:
        in_force = await OrganisationBook(database.vault).in_force(session)
        today = in_force.organisation
        zone = ZoneInfo(today.head_office.zone)
        at = noon(on, zone) if on else datetime.now(UTC)
        day = await roster_at(session, today, at)
    lines = [*table(day, zone), *teams(day.teams.values(), zone)]
    by = f"by version {in_force.number} of the organisation, in force today"
    return [f"{at.astimezone(zone):%Y-%m-%d %H:%M} in {zone.key}, {by}", *lines]


def table(day: RosterDay, zone: ZoneInfo) -> Iterator[str]:
    """Columns as wide as what stands in them; `then` are those who get the case from him, in turn."""
    rows = [TITLES, *(_row(post, day, zone) for post in day.posts)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def teams(days: Iterable[TeamDay], zone: ZoneInfo) -> Iterator[str]:
    """Nobody's number of cases stands here: whoever has this command is not whoever shares them out."""
    for day in days:
        overflow = f", overflow to {day.team.overflow}" if day.team.overflow else ""
        yield ""
        yield f"team {day.team.id} ({_name(day.team)}): {day.team.share}{overflow}"
        for seat in day.seats:
            next_one = ", next" if seat.person == day.next.person else ""
            yield f"  {seat.person.name}: {_presence(seat, zone)}{next_one}"


def _presence(seat: Seat, zone: ZoneInfo) -> str:
    if seat.absence is not None:
        return f"away until {seat.absence.until.astimezone(zone):%Y-%m-%d %H:%M}"
    return "there, at the ceiling" if seat.full else "there"


def _name(team: Team) -> str:
    return word(team.label, ENGLISH)


def _row(post: Post, day: RosterDay, zone: ZoneInfo) -> tuple[str, ...]:
    route = post.route
    names = ("region", "trade", "touchpoint", "language")
    conditions = (getattr(route, name) or ANY for name in names) if route else ("-",) * len(names)
    who, why = _answers(post.named, day.teams, post.answers, zone)
    return (str(post.rule or "else"), *conditions, who, ", ".join(day.then[post.rule]), why)


def _answers(
    named: Person | Team, days: Mapping[str, TeamDay], standing: Standing | None, zone: ZoneInfo
) -> tuple[str, str]:
    """By name, and why it is that one."""
    if isinstance(named, Team):
        pick = days[named.id].next
        return pick.person.name, f"team {_name(named)}, {WAYS[pick.way]}"
    if standing is None or standing.absence is None:
        return named.name, ""
    until = standing.absence.until.astimezone(zone)
    why = f"{named.name} is away until {until:%Y-%m-%d %H:%M}"
    broken = ", and nobody who stands in is there" if standing.broken else ""
    return standing.person.name, why + broken
