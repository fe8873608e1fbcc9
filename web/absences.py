"""How an absence is recorded and called off, from the API and from the page alike."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from models.absence import Absence
from models.errors import KeyReused, NotAllowed, NotUnderstood
from models.organisation import Organisation
from models.people import Person, Role
from models.roster import check_absence, days_away
from models.spelling import did_you_mean
from models.store.absences import (
    absence_sent,
    absences_after,
    end_absence,
    find_absence,
    keep_absence,
)
from models.workday import hours_of
from web.permits import FARTHEST_PROMISE
from web.provided import House

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Leave:
    """As somebody asks for it: days of the person's own zone, both included.

    `stand_in` None is the deputy of the organisation's file.
    """

    person: str
    first: date
    last: date
    stand_in: str | None = None
    gives_back: bool = True


async def record_absence(house: House, me: Person, leave: Leave, *, key: str) -> Absence:
    """The same again is the one that is known, under the same key or another.

    Raises NotAllowed, NotUnderstood with the place, KeyReused for something else under that key, or
    WrongMove where nobody would be there.
    """
    absence = await house.database.write_again(
        lambda session: _record(session, house, me, leave, key=key)
    )
    house.dispatcher.wake()
    log.info("absence_recorded", absence=absence.id, by=me.id)
    return absence


async def call_off(house: House, me: Person, absence_id: str) -> Absence:
    """It is over now. Raises NotKnown or NotAllowed."""
    async with house.database.write() as session:
        absence = await find_absence(session, absence_id)
        require_hand_in(me, absence.person)
        ended = await end_absence(session, absence_id, at=house.clock())
    house.dispatcher.wake()
    log.info("absence_called_off", absence=absence_id, by=me.id)
    return ended


def require_hand_in(me: Person, person: str) -> None:
    """Everybody speaks for himself, and the national owner for whoever cannot."""
    if me.role is not Role.NATIONAL_OWNER and not (me.takes_cases and me.id == person):
        raise NotAllowed(f"{me.id} has no say in the absences of {person}.")


async def _record(
    session: AsyncSession, house: House, me: Person, leave: Leave, *, key: str
) -> Absence:
    now, today = house.clock(), (await house.book.in_force(session)).organisation
    require_hand_in(me, leave.person)
    _require_days(leave, now.date())
    person, new = _understood(today, leave)
    sent = await absence_sent(session, key, by=me.id)
    if sent is not None:
        return _the_same(sent, new)
    if new.until <= now:
        raise NotUnderstood("These days are over.", place="last")
    others = await absences_after(session, now)
    known = next((other for other in others if _same(other, new)), None)
    if known is None:
        check_absence(today, others, new, person)
        keep_absence(session, new, by=me.id, key=key, at=now)
    return known or new


def _require_days(leave: Leave, today: date) -> None:
    """Farther away than this a day is a slip of the finger."""
    if not today - FARTHEST_PROMISE <= leave.first <= leave.last <= today + FARTHEST_PROMISE:
        raise NotUnderstood("From the first to the last day, two years away at most.", place="last")


def _understood(today: Organisation, leave: Leave) -> tuple[Person, Absence]:
    person = _found(today, leave.person, place="person")
    if leave.stand_in is not None:
        _found(today, leave.stand_in, place="stand_in")
    since, until = days_away(leave.first, leave.last, zone_of(today, person))
    new = Absence(str(uuid7()), person.id, since, until, leave.stand_in, leave.gives_back)
    return person, new


def zone_of(today: Organisation, person: Person) -> ZoneInfo:
    return ZoneInfo(hours_of(today, person).zone)


def _found(today: Organisation, person: str, *, place: str) -> Person:
    """Somebody who takes cases: only his can move, and only to such a one."""
    found = today.people.get(person)
    if found is None:
        hint = did_you_mean(person, today.people) or "."
        raise NotUnderstood(f"There is no person {person!r}{hint}", place=place)
    if not found.takes_cases:
        raise NotUnderstood("An operator takes no cases.", place=place)
    return found


def _the_same(sent: Absence, new: Absence) -> Absence:
    if not _same(sent, new):
        raise KeyReused("This key came with another absence before.")
    return sent


def _same(known: Absence, new: Absence) -> bool:
    return (known.person, known.since, known.until, known.stand_in, known.gives_back) == (
        new.person,
        new.since,
        new.until,
        new.stand_in,
        new.gives_back,
    )
