"""Signs of life: who was seen when, and how late the clocks fired."""

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.tables import EntryRow, HeartbeatRow


async def beat(session: AsyncSession, name: str, *, at: datetime) -> None:
    await session.merge(HeartbeatRow(name=name, seen_at=at))


async def last_heartbeat(session: AsyncSession, name: str) -> datetime | None:
    row = await session.get(HeartbeatRow, name)
    return row.seen_at if row else None


async def worst_lateness(session: AsyncSession, *, since: datetime) -> float | None:
    """Seconds between when a rung was due and when it fired; None when none fired."""
    fired = select(EntryRow.at, EntryRow.due).where(
        col(EntryRow.due).is_not(None), col(EntryRow.at) >= since
    )
    return max(
        ((at - due).total_seconds() for at, due in await session.exec(fired) if due), default=None
    )
