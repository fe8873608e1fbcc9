"""The cases that wait for a person, the most urgent first, and what he must know before he calls.

`models.people.may` judges each case that is handed out. The conditions here say the same to the
database, so that it counts and orders nothing that would be refused.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, true
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.actions import Reached
from models.case import TO_CALL, CaseState
from models.inbox import Group, Horizons, span_of
from models.people import Person, Right, Role, may
from models.store.casebook import state_of
from models.store.customer_views import CustomerView, Sharer, customers_of, open_customer, others_in
from models.store.database import boxes_of
from models.store.rights import readable_by
from models.store.views import ResponseView, facts_of, open_response
from models.tables import CaseRow, CustomerRow, EntryRow, ResponseRow
from models.timeline import CUSTOMER, EntryKind
from models.vault import Vault

LONGEST_ROUND = 500
TELLING = (
    EntryKind.ATTEMPTED,
    EntryKind.TIME_NAMED,
    EntryKind.TAKEN_BACK,
    EntryKind.HEARD_AGAIN,
    EntryKind.REOPENED,
    EntryKind.CALL_WANTED,
)
URGENCY = (col(CaseRow.awaited_by), col(CaseRow.id))


@dataclass(frozen=True, slots=True)
class Brief:
    """A case and the customer's latest words. The personal parts are empty once forgotten.

    `tried` is what the latest attempt gave, unless he was heard after it. `sharers` are the others who are
    heard in it.
    """

    row: CaseRow
    state: CaseState
    customer: CustomerView
    answer: ResponseView | None
    tried: Reached | None
    sharers: Sequence[Sharer] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose cases, seen at which hour of his day."""

    me: Person
    horizons: Horizons


async def count_waiting(session: AsyncSession, desk: Desk) -> Mapping[Group, int]:
    """What is his is looked through once for all its groups."""
    due = {group: func.count().filter(_is_due(desk, group)) for group in Group}
    mine = select(due[Group.NOW], due[Group.TODAY], due[Group.LATER]).where(
        col(CaseRow.open), readable_by(desk.me), _is_mine(desk)
    )
    others = select(func.count()).where(col(CaseRow.open), _in_group(desk, Group.WAITING))
    now, today, later = (await session.exec(mine)).one()
    waiting = (await session.exec(others)).one()
    return {Group.NOW: now, Group.TODAY: today, Group.LATER: later, Group.WAITING: waiting}


async def list_waiting(
    session: AsyncSession, desk: Desk, group: Group, *, limit: int, skip: int = 0
) -> Sequence[CaseRow]:
    wanted = select(CaseRow).where(col(CaseRow.open), _in_group(desk, group)).order_by(*URGENCY)
    rows = (await session.exec(wanted.limit(limit).offset(skip))).all()
    return [row for row in rows if may(desk.me, Right.READ, facts_of(row))]


async def list_calls(session: AsyncSession, me: Person, *, now: datetime) -> Sequence[str]:
    """The ids of his own cases whose customer is to be called, and does not mind it now or ever."""
    after = col(CaseRow.awaited_after)
    to_call = select(CaseRow.id).where(
        and_(col(CaseRow.open), col(CaseRow.owner) == me.id, col(CaseRow.stage).in_(TO_CALL)),
        or_(after.is_(None), after <= now),
        *_wants_to_be_called(),
    )
    asked = to_call.join(CustomerRow, col(CustomerRow.id) == col(CaseRow.customer_id))
    return (await session.exec(asked.order_by(*URGENCY).limit(LONGEST_ROUND))).all()


def _wants_to_be_called() -> tuple[ColumnElement[bool], ...]:
    """And whose attempts are not exhausted, as `models.attempts.exhausted` has it."""
    state = col(CaseRow.snapshot)
    postponed = func.coalesce(state["postponed"].as_integer(), 0)
    uncounted = func.coalesce(state["reach", "uncounted"].as_integer(), 0)
    in_vain = state["attempts"].as_integer() - postponed - uncounted
    written = func.coalesce(state["reach", "written"].as_integer(), 0)
    wanted = func.coalesce(func.json_array_length(state["reach", "write_after"]), 0)
    tried_enough = and_(in_vain >= state["unreachable_after"].as_integer(), written >= wanted)
    return (
        state["refused"].as_boolean().is_not(true()),
        tried_enough.is_not(true()),
        col(CustomerRow.no_calls_since).is_(None),
    )


