"""Reads the texts that came in: whose each is, what it says, and has it recorded as a button would. Then it
is answered. What has no answer yet, for Temporal or the database is away, is tried again.
"""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from models.case import Stage
from models.errors import EngineAway, Misconfigured, Passing, RappelError, WrongMove
from models.hours import next_time
from models.organisation import Organisation
from models.people import Person
from models.replies import (
    ANSWERS,
    Meaning,
    act_of,
    judge_report,
    judge_words,
    read_report,
)
from models.store.database import box_of
from models.store.questions import (
    asked_of,
    asked_whether_solved,
    cases_of,
    chosen_by,
    may_mean_another,
)
from models.store.texts import (
    Text,
    any_due,
    belong,
    claim_text,
    customers_at,
    lock_text,
    may_answer,
    open_text,
    put_off,
)
from models.tables import CaseRow, CustomerRow
from models.text_tables import TextRow
from models.timeline import CUSTOMER
from models.workday import hours_of
from web.acting import perform
from web.permits import Wish
from web.provided import House
from web.text_answers import Heard, answer_colleague, answer_customer

SWEEP = 2.0
"""Seconds."""

log = structlog.get_logger()


async def run(house: House) -> None:
    """Until cancelled: woken by each text that comes, and looking by itself for what another process left.
    Without an account none comes.
    """
    while house.settings.account is not None:
        house.text_came.clear()
        if await _read_quietly(house):
            continue
        with suppress(TimeoutError):
            async with asyncio.timeout(SWEEP):
                await house.text_came.wait()


async def read_texts(house: House) -> int:
    """The oldest first, those of one number in their order; how many were tried. Raises DatabaseAway."""
    tried = 0
    while (sid := await _next(house)) is not None:
        tried += 1
        try:
            await _read(house, sid)
        except EngineAway:
            await _put_off(house, sid)
            return tried
        except Passing:
            raise
        except Exception as fault:
            log.exception("text_put_off", text=sid, fault=type(fault).__name__)
            await _put_off(house, sid)
    return tried


async def _next(house: House) -> str | None:
    async with house.database.read() as session:
        if not await any_due(session, now=house.clock()):
            return None
    return await house.database.write_again(partial(claim_text, now=house.clock()))


async def _read_quietly(house: House) -> int:
    try:
        return await read_texts(house)
    except Passing as fault:
        log.warning("texts_wait", fault=fault.code)
    except Exception as fault:
        log.exception("texts_failed", fault=type(fault).__name__)
    return 0


async def _read(house: House, sid: str) -> None:
    """What it means is committed before anything is recorded: read again, it means the same."""
    heard = await house.database.write_again(partial(_judge, house, sid))
    if heard is None:
        return
    seq = refusal = None
    if heard.meaning.acts:
        try:
            seq = await perform(house, _wish(heard))
        except Passing:
            raise
        except RappelError as fault:
            refusal = fault.rule if isinstance(fault, WrongMove) else fault.code
    log.info("text_read", text=sid, meaning=heard.meaning, case=heard.case_id, refusal=refusal)
    await house.database.write_again(partial(_settle, house, heard, seq, refusal))


async def _put_off(house: House, sid: str) -> None:
    async with house.database.write() as session:
        row = await lock_text(session, sid)
        put_off(row, now=house.clock())
        session.add(row)


async def _judge(house: House, sid: str, session: AsyncSession) -> Heard | None:
    """None where nothing is left to be done with it, or not yet."""
    row = await lock_text(session, sid)
    text = await _open(house, session, row) if row.take_after is not None else None
    if text is None:
        row.take_after = None
        session.add(row)
        return None
    today = (await house.book.in_force(session)).organisation
    person = await _colleague_at(session, today, text, now=row.received_at)
    customers = await customers_at(session, house.database.vault, row.number)
    session.add(row)
    if row.meaning is None or row.meaning == Meaning.HELP:
        if person is not None and (read_report(text.body) is not None or not customers):
            await _judge_colleague(session, row, text, today, person)
        elif customers and row.meaning is None:
            waits = await _judge_customer(house, session, row, text, customers)
            if waits:
                put_off(row, now=house.clock())
                return None
        elif row.meaning is None:
            row.meaning = Meaning.UNKNOWN
    elif row.meaning == Meaning.START and customers:
        await _judge_customer(house, session, row, text, customers)
    if customers and row.person is None:
        await _keep_with(house, session, row, text, customers)
    meaning = Meaning(row.meaning or Meaning.UNKNOWN)
    return Heard(text, meaning, row.person, row.case_id, row.again_at)


