"""What Twilio tells of a call, and what it is told to do with it. Nothing here waits for Temporal: a call
goes through whether a worker is there or not.
"""

from collections.abc import Mapping

import structlog
from fastapi import APIRouter, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from models.bridge import Accepted, Call, Held, HeldBack, Leg
from models.call_forms import Told, read_answered_by, read_dialled, read_key, read_leg
from models.call_tables import CallRow
from models.organisation import page_language
from models.store.bridges import find_call, keep_told, note_started
from templates.spoken_words import Spoken
from web.provided import House, InHouse
from web.twilio.answering import Signed, speak, twiml
from web.twilio.line import number_to_dial
from web.twilio.twiml import Doors, apologise, ask_for_key, put_through, say_and_end

router = APIRouter(prefix="/twilio/calls/{call}", include_in_schema=False)
log = structlog.get_logger()


@router.post("/answer")
async def answer(call: str, form: Signed, house: InHouse) -> Response:
    """The colleague's phone was taken up, by him or by his voicemail."""
    return await speak(house, lambda: _ask(house, call))


@router.post("/accept")
async def accept(call: str, form: Signed, house: InHouse) -> Response:
    """Somebody pressed a key: whether the customer may be called is looked at once more."""
    return await speak(house, lambda: _put_through(house, call, form))


@router.post("/dialed")
async def dialed(call: str, form: Signed, house: InHouse) -> Response:
    """The customer's leg has ended; the colleague may still be there to hear how."""
    return await speak(house, lambda: _tell_end(house, call, form))


@router.post("/fallback")
async def fall_back(call: str, form: Signed) -> Response:
    """Where one of the others failed. It needs nothing that could be away."""
    return twiml(apologise())


@router.post("/status")
async def take_status(call: str, form: Signed, house: InHouse) -> Response:
    return await _take(house, call, read_leg(Leg.DIRECTOR, form), sid=form.get("CallSid"))


@router.post("/leg")
async def take_leg(call: str, form: Signed, house: InHouse) -> Response:
    return await _take(house, call, read_leg(Leg.CUSTOMER, form))


@router.post("/amd")
async def take_answered_by(call: str, form: Signed, house: InHouse) -> Response:
    return await _take(house, call, read_answered_by(form))


async def _ask(house: House, call_id: str) -> str:
    async with house.database.read() as session:
        row = await find_call(session, call_id)
        language = await _language_of(house, session, row)
    return ask_for_key(language, Doors(house.settings.public_url, row.id))


async def _put_through(house: House, call_id: str, form: Mapping[str, str]) -> str:
    async def decide(session: AsyncSession) -> str:
        row, now = await find_call(session, call_id), house.clock()
        language = await _language_of(house, session, row)
        if row.ended_at is not None:  # another one may be under way in its place
            return say_and_end(language, Spoken.DECLINED)
        pressed = read_key(form)
        if not isinstance(pressed, Accepted):
            await keep_told(session, row, Told("key", pressed), at=now)
            return say_and_end(language, Spoken.DECLINED)
        number = await number_to_dial(house, session, row, now=now)
        if isinstance(number, Held):
            await keep_told(session, row, Told("key", HeldBack(number)), at=now)
            log.info("call_withheld", call=row.id, why=number)
            return say_and_end(language, number)
        await keep_told(session, row, Told("key", pressed), at=now)
        doors = Doors(house.settings.public_url, row.id)
        ours = house.caller.account.voice_number if house.caller else None
        return put_through(number, doors, ours=ours or "")

    return await house.database.write_again(decide)


async def _tell_end(house: House, call_id: str, form: Mapping[str, str]) -> str:
    async def decide(session: AsyncSession) -> str:
        row = await find_call(session, call_id)
        language, told = await _language_of(house, session, row), read_dialled(form)
        call = await keep_told(session, row, told, at=house.clock()) if told else Call()
        return say_and_end(language, call.outcome or Spoken.AWAY)

    return await house.database.write_again(decide)


async def _take(
    house: House, call_id: str, told: Told | None, *, sid: str | None = None
) -> Response:
    """204 once it is kept. What we do not know is not sent again either."""

    async def keep(session: AsyncSession) -> Call | None:
        row = await find_call(session, call_id)
        if sid:
            await note_started(session, call_id, sid)
        return await keep_told(session, row, told, at=house.clock()) if told else None

    call = await house.database.write_again(keep)
    if call is None:
        log.warning("call_told_unknown", call=call_id)
    return Response(status_code=204)


async def _language_of(house: House, session: AsyncSession, row: CallRow) -> str:
    today = (await house.book.in_force(session)).organisation
    person = today.people.get(row.person)
    return page_language(today.speaks(person.language if person else None))
