"""Whether a customer may be dialled at this instant for a call that was asked for, and under which number."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from models.bridge import Held
from models.call_tables import CallRow
from models.calls import shut_until
from models.people import Right, may
from models.store.bridges import Asked
from models.store.casebook import state_of
from models.store.customer_views import open_customer
from models.store.sharers import Sharer, sharers_of
from models.store.tallies import answers_of
from models.store.views import facts_of, find_case
from models.tables import CaseRow
from models.versions import Versions
from web.provided import House


async def number_to_dial(
    house: House, session: AsyncSession, asked: Asked | CallRow, *, now: datetime
) -> str | Held:
    """In E.164. It is asked again just before the customer is dialled, for minutes may have passed."""
    row = await find_case(session, asked.case_id)
    versions = await house.book.versions(session, pinned=row.version, at=now)
    person = versions.today.people.get(asked.person)
    if person is None or not may(person, Right.ACT, facts_of(row)):
        return Held.NO_RIGHT
    if not row.open:
        return Held.CLOSED
    answers = await answers_of(session, row.id)
    sharers = await sharers_of(session, house.database.vault, row, answers)
    customer = next((each for each in sharers if each.row.id == asked.customer_id), None)
    if customer is None or not customer.consents:
        return Held.NO_CONSENT
    if customer.row.no_calls_since is not None:
        return Held.NO_CALLS
    if _is_shut(row, versions, customer, now):
        return Held.HOURS
    return open_customer(customer.row, customer.box).phone or Held.NO_NUMBER


def _is_shut(row: CaseRow, versions: Versions, customer: Sharer, now: datetime) -> bool:
    hours = versions.pinned.calling_hours(row.region, customer.row.zone)
    state = state_of(row)
    return state is None or shut_until(state, hours, now) is not None
