"""A customer rings our number: the director in charge of his case is rung, else his deputy, else he is to be
called back. Nothing here waits for Temporal, and each door finds in the database what it needs.
"""

from collections.abc import Mapping
from functools import partial

import structlog
from fastapi import APIRouter, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from models.bridge import ENDED, Accepted, Call, Leg, Outcome
from models.call_forms import STATUSES, Told, read_dialled, read_key, read_leg
from models.errors import NotUnderstood
from models.inbound import caller_of
from models.inbound_tables import InboundCallRow, RingRow
from models.organisation import page_language
from models.people import Person
from models.ringing import to_ring
from models.store.inbound import (
    add_ring,
    find_inbound,
    find_ring,
    keep_ring_told,
    ring_as_it_stands,
    rings_of,
    take_call,
)
from models.store.missed_calls import settle_soon
from models.store.views import facts_of, find_case
from templates.spoken_words import ToCaller, ToColleague, spoken_inbound
from web.provided import House, InHouse
from web.twilio.answering import Signed, speak, twiml
from web.twilio.inbound_twiml import (
    apologise_to_caller,
    ask_to_take,
    connect,
    hang_up,
    ring_colleague,
)
from web.twilio.turning_down import language_of_caller, turn_down
from web.twilio.twiml import Doors

Form = Mapping[str, str]

router = APIRouter(prefix="/twilio/line", include_in_schema=False)
log = structlog.get_logger()


@router.post("")
async def answer(form: Signed, house: InHouse) -> Response:
    """A customer rings. Asked twice for one call it says the same."""
    return await speak(house, lambda: _answer(house, form), sorry=apologise_to_caller)


@router.post("/fallback")
async def fall_back(form: Signed) -> Response:
    """Where one of the others failed. It needs nothing that could be away."""
    return twiml(apologise_to_caller())


@router.post("/status")
async def take_status(form: Signed, house: InHouse) -> Response:
    """The call is over. One of which we never heard, the database being away, is taken by this."""
    if _is_over(form):
        await house.database.write_again(partial(_end, house, form))
    return Response(status_code=204)


@router.post("/calls/{call}/wish")
async def take_wish(call: str, form: Signed, house: InHouse) -> Response:
    """Who had asked not to be called pressed a key."""
    return await speak(house, lambda: _take_wish(house, call, form), sorry=apologise_to_caller)


@router.post("/rings/{ring}/whisper")
async def whisper(ring: str, form: Signed, house: InHouse) -> Response:
    """A colleague's phone was taken up, by him or by his voicemail."""
    return await speak(house, lambda: _whisper(house, ring))


@router.post("/rings/{ring}/accept")
async def accept(ring: str, form: Signed, house: InHouse) -> Response:
    """Somebody pressed a key: it is kept before they are connected."""
    return await speak(house, lambda: _accept(house, ring, form))


@router.post("/rings/{ring}/dialed")
async def dialed(ring: str, form: Signed, house: InHouse) -> Response:
    """The colleague's leg has ended; the customer is still there if nobody took his call."""
    return await speak(house, lambda: _go_on(house, ring, form), sorry=apologise_to_caller)


@router.post("/rings/{ring}/leg")
async def take_leg(ring: str, form: Signed, house: InHouse) -> Response:
    """204 once it is kept. What we do not know is not sent again either."""
    told = read_leg(Leg.DIRECTOR, form)

    async def keep(session: AsyncSession) -> Call | None:
        row, _ = await find_ring(session, ring)
        return await keep_ring_told(session, row, told, at=house.clock()) if told else None

    if await house.database.write_again(keep) is None:
        log.warning("ring_told_unknown", ring=ring)
    return Response(status_code=204)


async def _answer(house: House, form: Form) -> str:
    async def decide(session: AsyncSession) -> str:
        call = await _call_of(house, session, form)
        return await _next(house, session, call, after=0)

    return await house.database.write_again(decide)


async def _end(house: House, form: Form, session: AsyncSession) -> None:
    call = await _call_of(house, session, form)
    settle_soon(session, call, house.clock())


async def _take_wish(house: House, call_id: str, form: Form) -> str:
    async def decide(session: AsyncSession) -> str:
        call = await find_inbound(session, call_id)
        agreed = isinstance(read_key(form), Accepted)
        settle_soon(session, call, house.clock(), anew=agreed and not call.wants)
        call.wants = call.wants or agreed
        language = await language_of_caller(house, session, call)
        what = ToCaller.AGREED if agreed else ToCaller.NOTED
        return hang_up(language, spoken_inbound(language)[what])

    return await house.database.write_again(decide)