async def brief(session: AsyncSession, vault: Vault, rows: Sequence[CaseRow]) -> Sequence[Brief]:
    """In the order of `rows`, which their reader may READ. Those not opened yet are left out."""
    said_in = await _answers(session, {row.id for row in rows})
    people = {row.customer_id for row in rows}
    people |= {answer.customer_id for answers in said_in.values() for answer in answers}
    customers = await customers_of(session, people)
    boxes = await boxes_of(session, vault, {c.key_id for c in customers.values()})
    tried = await _latest_attempts(session, {row.id for row in rows})
    briefs = []
    for row in rows:
        state, answers = state_of(row), said_in[row.id]
        if state is not None:
            answer = answers[-1] if answers else None
            told_to = boxes.get(customers[answer.customer_id].key_id) if answer else None
            said = open_response(answer, told_to) if answer else None
            known = {
                each: open_customer(customers[each], boxes.get(customers[each].key_id))
                for each in (row.customer_id, *others_in(answers, row.customer_id))
            }
            own = known.pop(row.customer_id)
            others = [Sharer(whom, customer) for whom, customer in known.items()]
            briefs.append(Brief(row, state, own, said, tried.get(row.id), others))
    return briefs


def _in_group(desk: Desk, group: Group) -> ColumnElement[bool]:
    """Among the open cases."""
    if group is Group.WAITING:
        opened = col(CaseRow.awaited_by).is_not(None)
        return and_(_watched_by(desk.me), opened, ~_is_mine(desk))
    return and_(readable_by(desk.me), _is_mine(desk), _is_due(desk, group))


def _is_due(desk: Desk, group: Group) -> ColumnElement[bool]:
    by, span = col(CaseRow.awaited_by), span_of(group, desk.horizons)
    after = by > span.after if span.after else true()
    until = by <= span.until if span.until else true()
    return and_(after, until)


def _is_mine(desk: Desk) -> ColumnElement[bool]:
    """What a colleague owes comes back to the owner of the case once it is overdue.

    What the reader himself owes on the case of another stands among his actions instead.
    """
    owner, who, by = col(CaseRow.owner), col(CaseRow.awaited_from), col(CaseRow.awaited_by)
    owed = and_(who != CUSTOMER, by <= desk.horizons.now)
    return and_(owner == desk.me.id, or_(who == desk.me.id, owed))


def _watched_by(me: Person) -> ColumnElement[bool]:
    """A director sees that nothing is lost in his regions; the national owner has the board."""
    regional = me.role in {Role.DIRECTOR, Role.DEPUTY}
    return readable_by(me) if regional else col(CaseRow.owner) == me.id


async def _answers(
    session: AsyncSession, cases: Collection[str]
) -> Mapping[str, list[ResponseRow]]:
    """The latest one of a case comes last."""
    said = select(ResponseRow).where(col(ResponseRow.case_id).in_(cases))
    found: defaultdict[str, list[ResponseRow]] = defaultdict(list)
    for row in await session.exec(said.order_by(col(ResponseRow.submitted_at))):
        found[row.case_id or ""].append(row)
    return found


async def _latest_attempts(session: AsyncSession, cases: Collection[str]) -> dict[str, Reached]:
    """The last one of a case stays; only the latest event of all can have been taken back."""
    telling = select(EntryRow).where(
        col(EntryRow.case_id).in_(cases), col(EntryRow.kind).in_(TELLING)
    )
    rows = (await session.exec(telling.order_by(col(EntryRow.seq)))).all()
    told: dict[str, list[Reached]] = {}
    for row in rows:
        attempts = told.setdefault(row.case_id, [])
        match row.kind:
            case EntryKind.ATTEMPTED:
                attempts.append(Reached(str(row.facts["outcome"])))
            case EntryKind.TAKEN_BACK:
                del attempts[-1:]
            case _:
                attempts.clear()
    return {case_id: attempts[-1] for case_id, attempts in told.items() if attempts}
