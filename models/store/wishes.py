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
from models.tables import CaseRow, CustomerRow, ResponseRow
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
    speaks = {customer.id} if lifted else await _sharing(session, row)
    for each in await _known_with(session, speaks):
        each.no_calls_since = None if lifted else _kept(each.no_calls_since, since, was)
        session.add(each)
    return Assigned(_knowing(state, since or customer.no_calls_since))


def _kept(known: datetime | None, since: datetime | None, was: datetime | None) -> datetime | None:
    """The first time counts; what is taken back is what was said here, not what he said before."""
    if since is not None:
        return min(since, known or since)
    return None if known == was else known


def _learned(state: CaseState, since: datetime | None, *, at: datetime) -> Assigned:
    """That he wants to be called after all needs no word: he said so himself, on another case."""
    if (state.reach.no_calls_since is None) is (since is None):
        return Assigned(state)
    told = (Entry(EntryKind.NO_CALLS, at, facts={"since": since.isoformat()}),) if since else ()
    return Assigned(_knowing(state, since), told)


def _knowing(state: CaseState, since: datetime | None) -> CaseState:
    return replace(state, reach=replace(state.reach, no_calls_since=since))


async def _sharing(session: AsyncSession, row: CaseRow) -> set[str]:
    """Of a case that several share nobody notes who of them it was."""
    answers = select(ResponseRow.customer_id).where(ResponseRow.case_id == row.id)
    return {row.customer_id, *(await session.exec(answers)).all()}


async def _known_with(session: AsyncSession, ids: Collection[str]) -> Collection[CustomerRow]:
    """All their names, and whoever has a phone of theirs."""
    names = {name for each in ids for name in await same_person(session, each)}
    theirs = col(CustomerRow.id).in_(names)
    rows = (await session.exec(select(CustomerRow).where(theirs))).all()
    phones = {row.phone_index for row in rows if row.phone_index}
    shared = or_(theirs, col(CustomerRow.phone_index).in_(phones))
    return (await session.exec(select(CustomerRow).where(shared))).all() if phones else rows
