"""What a caller hears where nobody takes his call, in his own language: never more than is true."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from models.inbound_tables import InboundCallRow
from models.organisation import page_language
from models.ringing import called_back_by
from models.store.casebook import circumstances_of, state_of
from models.store.missed_calls import settle_soon
from models.store.views import find_case
from models.tables import CaseRow, CustomerRow
from templates.spoken_words import ToCaller, called_back, spoken_inbound
from web.provided import House
from web.twilio.inbound_twiml import answer_unknown, ask_caller, hang_up
from web.twilio.twiml import Doors

THINKS = timedelta(minutes=1)
"""Who is asked something has so long to hear it and press a key."""


async def turn_down(house: House, session: AsyncSession, call: InboundCallRow) -> str:
    """What becomes of the call is settled soon."""
    now = house.clock()
    settle_soon(session, call, now if call.wants else now + THINKS)
    customer = await _customer_of(session, call)
    if customer is None:
        today = (await house.book.in_force(session)).organisation
        return answer_unknown(tuple(dict.fromkeys(map(page_language, today.languages))))
    language = await language_of_caller(house, session, call)
    if call.case_id is None:
        return hang_up(language, spoken_inbound(language)[ToCaller.NOTED])
    if not call.wants:
        return ask_caller(language, Doors(house.settings.public_url, call.id, "line/calls"))
    case = await find_case(session, call.case_id)
    by = await _called_back_by(house, session, case, customer, now)
    words = called_back(language, by) if by else spoken_inbound(language)[ToCaller.NOBODY]
    return hang_up(language, words)


async def language_of_caller(house: House, session: AsyncSession, call: InboundCallRow) -> str:
    """His own, else that in which his case is kept."""
    today = (await house.book.in_force(session)).organisation
    customer = await _customer_of(session, call)
    case = await session.get(CaseRow, call.case_id) if call.case_id else None
    his = (customer.language if customer else None) or (case.language if case else None)
    return page_language(today.speaks(his))


async def _called_back_by(
    house: House, session: AsyncSession, case: CaseRow, customer: CustomerRow, now: datetime
) -> datetime | None:
    """On his own clock; None where no target of the case says so."""
    versions = await house.book.versions(session, pinned=case.version, at=now)
    state = state_of(case)
    if state is None or not case.open:
        return None
    found = circumstances_of(case, versions, now, zone=customer.zone)
    by = called_back_by(state, found, versions, now)
    zone = versions.pinned.calling_hours(case.region, customer.zone).zone
    return by.astimezone(ZoneInfo(zone)) if by else None


async def _customer_of(session: AsyncSession, call: InboundCallRow) -> CustomerRow | None:
    return await session.get(CustomerRow, call.customer_id) if call.customer_id else None