async def _open(house: House, session: AsyncSession, row: TextRow) -> Text | None:
    """None for what is forgotten, and for what no key of ours opens: that will be no other way next time, and
    stands as nobody's.
    """
    try:
        box = await box_of(session, house.database.vault, row.key_id)
        return open_text(row, box) if box else None
    except Misconfigured:
        log.warning("text_unreadable", text=row.sid)
        row.meaning = row.meaning or Meaning.UNKNOWN
        return None


async def _colleague_at(
    session: AsyncSession, today: Organisation, text: Text, *, now: datetime
) -> Person | None:
    """Of several who share a phone whoever was asked something; nobody where that, too, are several."""
    there = [p for p in today.people.values() if p.phone == text.sender and p.takes_cases]
    if len(there) > 1:
        there = [p for p in there if await asked_of(session, p.id, now=now)]
    return there[0] if len(there) == 1 else None


async def _judge_colleague(
    session: AsyncSession, row: TextRow, text: Text, today: Organisation, person: Person
) -> None:
    report, now = read_report(text.body), row.received_at
    asked = [case.id for case in await asked_of(session, person.id, now=now)]
    number = report.number if report else None
    chosen = None if number is None else await chosen_by(session, person.id, number, now=now)
    doubted = len(asked) == 1 and await may_mean_another(session, person.id, asked[0], now=now)
    meaning, case_id = judge_report(report, asked, chosen, doubted=doubted)
    row.person, row.meaning, row.case_id = person.id, meaning, case_id
    if meaning is Meaning.LATER and report is not None and report.at is not None:
        zone = ZoneInfo(hours_of(today, person).zone)
        row.again_at = next_time(report.at, zone, now)


async def _judge_customer(
    house: House,
    session: AsyncSession,
    row: TextRow,
    text: Text,
    customers: Sequence[CustomerRow],
) -> bool:
    """Returns whether it must wait: its case is just being opened. What was refused as an answer is words; a
    START may be an answer, too, and nothing else.
    """
    account = house.settings.account
    cases = await cases_of(session, [each.id for each in customers])
    asked: Sequence[CaseRow] = ()
    if account is not None and account.two_way and row.refusal is None:
        vault = house.database.vault
        asked = await asked_whether_solved(session, vault, cases, text.sender)
    ids, of_asked = [case.id for case in cases], [case.id for case in asked]
    meaning, case_id = judge_words(text.body, of_asked, ids)
    if row.meaning == Meaning.START and meaning not in ANSWERS:
        return False
    if any(case.id == case_id and case.stage == Stage.HEARD for case in cases):
        return True
    row.meaning, row.case_id = meaning, case_id
    return False


async def _keep_with(
    house: House,
    session: AsyncSession,
    row: TextRow,
    text: Text,
    customers: Sequence[CustomerRow],
) -> None:
    """With the customer of its case, where several have that phone; alone where his key does not open."""
    case = await session.get(CaseRow, row.case_id) if row.case_id else None
    his = [each for each in customers if case and each.id == case.customer_id] or customers
    with suppress(Misconfigured):
        await belong(session, house.database.vault, row, text, his[0])


def _wish(heard: Heard) -> Wish:
    """The same text is one act, however often it is read."""
    again_at = heard.again_at.isoformat() if heard.again_at else None
    return Wish(
        heard.case_id or "",
        heard.person or CUSTOMER,
        f"text:{heard.text.sid}:{heard.meaning}",
        act_of(heard.meaning, heard.again_at),
        json.dumps([heard.meaning, again_at]),
        {"note": heard.text.body} if heard.meaning is Meaning.WORDS else {},
    )


async def _settle(
    house: House, heard: Heard, seq: int | None, refusal: str | None, session: AsyncSession
) -> None:
    row, now = await lock_text(session, heard.text.sid), house.clock()
    if row.take_after is None:
        return
    session.add(row)
    again, row.refusal = row.refusal is not None, refusal
    if refusal is not None and heard.person is None:
        _read_anew(row, now=now, again=again)
        return
    row.take_after = None
    if not await may_answer(session, row.number, now=now):
        log.info("text_not_answered", text=row.sid)
        return
    if heard.person is not None:
        answered = await answer_colleague(house, session, heard, refused=refusal is not None)
    else:
        answered = await answer_customer(house, session, heard, row, seq=seq)
    row.answered_at = now if answered else row.answered_at


def _read_anew(row: TextRow, *, now: datetime, again: bool) -> None:
    """The case has moved on: his words go where it stands now. What is refused `again` stands before people:
    his later texts wait behind it.
    """
    row.case_id = None
    if again:
        row.meaning, row.take_after = Meaning.NO_CASE, None
    else:
        row.meaning = None
        put_off(row, now=now)
