"""The calls to our number of which it is not known yet what became of them. Called in a unit of work."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.bridge import Call, Outcome, Standing
from models.call_tables import CallRow
from models.inbound import Fate
from models.inbound_tables import InboundCallRow, RingRow
from models.store.bridges import call_as_it_stands
from models.tables import ActRow, EntryRow
from models.timeline import CUSTOMER, EntryKind

SHORTEST, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=10)
"""For how long one is put off that could not be settled."""
GIVES_UP = timedelta(days=3)
"""Longer than a weekend without a worker. What its case was asked by then is kept, and reaches it yet."""
KEPT = timedelta(days=90)
"""Calls that are about no case."""
SPEAKING = (
    EntryKind.CALL_WANTED,
    *(EntryKind.ATTEMPTED, EntryKind.TAKEN_BACK, EntryKind.TIME_NAMED),
    *(EntryKind.HEARD_AGAIN, EntryKind.CONFIRMED, EntryKind.REOPENED),
)
"""What changes whether he is to be called."""


async def unsettled(session: AsyncSession, *, now: datetime, limit: int) -> Sequence[str]:
    """The longest due first."""
    due = select(InboundCallRow.id).where(col(InboundCallRow.settle_at) <= now)
    longest = due.order_by(col(InboundCallRow.settle_at), col(InboundCallRow.id))
    return (await session.exec(longest.limit(limit))).all()


async def is_behind(session: AsyncSession, call: InboundCallRow, *, until: datetime) -> bool:
    """An earlier call about the same case will be settled by then, or waits for its case to answer: what
    becomes of it may say enough.
    """
    earlier = select(InboundCallRow).where(
        InboundCallRow.case_id == call.case_id,
        InboundCallRow.id < call.id,
        col(InboundCallRow.settle_at).is_not(None),
    )
    for each in (await session.exec(earlier)).all():
        soon = each.settle_at is not None and each.settle_at <= until
        if soon or await was_asked_for(session, each):
            return True
    return False


def key_of(call_id: str) -> str:
    """By which the act of a call is known."""
    return f"line:{call_id}"


async def was_asked_for(session: AsyncSession, call: InboundCallRow) -> bool:
    """By the call's own act: what its case heard since may be just that."""
    key = key_of(call.id)
    own = select(ActRow.id).where(ActRow.case_id == call.case_id, ActRow.key == key)
    return (await session.exec(own)).first() is not None


async def is_wanted(session: AsyncSession, call: InboundCallRow) -> bool:
    """He rang before, and nobody has turned to him since."""
    said = select(EntryRow.kind, EntryRow.facts).where(
        EntryRow.case_id == call.case_id, col(EntryRow.kind).in_(SPEAKING)
    )
    newest = said.order_by(col(EntryRow.seq).desc(), col(EntryRow.n).desc()).limit(1)
    found = (await session.exec(newest)).first()
    return found is not None and found[0] == EntryKind.CALL_WANTED and "channel" in found[1]


async def is_called_back(session: AsyncSession, call: InboundCallRow) -> bool:
    """One of us has called him since he rang: that was noted, or they speak or spoke."""
    noted = select(EntryRow.kind).where(
        EntryRow.case_id == call.case_id,
        EntryRow.at > call.came_at,
        EntryRow.by != CUSTOMER,
        col(EntryRow.kind).in_({EntryKind.ATTEMPTED, EntryKind.TAKEN_BACK}),
    )
    newest = noted.order_by(col(EntryRow.seq).desc(), col(EntryRow.n).desc()).limit(1)
    if (await session.exec(newest)).first() == EntryKind.ATTEMPTED:
        return True
    ours = select(CallRow.id).where(
        CallRow.case_id == call.case_id, CallRow.started_at > call.came_at
    )
    since = [await call_as_it_stands(session, each) for each in (await session.exec(ours)).all()]
    return any(_speaks(each) for each in since)


def put_off(session: AsyncSession, call: InboundCallRow, now: datetime) -> bool:
    """By as much again as it has waited. False where it is given up instead: it stays unsettled."""
    waits = now - call.came_at < GIVES_UP
    wait = min(max(now - call.came_at, SHORTEST), LONGEST_WAIT)
    call.settle_at = now + wait if waits else None
    session.add(call)
    return waits


def settle_soon(
    session: AsyncSession, call: InboundCallRow, now: datetime, *, anew: bool = False
) -> None:
    """What was settled stays, unless something was told that speaks against it."""
    if call.fate is None or anew:
        call.settle_at, call.fate = now, None
        session.add(call)


def settle(session: AsyncSession, call: InboundCallRow, fate: Fate) -> None:
    call.settle_at, call.fate = None, fate
    session.add(call)


async def forget_strangers(session: AsyncSession, now: datetime) -> int:
    """Calls that belong to no case and are old; how many they were."""
    rung = select(RingRow.id).where(RingRow.call_id == InboundCallRow.id)
    old = delete(InboundCallRow).where(
        col(InboundCallRow.came_at) < now - KEPT,
        col(InboundCallRow.case_id).is_(None),
        ~rung.correlate(InboundCallRow).exists(),
    )
    return (await session.exec(old)).rowcount


def _speaks(call: Call) -> bool:
    return call.outcome is Outcome.REACHED or call.standing is Standing.TALKING
