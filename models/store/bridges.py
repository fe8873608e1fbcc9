"""The calls that we put through: asked for once, and everything that is told of them. Called in a unit of
work.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from models.bridge import Call, fold
from models.call_forms import Told, read_written, written
from models.call_tables import CallEventRow, CallRow
from models.errors import NotKnown, WrongMove

SILENT = timedelta(minutes=3)
"""Without any news for so long a call was probably never made: its person may ask for another."""
LONGEST = timedelta(minutes=45)
"""Longer than ringing and the longest talk together: whatever was told, the line is free again."""
FIRST_LOOK = timedelta(minutes=2)
LAST_LOOK = timedelta(hours=1)
"""After it Twilio is not asked any more what became of a call."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A colleague's tap on *call*: `key` is that of the page's form."""

    case_id: str
    customer_id: str
    person: str
    key: str


@dataclass(frozen=True, slots=True)
class CallView:
    """`fault` is why it could not be started. `silent`: nothing was told of it for too long. `inbound`: it
    was the customer who rang.
    """

    id: str
    customer_id: str
    started_at: datetime
    call: Call
    fault: str | None
    silent: bool
    inbound: bool = False


async def start_call(session: AsyncSession, asked: Asked, *, at: datetime) -> tuple[CallRow, bool]:
    """With whether it is a new one: a second tap finds the call of the first, from whatever device.

    Raises WrongMove for who is on the line with somebody else.
    """
    same = select(CallRow).where(
        CallRow.case_id == asked.case_id, CallRow.person == asked.person, CallRow.key == asked.key
    )
    known = (await session.exec(same)).first()
    if known is not None:
        return known, False
    live = await _on_the_line(session, asked.person, at)
    if live is not None and (live.case_id, live.customer_id) == (asked.case_id, asked.customer_id):
        return live, False
    if live is not None:
        raise WrongMove("on_the_line", "You are on the line with another customer.")
    row = CallRow(
        id=str(uuid7()),
        case_id=asked.case_id,
        customer_id=asked.customer_id,
        person=asked.person,
        key=asked.key,
        started_at=at,
        look_at=at + FIRST_LOOK,
    )
    session.add(row)
    await session.flush()
    return row, True


async def note_started(session: AsyncSession, call_id: str, sid: str) -> None:
    """Twilio's answer or its first news of the call names it, whichever comes."""
    row = await find_call(session, call_id)
    row.sid = row.sid or sid
    session.add(row)


async def note_fault(session: AsyncSession, call_id: str, fault: str, *, at: datetime) -> None:
    """It was certainly not made: its person may ask for another at once."""
    row = await find_call(session, call_id)
    row.fault, row.ended_at, row.look_at = fault, at, None
    session.add(row)


async def find_call(session: AsyncSession, call_id: str) -> CallRow:
    """Locked where the database can. Raises NotKnown."""
    row = await session.get(CallRow, call_id, with_for_update=True)
    if row is None:
        raise NotKnown("There is no such call.")
    return row


async def keep_told(session: AsyncSession, row: CallRow, told: Told, *, at: datetime) -> Call:
    """What was told before changes nothing; the call as it stands now is returned."""
    if await session.get(CallEventRow, (row.id, told.key)) is None:
        event = CallEventRow(call_id=row.id, key=told.key, told_at=at, event=written(told.event))
        session.add(event)
        await session.flush()
    call = await call_as_it_stands(session, row.id)
    if call.over and row.ended_at is None:
        row.ended_at = at
    if call.over and call.outcome is not None:
        row.look_at = None
    session.add(row)
    return call


async def call_as_it_stands(session: AsyncSession, call_id: str) -> Call:
    return fold(read_written(each.event) for each in await _events_of(session, call_id))


@dataclass(frozen=True, slots=True)
class CallQuestion:
    """A call of which Twilio is asked, by its own id of it."""

    call: str
    sid: str


async def next_call_question(session: AsyncSession, now: datetime) -> CallQuestion | None:
    """The one that has waited longest; whoever asks it has some time until the next one does."""
    waiting = (
        select(CallRow)
        .where(col(CallRow.look_at) <= now, col(CallRow.sid).is_not(None))
        .order_by(col(CallRow.look_at))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = (await session.exec(waiting)).first()
    if row is None or row.sid is None:
        return None
    age = now - row.started_at
    row.look_at = now + max(FIRST_LOOK / 2, age / 4) if age < LAST_LOOK else None
    session.add(row)
    return CallQuestion(row.id, row.sid)


async def latest_call(
    session: AsyncSession, case_id: str, person: str, *, now: datetime
) -> CallView | None:
    theirs = select(CallRow).where(CallRow.case_id == case_id, CallRow.person == person)
    newest = theirs.order_by(col(CallRow.started_at).desc(), col(CallRow.id).desc()).limit(1)
    row = (await session.exec(newest)).first()
    if row is None:
        return None
    events = await _events_of(session, row.id)
    call = fold(read_written(each.event) for each in events)
    silent = not call.over and _is_silent(row, events, now)
    return CallView(row.id, row.customer_id, row.started_at, call, row.fault, silent)


async def _on_the_line(session: AsyncSession, person: str, now: datetime) -> CallRow | None:
    """One that nobody speaks of any more is ended, so that it does not hold its person up for good."""
    live = select(CallRow).where(CallRow.person == person, col(CallRow.ended_at).is_(None))
    row = (await session.exec(live)).first()
    if row is None or not _is_silent(row, await _events_of(session, row.id), now):
        return row
    row.ended_at = now
    session.add(row)
    await session.flush()
    return None


def _is_silent(row: CallRow, events: Sequence[CallEventRow], now: datetime) -> bool:
    return now - row.started_at > (LONGEST if events else SILENT)


async def _events_of(session: AsyncSession, call_id: str) -> Sequence[CallEventRow]:
    told = select(CallEventRow).where(CallEventRow.call_id == call_id)
    return (await session.exec(told.order_by(col(CallEventRow.key)))).all()
