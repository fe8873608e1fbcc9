"""Absences as they stand on the account page: those ahead, and the form for another one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.absence import Absence
from models.errors import NotUnderstood
from models.organisation import Organisation
from models.people import Person, Role
from models.spelling import plain
from web.absences import Leave, zone_of
from web.pages.forms import Written

FOR_GOOD = "stay"
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class LeaveLine:
    """An absence from its first instant to its last, in the person's zone, with who stands in, by name."""

    id: str
    name: str
    first: datetime
    last: datetime
    stand_in: str
    gives_back: bool


@dataclass(frozen=True, slots=True)
class LeaveSheet:
    """`people` are those for whom the reader speaks, himself first; `deputy` is his own, by name.

    `written` is what was refused just now, for the reason `why`.
    """

    lines: Sequence[LeaveLine]
    people: Sequence[Person]
    stand_ins: Sequence[Person]
    deputy: str | None
    today: date
    written: Written
    why: str


def lay_out_leaves(
    today: Organisation,
    me: Person,
    absences: Iterable[Absence],
    *,
    now: datetime,
    written: Written,
    why: str,
) -> LeaveSheet:
    """Everybody sees his own absences, the national owner all."""
    workers = sorted(
        (p for p in today.people.values() if p.takes_cases),
        key=lambda person: (person.id != me.id, plain(person.name)),
    )
    speaks_for_all = me.role is Role.NATIONAL_OWNER
    people = workers if speaks_for_all else [me]
    seen = {person.id for person in people}
    deputy = today.people.get(me.deputy or "")
    return LeaveSheet(
        [line_of(absence, today) for absence in absences if absence.person in seen],
        people,
        [person for person in workers if speaks_for_all or person.id != me.id],
        deputy.name if deputy else None,
        now.astimezone(zone_of(today, me)).date(),
        written,
        why,
    )


def line_of(absence: Absence, today: Organisation) -> LeaveLine:
    """Of somebody who stands in the organisation's file."""
    person = today.people[absence.person]
    named = today.people.get(absence.stand_in or person.deputy or "") or today.national_owner
    zone = zone_of(today, person)
    return LeaveLine(
        absence.id,
        person.name,
        absence.since.astimezone(zone),
        (absence.until - INSTANT).astimezone(zone),
        named.name,
        absence.gives_back,
    )


def read_leave(written: Written, me: Person) -> Leave:
    """Raises NotUnderstood with the name of the field."""
    return Leave(
        written.get("person") or me.id,
        _day(written, "first"),
        _day(written, "last"),
        written.get("stand_in") or None,
        gives_back=written.get("afterwards") != FOR_GOOD,
    )


def _day(written: Written, name: str) -> date:
    try:
        return date.fromisoformat(written.get(name, ""))
    except ValueError:
        raise NotUnderstood("A date is written 2026-12-31.", place=name) from None
