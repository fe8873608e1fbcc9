"""Who answers for what on a day, for a person to read: a line per routing rule."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from machine.opening import opened_database
from models.above import above
from models.absence import Absence
from models.organisation import Organisation
from models.roster import Post, noon, roster
from models.store.absences import absences_after
from models.store.organisations import OrganisationBook
from settings import Settings

TITLES = ("rule", "region", "trade", "touchpoint", "language", "who answers", "then", "because")
ANY = "*"


async def show_roster(settings: Settings, on: date | None) -> Sequence[str]:
    """At noon of that day at the head office; without a day, now."""
    async with opened_database(settings) as database, database.read() as session:
        today = (await OrganisationBook(database.vault).in_force(session)).organisation
        zone = ZoneInfo(today.head_office.zone)
        at = noon(on, zone) if on else datetime.now(UTC)
        away = await absences_after(session, at)
    lines = table(today, away, at)
    return [f"{at.astimezone(zone):%Y-%m-%d %H:%M} in {zone.key}", *lines]


def table(organisation: Organisation, absences: Sequence[Absence], at: datetime) -> Iterator[str]:
    """Columns as wide as what stands in them; `then` are those who get the case from him, in turn."""
    zone = ZoneInfo(organisation.head_office.zone)
    lines = roster(organisation, absences, at)
    then = (above(organisation, absences, line, at) for line in lines)
    rows = [TITLES, *(_row(line, ", ".join(n), zone) for line, n in zip(lines, then, strict=True))]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _row(post: Post, then: str, zone: ZoneInfo) -> tuple[str, ...]:
    route = post.route
    names = ("region", "trade", "touchpoint", "language")
    conditions = (getattr(route, name) or ANY for name in names) if route else ("-",) * len(names)
    return (str(post.rule or "else"), *conditions, post.answers.person.name, then, _why(post, zone))


def _why(post: Post, zone: ZoneInfo) -> str:
    absence = post.answers.absence
    if absence is None:
        return ""
    until = absence.until.astimezone(zone)
    why = f"{post.named.name} is away until {until:%Y-%m-%d %H:%M}"
    return f"{why}, and nobody who stands in is there" if post.answers.broken else why
