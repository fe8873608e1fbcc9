"""How a practice is shared, changed and withdrawn, from the API and from the page alike.

No act of the workflow: the case is closed. What it says must name nobody, for it is read by colleagues
who may not see the case.
"""

from dataclasses import dataclass

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from models.errors import KeyReused, NotAllowed, NotUnderstood, WrongMove
from models.people import Person, Right, may
from models.practices import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    Known,
    Practice,
    Trace,
    may_change,
    may_mark,
    require_worth_sharing,
    traces,
)
from models.store.practices import (
    Shared,
    change_practice,
    find_practice,
    keep_practice,
    practice_of,
    practice_sent,
    withdraw_practice,
)
from models.store.views import facts_of, find_case, read_case
from web.provided import House

log = structlog.get_logger()

TRACES = {
    Trace.EMAIL: "It holds an e-mail address.",
    Trace.PHONE: "It holds a phone number.",
    Trace.NUMBER: "It holds a long number or a reference, which may lead to somebody.",
    Trace.NAME: "It names the customer or a colleague.",
    Trace.WORDS: "It repeats the customer's own words: sum them up.",
}


@dataclass(frozen=True, slots=True)
class Telling:
    """What somebody writes of it."""

    title: str
    helped: str


async def share(house: House, me: Person, case_id: str, told: Telling, *, key: str) -> Practice:
    """The same key again is the practice that is known. Raises NotAllowed, NotUnderstood with the place
    and what must not stand there, KeyReused, or WrongMove where there is nothing to share.
    """
    practice = await house.database.write_again(
        lambda session: _share(session, house, me, case_id, told, key=key)
    )
    log.info("practice_shared", practice=practice.id, case=case_id, by=me.id)
    return practice


async def change(house: House, me: Person, practice_id: str, told: Telling) -> Practice:
    async with house.database.write() as session:
        practice = await _mine(session, me, practice_id)
        if practice.withdrawn_at is not None:
            raise WrongMove("withdrawn", "This practice was withdrawn.")
        await _require_nobody_named(session, house, practice.case_id, told)
        changed = await change_practice(
            session,
            practice_id,
            title=told.title,
            helped=told.helped,
            by=me.id,
            at=house.clock(),
        )
    log.info("practice_changed", practice=practice_id, by=me.id)
    return changed


async def withdraw(house: House, me: Person, practice_id: str) -> Practice:
    async with house.database.write() as session:
        await _mine(session, me, practice_id)
        gone = await withdraw_practice(session, practice_id, by=me.id, at=house.clock())
    log.info("practice_withdrawn", practice=practice_id, by=me.id)
    return gone


def opens(me: Person | None, shared: Shared) -> bool:
    """Whether the reader may see the case behind a practice; None is the trusted server itself."""
    return me is None or may(me, Right.READ, facts_of(shared.case))


async def _share(
    session: AsyncSession, house: House, me: Person, case_id: str, told: Telling, *, key: str
) -> Practice:
    row = await find_case(session, case_id)
    if not may_mark(me, owner=row.owner):
        raise NotAllowed(f"{me.id} has no right to share this case.")
    sent = await practice_sent(session, key, by=me.id)
    if sent is not None:
        return _the_same(sent, case_id, told)
    view = await read_case(session, house.database.vault, case_id)
    cause = require_worth_sharing(view.state)
    if await practice_of(session, case_id) is not None:
        raise WrongMove("shared_already", "This case is shared already: change what stands there.")
    await _require_nobody_named(session, house, case_id, told)
    practice = Practice(
        str(uuid7()),
        case_id,
        cause,
        row.region,
        row.trade,
        told.title,
        told.helped,
        me.id,
        house.clock(),
    )
    await keep_practice(session, practice, key=key)
    return practice


def _the_same(sent: Practice, case_id: str, told: Telling) -> Practice:
    """What was changed since cannot be compared any more."""
    other = sent.changed_at is None and (sent.title, sent.helped) != (told.title, told.helped)
    if other or sent.case_id != case_id:
        raise KeyReused("This key came with another practice before.")
    return sent


async def _mine(session: AsyncSession, me: Person, practice_id: str) -> Practice:
    practice = await find_practice(session, practice_id)
    if not may_change(me, practice):
        raise NotAllowed(f"{me.id} has no say in this practice.")
    return practice


async def _require_nobody_named(
    session: AsyncSession, house: House, case_id: str, told: Telling
) -> None:
    """Raises NotUnderstood."""
    if not told.title or len(told.title) > LONGEST_TITLE:
        raise NotUnderstood(f"A title has 1 to {LONGEST_TITLE} characters.", place="title")
    if not told.helped or len(told.helped) > LONGEST_TEXT:
        raise NotUnderstood(f"Say in 1 to {LONGEST_TEXT} characters what helped.", place="helped")
    known = await _known(session, house, case_id)
    for trace in traces(f"{told.title}\n{told.helped}", known):
        raise NotUnderstood(TRACES[trace], place=f"trace_{trace}")


async def _known(session: AsyncSession, house: House, case_id: str) -> Known:
    view = await read_case(session, house.database.vault, case_id)
    today = (await house.book.in_force(session)).organisation
    customer = view.customer
    return Known(
        tuple(filter(None, (customer.name, customer.id))),
        tuple(answer.comment for answer in view.responses if answer.comment),
        tuple(person.name for person in today.people.values()),
    )
