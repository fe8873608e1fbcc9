"""Whether anything is known by which a case's customer can be reached. Called inside a commit."""

from dataclasses import replace

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.case import CaseState
from models.tables import CaseRow, CustomerRow, ResponseRow


async def with_ways(session: AsyncSession, row: CaseRow, state: CaseState) -> CaseState:
    """Looked at in each commit: a later answer may tell. Whoever wrote it down by hand has met him."""
    customer = await session.get_one(CustomerRow, row.customer_id)
    known = customer.external_sealed or customer.email_sealed or customer.phone_sealed
    nowhere = known is None and not await _others_tell(session, row)
    if nowhere is state.reach.nowhere:
        return state
    return replace(state, reach=replace(state.reach, nowhere=nowhere))


async def _others_tell(session: AsyncSession, row: CaseRow) -> bool:
    """Several people may share a case."""
    told = or_(
        col(ResponseRow.heard_by).is_not(None),
        col(CustomerRow.external_sealed).is_not(None),
        col(CustomerRow.email_sealed).is_not(None),
        col(CustomerRow.phone_sealed).is_not(None),
    )
    of_case = select(ResponseRow.id).where(ResponseRow.case_id == row.id, told)
    joined = of_case.join(CustomerRow, col(CustomerRow.id) == col(ResponseRow.customer_id))
    return (await session.exec(joined.limit(1))).first() is not None
