"""A customer's wish not to be called: it outlives the case in which he said so, and it goes with his phone,
under whatever name that is known. Called inside a commit.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.assignment import Assigned
from models.case import CaseState, Move
from models.store.casebook import state_of
from models.store.merging import same_person
from models.tables import CaseRow, CustomerRow
from models.timeline import Entry, EntryKind


async def keep_wish(session: AsyncSession, row: CaseRow, move: Move, *, at: datetime) -> Assigned:
    """What changes in the case is kept for all that are to come, under all his names. What he said elsewhere
    the case learns when it opens, or with its next move.
    """
    customer = await session.get_one(CustomerRow, row.customer_id)
    state, before = move.state, state_of(row)
    since = state.reach.no_calls_since
    was = before.reach.no_calls_since if before else None
    lifted = move.entries[0].kind is EntryKind.CALL_WANTED
    if since == was and not lifted:
        return _learned(state, customer.no_calls_since, at=at)
    if since is None and not lifted:
        since = await _said_elsewhere(session, row)
    elif since is not None:
        since = min(since, customer.no_calls_since or since)
    for each in await _known_with(session, customer):
        each.no_calls_since = since
        session.add(each)
    return Assigned(_knowing(state, since))


def _learned(state: CaseState, since: datetime | None, *, at: datetime) -> Assigned:
    """That he wants to be called after all needs no word: he said so himself, on another case."""
    if state.reach.no_calls_since == since:
        return Assigned(state)
    told = (Entry(EntryKind.NO_CALLS, at, facts={"since": since.isoformat()}),) if since else ()
    return Assigned(_knowing(state, since), told)


def _knowing(state: CaseState, since: datetime | None) -> CaseState:
    return replace(state, reach=replace(state.reach, no_calls_since=since))


async def _known_with(session: AsyncSession, customer: CustomerRow) -> Collection[CustomerRow]:
    """All his names, and whoever has a phone of his."""
    his = col(CustomerRow.id).in_(await same_person(session, customer.id))
    rows = (await session.exec(select(CustomerRow).where(his))).all()
    phones = {row.phone_index for row in rows if row.phone_index}
    shared = or_(his, col(CustomerRow.phone_index).in_(phones))
    return (await session.exec(select(CustomerRow).where(shared))).all() if phones else rows


async def _said_elsewhere(session: AsyncSession, row: CaseRow) -> datetime | None:
    """What he takes back here he may have said on another case, too."""
    his = await same_person(session, row.customer_id)
    others = select(CaseRow).where(col(CaseRow.customer_id).in_(his), CaseRow.id != row.id)
    states = map(state_of, (await session.exec(others)).all())
    said = (state.reach.no_calls_since for state in states if state)
    return min((since for since in said if since), default=None)
