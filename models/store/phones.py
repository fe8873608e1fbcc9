"""Customers from before phones had an index: till they have it, no wish finds their other names."""

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.store.customers import identify_phone
from models.store.database import box_of
from models.store.wishes import spread_wish
from models.tables import CustomerRow, KeyRow
from models.vault import Vault


async def unindexed_customers(
    session: AsyncSession, *, after: str, limit: int
) -> Sequence[CustomerRow]:
    """Those with a phone and a key, whose id is greater than `after`; who was forgotten has no key."""
    unindexed = (
        select(CustomerRow)
        .join(KeyRow, col(KeyRow.id) == col(CustomerRow.key_id))
        .where(
            col(CustomerRow.phone_sealed).is_not(None),
            col(CustomerRow.phone_index).is_(None),
            col(CustomerRow.id) > after,
        )
    )
    return (await session.exec(unindexed.order_by(col(CustomerRow.id)).limit(limit))).all()


async def index_phones(
    session: AsyncSession, vault: Vault, *, after: str, limit: int
) -> Sequence[str]:
    """The ids of those whose phone has its index, and its clock, from now on."""
    rows = await unindexed_customers(session, after=after, limit=limit)
    for row in rows:
        box = await box_of(session, vault, row.key_id)
        if box is None:
            continue
        await identify_phone(session, vault, row, box)
        session.add(row)
        await session.flush()
        if row.no_calls_since is not None:
            await spread_wish(session, row)
    return [row.id for row in rows]
