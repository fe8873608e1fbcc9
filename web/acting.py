"""How an act goes through, from the API and from the page alike: right, kept, asked, committed."""

import asyncio
from dataclasses import replace
from datetime import datetime

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from models.actions import Act, Attempt
from models.errors import EngineAway, NotKnown, WrongMove
from models.hours import add
from models.ladder import Target
from models.messages import ActRequest
from models.store.acts import Draft, find_draft, keep_draft, keep_refusal
from models.store.casebook import about_of
from models.store.database import box_of
from models.store.dispatch import mark_lost
from models.store.inbound import as_it_was
from models.store.sharers import require_sharing
from models.store.views import find_case
from models.store.wishes import require_callable
from models.survey import Origin
from models.tables import ActRow, CustomerRow
from web.gestures import judged
from web.last_word import require_last_word
from web.permits import Wish, require_permitted
from web.provided import House

KEPT = "Kept, but not applied yet: it may still be, and it is safe to send it again."
STARTING_PATIENCE = 25
STARTING_PAUSE = 0.2
"""An act may come before its case's workflow was started: wait 5 s at most."""

log = structlog.get_logger()


async def perform(house: House, wish: Wish) -> int:
    """Returns the commit's number. Raises Refused for a wrong wish, EngineAway when it is only kept.

    The same key is answered as the first time, whatever became of the case since.
    """
    received_at = house.clock()
    kept, act = await house.database.write_again(
        lambda session: _judge_and_keep(house, session, wish, received_at)
    )
    if kept.seq is not None:
        return kept.seq
    if kept.refusal is not None:
        raise WrongMove(kept.refusal, kept.refusal_detail or "")
    request = ActRequest(act, wish.actor, kept.id, kept.received_at)
    try:
        seq = await _ask(house, wish.case_id, request)
    except WrongMove as wrong:
        async with house.database.write() as session:
            committed = await keep_refusal(session, kept.id, wrong)
        if committed is not None:
            return committed
        log.info("act_refused", case=wish.case_id, act=wish.act.kind, rule=wrong.rule)
        raise
    except EngineAway as away:
        log.warning("act_kept", case=wish.case_id, act=wish.act.kind, reason=away.detail)
        raise EngineAway(KEPT) from None
    log.info("act_done", case=wish.case_id, act=wish.act.kind, by=wish.actor, seq=seq)
    return seq


async def _judge_and_keep(
    house: House, session: AsyncSession, wish: Wish, received_at: datetime
) -> tuple[ActRow, Act]:
    """What is sent again is judged again: nobody noted what came out of it before."""
    rung = await as_it_was(
        session, wish.act, case_id=wish.case_id, person=wish.actor, now=received_at
    )
    wish = replace(wish, act=rung)
    kept = await _keep(house, session, wish, received_at)
    row = await find_case(session, wish.case_id)
    today = (await house.book.in_force(session)).organisation
    return kept, judged(wish.act, wish.actor, row, today)


async def _keep(house: House, session: AsyncSession, wish: Wish, received_at: datetime) -> ActRow:
    """The key is looked up before anything is judged: a double tap is not a wrong move."""
    row = await find_case(session, wish.case_id)
    draft = draft_of(wish, received_at)
    known = await find_draft(session, draft)
    if known is not None:
        return known
    versions = await house.book.versions(session, pinned=row.version, at=received_at)
    require_permitted(wish, row, versions, now=received_at)
    await require_last_word(session, wish.act, row)
    if isinstance(wish.act, Attempt):
        if wish.act.whom is not None:
            await require_sharing(session, row, wish.act.whom)
        await require_callable(session, row, wish.act)
    customer = await session.get_one(CustomerRow, row.customer_id)
    box = await box_of(session, house.database.vault, customer.key_id)
    if box is None:
        raise WrongMove("forgotten", "The customer asked to be forgotten.")
    return await keep_draft(session, box, draft)


def draft_of(wish: Wish, received_at: datetime) -> Draft:
    return Draft(wish.case_id, wish.actor, wish.key, wish.act, wish.words, wish.asked, received_at)


async def usual_due(house: House, case_id: str) -> datetime:
    """When an action is due for which nobody named a date: the repair target of the case's version."""
    now = house.clock()
    async with house.database.read() as session:
        row = await find_case(session, case_id)
        versions = await house.book.versions(session, pinned=row.version, at=now)
    hours, origin = versions.pinned.hours_of(row.region), Origin(row.origin)
    policy = versions.policy(row.topic, about_of(row), level=row.level, origin=origin)
    return add(hours, now, policy.targets[Target.REPAIR])


async def our_currency(house: House) -> str:
    async with house.database.read() as session:
        return (await house.book.in_force(session)).organisation.currency


async def _ask(house: House, case_id: str, request: ActRequest) -> int:
    """Ask the workflow. One that is not there has closed, or is started: for the first time or again."""
    for _ in range(STARTING_PATIENCE):
        try:
            return (await house.engine.act(case_id, request)).seq
        except NotKnown:
            await _have_started(house, case_id)
            await asyncio.sleep(STARTING_PAUSE)
    raise EngineAway("The workflow was not started in time.")


async def _have_started(house: House, case_id: str) -> None:
    async with house.database.write() as session:
        row = await find_case(session, case_id)
        if not row.open:
            raise WrongMove("closed", "The case is closed.")
        if row.engine is not None:
            await mark_lost(session, case_id)
    house.dispatcher.wake()
