"""Signs of life: who was seen when, and how late the clocks fired."""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.heartbeat_tables import HeartbeatRow
from models.tables import CaseRow, EntryRow


async def beat(session: AsyncSession, *, name: str, at: datetime) -> None:
    await session.merge(HeartbeatRow(name=name, seen_at=at))


async def last_heartbeat(session: AsyncSession, name: str) -> datetime | None:
    row = await session.get(HeartbeatRow, name)
    return row.seen_at if row else None


async def worst_lateness(session: AsyncSession, *, since: datetime, now: datetime) -> float | None:
    """Seconds between when a rung was due and when it fired; None when none fired.

    A rung that is due and has not fired yet is as late as it is now.
    """
    fired = select(EntryRow.at, EntryRow.due).where(
        col(EntryRow.due).is_not(None), col(EntryRow.at) >= since
    )
    late = [at - due for at, due in await session.exec(fired) if due]
    waiting = select(func.min(CaseRow.due_at)).where(col(CaseRow.open), col(CaseRow.due_at) < now)
    if (oldest := (await session.exec(waiting)).one()) is not None:
        late.append(now - oldest)
    return max(late).total_seconds() if late else None
