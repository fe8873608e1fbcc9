"""A customer's wish not to be called: it outlives the case in which he said so, and it goes with his phone,
under whatever name that is known. Called inside a commit.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.actions import Attempt, Contact, Reached
from models.assignment import Assigned
from models.attempts import unwanted_call
from models.case import CaseState, Move
from models.store.casebook import state_of
from models.store.merging import same_person
from models.tables import CaseRow, CustomerRow, EntryRow
from models.timeline import Entry, EntryKind


async def keep_wish(session: AsyncSession, row: CaseRow, move: Move, *, at: datetime) -> Assigned:
    """What changes in the case is kept for all that are to come, under all his names. What he said elsewhere
    the case learns when it opens, or with its next move.
    """
    customer = await session.get_one(CustomerRow, row.customer_id)
    state, before = move.state, state_of(row)
    since = state.reach.no_calls_since
    was = before.reach.no_calls_since if before else None
    lifted = _is_lifted(move.entries[0])
    if since == was and not lifted:
        return _learned(state, customer.no_calls_since, at=at)
    for each in await _told_by(session, customer.id, since=None if lifted else since):
        each.no_calls_since = None if lifted else _merge(each.no_calls_since, since, was)
        session.add(each)
    return Assigned(_knowing(state, since or customer.no_calls_since))


def _is_lifted(entry: Entry) -> bool:
    """By who asks for a call, and not by who only writes something: perhaps that he wants none."""
    return entry.kind is EntryKind.CALL_WANTED and "unasked" not in entry.facts


async def keep_sharers_wish(session: AsyncSession, move: Move) -> None:
    """Of who shares a case with its own customer: not to be called again, unless that is taken back."""
    entry, asked = move.entries[0], move.takes_back is None
    since = entry.at if asked else None
    facts, was = entry.facts, None
    if not asked:
        taken_back = select(EntryRow).where(
            EntryRow.case_id == move.state.case_id,
            EntryRow.seq == move.takes_back,
            EntryRow.kind == EntryKind.ATTEMPTED,
        )
        told = (await session.exec(taken_back)).first()
        facts, was = (told.facts, told.at) if told else ({}, None)
    if "customer" not in facts or facts["outcome"] != Reached.REFUSED:
        return
    for row in await _told_by(session, str(facts["customer"]), since=since):
        row.no_calls_since = _merge(row.no_calls_since, since, was)
        session.add(row)


async def spread_wish(session: AsyncSession, customer: CustomerRow) -> None:
    """Not to be called: to all that his phone leads to, who was only found by it now."""
    for each in await _told_by(session, customer.id, since=customer.no_calls_since):
        each.no_calls_since = each.no_calls_since or customer.no_calls_since
        session.add(each)


async def require_callable(session: AsyncSession, case: CaseRow, act: Attempt) -> None:
    """Raises WrongMove for a call to who asked for none; the case itself may not have heard yet what he said
    on another one. He himself may ring us.
    """
    customer = await session.get_one(CustomerRow, act.whom or case.customer_id)
    called = act.channel is Contact.PHONE and not act.inbound
    if called and customer.no_calls_since is not None:
        raise unwanted_call()


def _merge(known: datetime | None, since: datetime | None, was: datetime | None) -> datetime | None:
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


async def _told_by(
    session: AsyncSession, customer: str, *, since: datetime | None
) -> Collection[CustomerRow]:
    """To whom it counts: not to be called, for all his names and whoever has a phone of his. That he may be
    called after all is his own word only: who else has that phone may have asked for himself.
    """
    theirs = col(CustomerRow.id).in_(await same_person(session, customer))
    rows = (await session.exec(select(CustomerRow).where(theirs))).all()
    phones = {row.phone_index for row in rows if row.phone_index}
    if since is None or not phones:
        return rows
    shared = or_(theirs, col(CustomerRow.phone_index).in_(phones))
    return (await session.exec(select(CustomerRow).where(shared))).all()
