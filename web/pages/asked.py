"""The gestures to which somebody is asked to say yes, in his inbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from models.gesture_tables import WaitingGestureRow
from models.money import Money
from models.people import Person
from models.store.casebook import state_of
from models.store.gestures import count_asked, list_asked
from models.tables import CaseRow
from models.versions import Versions
from models.workday import Left, time_left
from web.pages.layout import labels_of
from web.pages.reading import Reading
from web.provided import House

SHOWN = 20


@dataclass(frozen=True, slots=True)
class AskedLine:
    """`until` is when the next level is asked in his place; `left` is counted on his own clock."""

    case_id: str
    number: int
    cost: Money | None
    labels: tuple[str, ...]
    cause: str | None
    until: datetime
    left: Left | None
    now: datetime


@dataclass(frozen=True, slots=True)
class AskedList:
    """The most urgent of them."""

    count: int
    lines: Sequence[AskedLine] = ()


async def read_asked(session: AsyncSession, house: House, me: Person) -> AskedList:
    today = (await house.book.in_force(session)).organisation
    rows = await list_asked(session, today, me, limit=SHOWN)
    if not rows:
        return AskedList(0)
    lines = []
    for gesture, case in rows:
        pinned = await house.book.version(session, case.version)
        zone = ZoneInfo(pinned.hours_of(case.region).zone)
        reading = Reading(me, Versions(pinned, today), zone, house.clock())
        lines.append(_line(gesture, case, reading))
    return AskedList(await count_asked(session, today, me), lines)


def _line(gesture: WaitingGestureRow, case: CaseRow, reading: Reading) -> AskedLine:
    state = state_of(case)
    found = (a for a in (state.actions if state else ()) if a.number == gesture.number)
    cost = next((action.cost for action in found), None)
    hours = reading.hours_of(reading.me.id, region=case.region)
    return AskedLine(
        case.id,
        gesture.number,
        cost,
        labels_of(case, reading),
        reading.cause(state.cause) if state and state.cause else None,
        reading.local(gesture.until),
        time_left(hours, reading.now, gesture.until),
        reading.local(reading.now),
    )
