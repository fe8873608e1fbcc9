"""The JSON API: who is away when."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from models.absence import Absence
from models.people import Person
from models.store.absences import absences_after
from web.absences import Leave, call_off, record_absence
from web.api.acts import Key
from web.api.bodies import ActBody, Name
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


async def _acting(house: House, by: str) -> Person:
    async with house.database.read() as session:
        return acting_person((await house.book.in_force(session)).organisation, by)
