"""The JSON API: who is away when, and who answers for what on a day."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from pydantic import BaseModel

from models.above import above
from models.absence import Absence
from models.people import Person
from models.roster import Post, noon, roster
from models.store.absences import absences_after
from web.absences import Leave, call_off, record_absence
from web.api.acts import Key
from web.api.schemas import ActBody, Name
from web.permits import acting_person
from web.provided import House, InHouse

router = APIRouter(tags=["people"])


class AbsenceBody(ActBody):
    """`first` and `last` are days of the person's own zone, both included.

    Without `person` it is the acting one. Without `stand_in` the deputy of the organisation's file
    stands in. `gives_back`: at the end the cases come back.
    """

    person: Name | None = None
    first: date
    last: date
    stand_in: Name | None = None
    gives_back: bool = True


class AbsenceOut(BaseModel):
    """From `since` up to, but not at, `until`."""

    id: str
    person: str
    since: datetime
    until: datetime
    stand_in: str | None
    gives_back: bool

    @classmethod
    def of(cls, absence: Absence) -> "AbsenceOut":
        return cls.model_validate(absence, from_attributes=True)


class RosterLine(BaseModel):
    """A routing rule with its conditions; the last line, without `rule`, is for where none fits.

    `answers` is who acts for `named` that day. `broken`: nobody who stands in is there.
    """

    rule: int | None
    region: str | None
    trade: str | None
    touchpoint: str | None
    language: str | None
    named: str
    answers: str
    away_until: datetime | None
    broken: bool
    then: Sequence[str]

    @classmethod
    def of(cls, post: Post, then: Sequence[str]) -> "RosterLine":
        answers, route = post.answers, post.route
        conditions = ("region", "trade", "touchpoint", "language")
        return cls(
            rule=post.rule,
            **{name: getattr(route, name, None) for name in conditions},
            named=post.named.id,
            answers=answers.person.id,
            away_until=answers.absence.until if answers.absence else None,
            broken=answers.broken,
            then=then,
        )


@router.get("/absences")
async def absences(house: InHouse, person: str | None = None) -> Sequence[AbsenceOut]:
    """Those that are not over, the first to begin first."""
    async with house.database.read() as session:
        ahead = await absences_after(session, house.clock())
    return [AbsenceOut.of(a) for a in ahead if person in {None, a.person}]


@router.post("/absences")
async def record(body: AbsenceBody, key: Key, house: InHouse) -> AbsenceOut:
    """Cases, new and open, go to who stands in. The same again changes nothing."""
    leave = Leave(body.person or body.by, body.first, body.last, body.stand_in, body.gives_back)
    return AbsenceOut.of(await record_absence(house, await _acting(house, body.by), leave, key=key))


@router.delete("/absences/{absence}")
async def end(
    absence: str, by: Annotated[Name, Query(description="The acting person.")], house: InHouse
) -> AbsenceOut:
    """Called off, or over earlier than it was meant to be."""
    return AbsenceOut.of(await call_off(house, await _acting(house, by), absence))


@router.get("/roster")
async def read_roster(house: InHouse, on: date | None = None) -> Sequence[RosterLine]:
    """At noon of that day at the head office; without `on`, now."""
    async with house.database.read() as session:
        today = (await house.book.in_force(session)).organisation
        at = noon(on, ZoneInfo(today.head_office.zone)) if on else house.clock()
        away = await absences_after(session, at)
    return [RosterLine.of(post, above(today, away, post, at)) for post in roster(today, away, at)]


async def _acting(house: House, by: str) -> Person:
    async with house.database.read() as session:
        return acting_person((await house.book.in_force(session)).organisation, by)
