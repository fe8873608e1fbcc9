"""How an act goes through, from the API and from the page alike: right, kept, asked, committed."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from models.actions import Act, AddAction, HandOver, NameCause
from models.errors import EngineAway, NotAllowed, NotKnown, NotUnderstood, WrongMove
from models.hours import add
from models.ladder import Target
from models.messages import ActRequest
from models.organisation import Organisation
from models.people import Person, Right, may
from models.spelling import did_you_mean
from models.store.acts import Draft, keep_draft, keep_refusal
from models.store.database import box_of
from models.store.dispatch import mark_lost
from models.store.views import facts_of, find_case
from models.tables import ActRow, CaseRow, CustomerRow
from models.timeline import CUSTOMER
from web.engine import KEPT
from web.provided import House

STARTING_PATIENCE = 25
STARTING_PAUSE = 0.2
"""An act may come before its case's workflow was started: wait 5 s at most."""

FARTHEST_PROMISE = timedelta(days=730)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Wish:
    """`actor` is a person's id, or `customer` for his own confirmation.

    `asked` is the request as it was sent: the same key with another one is refused.
    """

    case_id: str
    actor: str
    key: str
    act: Act
    asked: str
    words: Mapping[str, str] = field(default_factory=dict)


async def perform(house: House, wish: Wish) -> int:
    """Returns the commit's number. Raises Refused for a wrong wish, EngineAway when it is only kept.

    The same key is answered as the first time, whatever became of the case since.
    """
    kept = await _keep(house, wish)
    if kept.seq is not None:
        return kept.seq
    if kept.refusal is not None:
        raise WrongMove(kept.refusal, kept.refusal_detail or "")
    request = ActRequest(wish.act, wish.actor, kept.id, kept.received_at)
    try:
        seq = await _ask(house, wish.case_id, request)
    except WrongMove as wrong:
        async with house.database.write() as session:
            committed = await keep_refusal(session, kept.id, wrong)
        if committed is not None:
            return committed
        log.info("act_refused", case=wish.case_id, act=wish.act.kind, rule=wrong.rule)
        raise
    log.info("act_done", case=wish.case_id, act=wish.act.kind, by=wish.actor, seq=seq)
    return seq


async def _keep(house: House, wish: Wish) -> ActRow:
    async with house.database.write() as session:
        row = await find_case(session, wish.case_id)
        versions = await house.book.versions(session, pinned=row.version)
        _check_right(versions.today, row, wish)
        _check_content(versions.today, versions.pinned, wish.act, now=house.clock())
        customer = await session.get_one(CustomerRow, row.customer_id)
        box = await box_of(session, house.database.vault, customer.key_id)
        if box is None:
            raise WrongMove("forgotten", "The customer asked to be forgotten.")
        words = {name: text for name, text in wish.words.items() if text}
        draft = Draft(
            wish.case_id, wish.actor, wish.key, wish.act, words, wish.asked, house.clock()
        )
        return await keep_draft(session, box, draft)


async def usual_due(house: House, case_id: str) -> datetime:
    """When an action is due for which nobody named a date: the repair target of the case's version."""
    async with house.database.read() as session:
        row = await find_case(session, case_id)
        pinned = await house.book.version(session, row.version)
    return add(pinned.hours_of(row.region), house.clock(), pinned.policy.targets[Target.REPAIR])


async def _ask(house: House, case_id: str, request: ActRequest) -> int:
    """Ask the workflow. One that is not there has closed, or is started: for the first time or again."""
    for _ in range(STARTING_PATIENCE):
        try:
            return (await house.engine.act(case_id, request)).seq
        except NotKnown:
            await _have_started(house, case_id)
            await asyncio.sleep(STARTING_PAUSE)
    raise EngineAway(KEPT)


async def _have_started(house: House, case_id: str) -> None:
    async with house.database.write() as session:
        row = await find_case(session, case_id)
        if not row.open:
            raise WrongMove("closed", "The case is closed.")
        if row.engine is not None:
            await mark_lost(session, case_id)
    house.dispatcher.wake()


def acting_person(organisation: Organisation, actor: str) -> Person:
    """Raises NotUnderstood, with the id that was probably meant."""
    person = organisation.people.get(actor)
    if person is None:
        hint = did_you_mean(actor, organisation.people)
        raise NotUnderstood(f"Nobody has the id {actor!r}{hint}.", place="by")
    return person


def _check_right(today: Organisation, row: CaseRow, wish: Wish) -> None:
    if wish.actor == CUSTOMER:
        return
    person = acting_person(today, wish.actor)
    takes = isinstance(wish.act, HandOver) and wish.act.to == person.id
    if not may(person, Right.TAKE if takes else Right.ACT, facts_of(row)):
        raise NotAllowed(f"{person.id} has no right to act on this case.")


def _check_content(today: Organisation, pinned: Organisation, act: Act, *, now: datetime) -> None:
    """Names that an act refers to must exist: people today, causes in the version of the case."""
    match act:
        case HandOver(to=person):
            _require(person, today.people, place="to", what="person")
        case AddAction(owner=person, due=due):
            _require(person, today.people, place="owner", what="person")
            _require_near(due, now)
        case NameCause(cause=cause):
            _require(cause, set(pinned.cause_ids()), place="cause", what="root cause")
        case _:
            return


def _require_near(due: datetime, now: datetime) -> None:
    """Farther than this a date is a slip of the finger, and no calendar can be trusted."""
    if due > now + FARTHEST_PROMISE:
        raise NotUnderstood("Is the year right? It is more than two years away.", place="due")


def _require(name: str, known: Collection[str], *, place: str, what: str) -> None:
    if name not in known:
        hint = did_you_mean(name, known)
        raise NotUnderstood(f"There is no {what} {name!r}{hint}.", place=place)