async def _whisper(house: House, ring_id: str) -> str:
    async with house.database.read() as session:
        ring, _ = await find_ring(session, ring_id)
        person = await _rung(house, session, ring)
        over = await _is_passed(session, ring)
    language = _language_of(person)
    if over:
        return hang_up(language, spoken_inbound(language)[ToColleague.GONE])
    return ask_to_take(language, _of_ring(house, ring))


async def _accept(house: House, ring_id: str, form: Form) -> str:
    async def decide(session: AsyncSession) -> str:
        ring, _ = await find_ring(session, ring_id)
        language = _language_of(await _rung(house, session, ring))
        words, pressed = spoken_inbound(language), read_key(form)
        if await _is_passed(session, ring):
            return hang_up(language, words[ToColleague.GONE])
        await keep_ring_told(session, ring, Told("key", pressed), at=house.clock())
        if isinstance(pressed, Accepted):
            return connect()
        return hang_up(language, words[ToColleague.PASSED_ON])

    return await house.database.write_again(decide)


async def _go_on(house: House, ring_id: str, form: Form) -> str:
    """Whether they spoke is known; else the next one is rung, unless the customer has gone."""

    async def decide(session: AsyncSession) -> str:
        (ring, call), told = await find_ring(session, ring_id), read_dialled(form)
        now = house.clock()
        rung = (
            await keep_ring_told(session, ring, told, at=now)
            if told
            else await ring_as_it_stands(session, ring.id)
        )
        log.info("ring_ended", ring=ring.id, outcome=rung.outcome)
        if rung.outcome is Outcome.REACHED or _is_over(form):
            settle_soon(session, call, now, anew=rung.outcome is not Outcome.REACHED)
            return hang_up()
        return await _next(house, session, call, after=ring.n)

    return await house.database.write_again(decide)


async def _next(house: House, session: AsyncSession, call: InboundCallRow, *, after: int) -> str:
    """Who was rung already as the next one, for the same was asked before, else somebody new."""
    known = [ring for ring in await rings_of(session, call.id) if ring.n > after]
    ring = known[0] if known else await _ring_another(house, session, call, n=after + 1)
    person = await _rung(house, session, ring) if ring else None
    if ring is None or person is None or person.phone is None:
        return await turn_down(house, session, call)
    ours = house.caller.account.voice_number if house.caller else None
    return ring_colleague(person.phone, _of_ring(house, ring), ours=ours or "")


async def _ring_another(
    house: House, session: AsyncSession, call: InboundCallRow, *, n: int
) -> RingRow | None:
    if call.case_id is None or call.fate is not None:
        return None
    now, case = house.clock(), await find_case(session, call.case_id)
    versions = await house.book.versions(session, pinned=case.version, at=now)
    rung = {ring.person for ring in await rings_of(session, call.id)}
    chain = to_ring(facts_of(case), versions, now) if case.open else ()
    person = next((each for each in chain if each.id not in rung), None)
    return await add_ring(session, call, person.id, n=n, at=now) if person else None


async def _call_of(house: House, session: AsyncSession, form: Form) -> InboundCallRow:
    sid = form.get("CallSid", "")
    if not sid:
        raise NotUnderstood("The call has no id.", place="CallSid")
    number, vault = caller_of(form.get("From", "")), house.database.vault
    return await take_call(session, vault, sid, number, at=house.clock())


def _is_over(form: Form) -> bool:
    """Of the customer's own leg."""
    return STATUSES.get(form.get("CallStatus", "")) in ENDED


async def _is_passed(session: AsyncSession, ring: RingRow) -> bool:
    """He is not rung any more: his phone has been hung up, or somebody else is rung by now."""
    later = any(each.n > ring.n for each in await rings_of(session, ring.call_id))
    return later or (await ring_as_it_stands(session, ring.id)).over


async def _rung(house: House, session: AsyncSession, ring: RingRow) -> Person | None:
    """None: he has left the company since."""
    return (await house.book.in_force(session)).organisation.people.get(ring.person)


def _language_of(person: Person | None) -> str:
    return page_language(person.language if person else "")


def _of_ring(house: House, ring: RingRow) -> Doors:
    return Doors(house.settings.public_url, ring.id, "line/rings")
