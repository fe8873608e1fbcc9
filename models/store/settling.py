"""What time does to responses: the unfinished count as they stand, late withdrawals are found.

Several processes may look at once: who comes second finds it done.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import and_, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.response_tables import WithdrawalRow
from models.tables import ResponseRow


async def unsettled(
    session: AsyncSession, *, now: datetime, limit: int, but: Collection[str] = ()
) -> Sequence[str]:
    """Rows of responses that nobody completed in time, `but` those; who waited longest comes first."""
    due = select(ResponseRow.id).where(
        col(ResponseRow.settles_at) <= now, col(ResponseRow.id).not_in(but)
    )
    return (await session.exec(due.order_by(col(ResponseRow.settles_at)).limit(limit))).all()


async def untaken_withdrawals(
    session: AsyncSession, *, limit: int, but: Collection[str] = ()
) -> Sequence[str]:
    """Rows of responses that came in the very moment in which their withdrawal was kept for later."""
    meant = and_(
        col(ResponseRow.source) == col(WithdrawalRow.source),
        col(ResponseRow.response_id) == col(WithdrawalRow.response_id),
    )
    came = select(ResponseRow.id).join(WithdrawalRow, meant).where(col(ResponseRow.id).not_in(but))
    return (await session.exec(came.limit(limit))).all()
