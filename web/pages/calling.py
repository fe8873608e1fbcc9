"""Click to call: the reader's own phone is rung, he presses a key, and the customer is dialled."""

from contextlib import suppress

import structlog
from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from models.attempts import unwanted_call
from models.breaker import Answered, Said
from models.bridge import Held
from models.call_tables import CallRow
from models.carrier_errors import Remedy
from models.errors import (
    CarrierBusy,
    CarrierRefused,
    NotAllowed,
    NotKnown,
    Passing,
    RappelError,
    WrongMove,
)
from models.store.breaker import Breaker, read_rest
from models.store.bridges import Asked, note_fault, note_started, start_call
from models.store.views import find_case
from web.pages.case import CORRECTABLE, Visit, Visiting, show
from web.pages.filled import Tried
from web.pages.forms import KEY, Form, Written
from web.provided import House
from web.rendering import new_key
from web.twilio.caller import Caller
from web.twilio.line import number_to_dial

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()

CALL = "call"
"""The name of the form."""
A_CALL = Answered(Said.CALLED)


@router.post("/cases/{case_id}/call")
async def start(case_id: str, visit: Visiting, form: Form) -> Response:
    """Once, however often it is tapped; whatever comes of it stands on the page of the case."""
    try:
        row, new = await visit.house.database.write_again(
            lambda session: _ask(visit, session, case_id, form)
        )
    except CORRECTABLE as fault:
        if isinstance(fault, NotAllowed):
            raise
        return await show(visit, case_id, fault=fault, tried=Tried(CALL, form))
    if new:
        await _ring(visit.house, _caller(visit.house), row, visit.me.phone or "")
    return RedirectResponse(f"/cases/{case_id}#{CALL}", 303)


async def _ask(
    visit: Visit, session: AsyncSession, case_id: str, form: Written
) -> tuple[CallRow, bool]:
    row, now = await find_case(session, case_id), visit.house.clock()
    key, customer = form.get(KEY) or new_key(), form.get("whom") or row.customer_id
    asked = Asked(case_id, customer, visit.me.id, key)
    found = await number_to_dial(visit.house, session, asked, now=now)
    if found is Held.NO_RIGHT:
        raise NotAllowed(f"{visit.me.id} has no right to act on this case.")
    _caller(visit.house)
    if isinstance(found, Held):
        raise _refusal(found)
    if not visit.me.phone:
        raise WrongMove("no_phone", "No phone of yours is known.")
    if (await read_rest(session)).refuses_calls(now):
        raise WrongMove("calls_rest", "Twilio refuses the account: call from your own phone.")
    return await start_call(session, asked, at=now)


async def _ring(house: House, caller: Caller, row: CallRow, phone: str) -> None:
    """The row is committed before: should this process die now, nobody rings a second time by himself."""
    try:
        sid = await caller.ring(phone, row.id)
    except (CarrierBusy, CarrierRefused) as fault:
        log.warning("call_not_started", call=row.id, fault=fault.code, detail=fault.detail)
        async with house.database.write() as session:
            await note_fault(session, row.id, fault.code, at=house.clock())
        if isinstance(fault, CarrierRefused):
            await _note(house, caller, fault)
        return
    if sid is None:
        log.warning("call_uncertain", call=row.id)
        return
    async with house.database.write() as session:
        await note_started(session, row.id, sid)
    await _note(house, caller, None)


async def _note(house: House, caller: Caller, refused: CarrierRefused | None) -> None:
    """What a call shows of our account holds for messages, too. What cannot be kept, the next one shows."""
    broken = refused is not None and refused.reason == Remedy.BREAK
    answered = Answered(Said.ACCOUNT, refused.their_code) if refused and broken else A_CALL
    with suppress(Passing):
        change = await Breaker(house.database, caller.account).note(answered, house.clock())
        if change is not None:
            log.warning(change.event, **change.told)


def _caller(house: House) -> Caller:
    if house.caller is None:
        raise NotKnown("Calls are not set up here.")
    return house.caller


def _refusal(held: Held) -> RappelError:
    match held:
        case Held.NO_CALLS:
            return unwanted_call()
        case Held.CLOSED:
            return WrongMove("closed", "The case is closed.")
        case Held.HOURS:
            return WrongMove("call_hours", "Customers are not called at this hour.")
        case Held.NO_CONSENT:
            return WrongMove("no_consent", "The customer does not agree to be contacted.")
        case _:
            return WrongMove("no_number", "No number of the customer is known.")
