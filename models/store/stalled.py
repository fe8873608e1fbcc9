"""The cases that stall: out of time on the last level, and nobody has turned to the customer since."""

from collections.abc import Sequence

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.tables import CaseRow


async def count_stalled(session: AsyncSession) -> int:
    counted = select(func.count()).where(col(CaseRow.stalled_since).is_not(None))
    return (await session.exec(counted)).one()


async def list_stalled(session: AsyncSession, *, limit: int, skip: int = 0) -> Sequence[CaseRow]:
    """The longest stalled first."""
    since = col(CaseRow.stalled_since)
    longest = select(CaseRow).where(since.is_not(None)).order_by(since, col(CaseRow.id))
    return (await session.exec(longest.limit(limit).offset(skip))).all()
