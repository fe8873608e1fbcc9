"""What becomes of the calls that came to our number: those that nobody took are kept on the caller's case, as
if he had asked for a call on his page.
"""

import asyncio
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from models.actions import CallMe, Contact
from models.errors import Passing, WrongMove
from models.inbound import Fate
from models.inbound_tables import InboundCallRow
from models.store.casebook import append_entry
from models.store.inbound import (
    LONGEST,
    find_inbound,
    is_taken,
    latest_case_of,
    open_case_of,
)
from models.store.missed_calls import (
    forget_strangers,
    is_behind,
    is_called_back,
    is_wanted,
    key_of,
    put_off,
    settle,
    unsettled,
    was_asked_for,
)
from models.store.views import find_case
from models.timeline import CUSTOMER, Entry, EntryKind
from web.acting import perform
from web.permits import Wish
from web.provided import House

SWEEP = timedelta(seconds=2)
AGAIN = timedelta(seconds=10)
"""After so long a case is asked again whose worker was away."""
CLEARS = timedelta(hours=6)
"""How often old calls of strangers are looked for."""
STILL_TALKING = timedelta(minutes=1)
BATCH = 20

log = structlog.get_logger()


async def keep_settling(house: House) -> None:
    """Until cancelled. Each door has kept what is needed: any process may settle what another one took."""
    cleared = None
    while True:
        try:
            await settle_some(house)
            now = house.clock()
            if cleared is None or now - cleared >= CLEARS:
                await house.database.write_again(partial(forget_strangers, now=now))
                cleared = now
        except Passing as fault:
            log.warning("missed_calls_wait", fault=fault.code)
        except Exception as fault:
            log.exception("missed_calls_failed", fault=type(fault).__name__)
        await asyncio.sleep(SWEEP.total_seconds())


async def settle_some(house: House) -> None:
    """Of those that are due the longest waiting. One at fault holds up no other: it waits ever longer."""
    async with house.database.read() as session:
        due = await unsettled(session, now=house.clock(), limit=BATCH)
    for call_id in due:
        try:
            await _settle(house, call_id)
        except Exception as fault:
            name = fault.code if isinstance(fault, Passing) else type(fault).__name__
            if await _put_off(house, call_id):
                log.warning("missed_call_waits", call=call_id, fault=name)
            else:
                log.exception("missed_call_given_up", call=call_id, fault=name)


async def _settle(house: House, call_id: str) -> None:
    """Twice at once does no harm: an act is known by the call, and what is settled is left alone."""

    async def judge(session: AsyncSession) -> Wish | None:
        call, now = await find_inbound(session, call_id), house.clock()
        if call.settle_at is None or call.settle_at > now:
            return None
        fate = await _fate_of(session, call, now)
        if fate is Fate.WANTED:
            if await is_behind(session, call, until=now + AGAIN):
                _look_again(session, call, now + AGAIN)
                return None
            fate = await _known_by_now(session, call)
            if fate is None:
                return await _wish_of(session, call)
        if fate is None:
            _look_again(session, call, now + STILL_TALKING)
        else:
            await _note(session, call, fate)
        return None

    wish = await house.database.write_again(judge)
    if wish is not None:
        await _ask_for_call(house, call_id, wish)


async def _known_by_now(session: AsyncSession, call: InboundCallRow) -> Fate | None:
    """Of a call that nobody took; None where his case must hear of it. It may be settled late."""
    if await was_asked_for(session, call):
        return None
    if await is_called_back(session, call):
        return Fate.CALLED_BACK
    return Fate.WANTED if await is_wanted(session, call) else None


def _look_again(session: AsyncSession, call: InboundCallRow, at: datetime) -> None:
    call.settle_at = at
    session.add(call)


async def _wish_of(session: AsyncSession, call: InboundCallRow) -> Wish:
    case = await find_case(session, call.case_id or "")
    whom = call.customer_id if call.customer_id != case.customer_id else None
    rang = CallMe(Contact.PHONE, whom)
    return Wish(case.id, CUSTOMER, key_of(call.id), rang, asked="rang")


async def _ask_for_call(house: House, call_id: str, wish: Wish) -> None:
    """A case that was closed meanwhile takes nothing more: another one of his may."""
    wanted = True
    try:
        await perform(house, wish)
    except WrongMove as wrong:
        log.info("missed_call_refused", call=call_id, rule=wrong.rule)
        wanted = False

    async def conclude(session: AsyncSession) -> None:
        call = await find_inbound(session, call_id)
        if wanted:
            settle(session, call, Fate.WANTED)
        elif (other := await open_case_of(session, call)) not in {None, wish.case_id}:
            call.case_id = other  # it stays due
            session.add(call)
        else:
            call.case_id = None
            await _note(session, call, Fate.NOTED)

    await house.database.write_again(conclude)


async def _fate_of(session: AsyncSession, call: InboundCallRow, now: datetime) -> Fate | None:
    """None as long as it cannot be known. That the key was pressed is enough once nothing more can come."""
    taken = await is_taken(session, call.id)
    if taken is None and now < call.came_at + LONGEST:
        return None
    if taken is not False:
        return Fate.TAKEN
    if call.case_id is not None:
        return Fate.WANTED if call.wants else Fate.NOT_WANTED
    if call.customer_id is not None:
        return Fate.NOTED
    return Fate.UNKNOWN if call.number_index else Fate.WITHHELD


async def _note(session: AsyncSession, call: InboundCallRow, fate: Fate) -> None:
    """That a customer rang, and there is nothing to do about it that is not done: he has no open case, wants
    no calls, or waits for one already. It stands on his case, or his last one; nobody guesses what he wanted.
    """
    seen = call.fate is not None
    settle(session, call, fate)
    log.info("inbound_call_settled", call=call.id, fate=fate)
    if fate is Fate.TAKEN or call.customer_id is None or seen:
        return
    about = call.case_id
    case = await find_case(session, about) if about else await latest_case_of(session, call)
    if case is not None:
        call.case_id = case.id
        rang = Entry(EntryKind.RANG, call.came_at, CUSTOMER)
        await append_entry(session, case.id, case.seq, rang)


async def _put_off(house: House, call_id: str) -> bool:
    """Whether it waits. Who runs Rappel still sees one that is given up, as not settled."""
    async with house.database.write() as session:
        return put_off(session, await find_inbound(session, call_id), house.clock())
