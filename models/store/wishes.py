"""A customer's wish not to be called: it outlives the case in which he said so.

One open case per customer, so that nobody else decides on it meanwhile. Called inside a commit.
"""

from dataclasses import replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from models.assignment import Assigned
from models.case import CaseState
from models.store.casebook import state_of
from models.store.customer_views import customers_of
from models.store.merging import same_person
from models.tables import CaseRow, CustomerRow
from models.timeline import Entry, EntryKind


async def keep_wish(
    session: AsyncSession, row: CaseRow, state: CaseState, *, at: datetime
) -> Assigned:
    """A case learns of the wish when it opens, or later where he said it elsewhere; what changes in the case
    is kept for those to come, under all his names.
    """
    customer = await session.get_one(CustomerRow, row.customer_id)
    before, since = state_of(row), state.reach.no_calls_since
    unheard = before is None or before.reach.no_calls_since is None
    if unheard and since is None and customer.no_calls_since is not None:
        return _learn(state, customer.no_calls_since, at=at)
    if before is None or before.reach.no_calls_since != since:
        his = await same_person(session, customer.id)
        for each in (await customers_of(session, his)).values():
            each.no_calls_since = since
            session.add(each)
    return Assigned(state)


def _learn(state: CaseState, since: datetime, *, at: datetime) -> Assigned:
    entry = Entry(EntryKind.NO_CALLS, at, facts={"since": since.isoformat()})
    reach = replace(state.reach, no_calls_since=since)
    return Assigned(replace(state, reach=reach), (entry,))
