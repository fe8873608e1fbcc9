"""The rows of actions, as commits write them, and as inboxes and figures read them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, true
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.action import Stand
from models.action_tables import ActionRow
from models.case import CaseState
from models.courses import ActionCourse
from models.money import Money
from models.organisation import Organisation
from models.people import Person
from models.promises import Word, in_time
from models.tables import CaseRow, ResponseRow


async def write_actions(session: AsyncSession, state: CaseState, *, at: datetime) -> None:
    """All of the case anew: an older copy of the database may have lost some.

    A gesture without the yes that it needs is nobody's to do, and no figure's.
    """
    closed_at = at if state.closed else None
    for action in (action for action in state.actions if action.counts):
        row = ActionRow(
            case_id=state.case_id,
            number=action.number,
            owner=action.owner,
            due_at=action.due,
            stand=action.stand,
            word=in_time(action, closed_at=closed_at),
            refused=action.refused,
            accepted=action.accepted_by is not None,
            cents=action.cost.cents if action.cost else None,
            currency=action.cost.currency if action.cost else None,
        )
        await session.merge(row)


async def list_work(
    session: AsyncSession, today: Organisation, me: Person, *, limit: int, skip: int = 0
) -> Sequence[tuple[ActionRow, CaseRow]]:
    """What he has to do on the cases of others, the most urgent first."""
    work = (
        select(ActionRow, CaseRow)
        .join(CaseRow, col(CaseRow.id) == col(ActionRow.case_id))
        .where(*_work_of(today, me))
        .order_by(col(ActionRow.due_at), col(ActionRow.case_id), col(ActionRow.number))
    )
    rows = await session.exec(work.limit(limit).offset(skip))
    return [(action, of_case) for action, of_case in rows]


async def count_work(session: AsyncSession, today: Organisation, me: Person) -> int:
    work = select(func.count()).select_from(ActionRow)
    joined = work.join(CaseRow, col(CaseRow.id) == col(ActionRow.case_id))
    return (await session.exec(joined.where(*_work_of(today, me)))).one()


def _work_of(today: Organisation, me: Person) -> Iterator[ColumnElement[bool]]:
    """His, and those of who left and has him for a successor."""
    his = {me.id, *(left for left, heir in today.successors.items() if heir == me.id)}
    yield col(ActionRow.stand) == Stand.TO_DO
    yield col(ActionRow.owner).in_(sorted(his))
    yield col(CaseRow.open) == true()
    yield col(CaseRow.owner).is_distinct_from(me.id)


async def ends_by_case(
    session: AsyncSession, ids: Collection[str]
) -> Mapping[str, tuple[ActionCourse, ...]]:
    rows = select(ActionRow).where(col(ActionRow.case_id).in_(ids))
    found: defaultdict[str, tuple[ActionCourse, ...]] = defaultdict(tuple)
    for row in await session.exec(rows):
        found[row.case_id] += (_course(row),)
    return found


def _course(row: ActionRow) -> ActionCourse:
    """What was dropped costs nothing."""
    counts = row.cents is not None and row.currency and row.stand != Stand.DROPPED
    return ActionCourse(
        Word(row.word) if row.word else None,
        row.refused,
        accepted=row.accepted,
        cost=Money(row.cents or 0, row.currency or "") if counts else None,
    )


def overdue_action(now: datetime) -> ColumnElement[bool]:
    return col(ActionRow.word).is_(None) & (col(ActionRow.due_at) < now)


def undone_of_case(now: datetime) -> ColumnElement[int]:
    """How many are open and past their date, beside the answer that opened the case."""
    of_case = col(ActionRow.case_id) == col(CaseRow.id)
    late = select(func.count()).select_from(ActionRow).where(of_case, overdue_action(now))
    return case((col(ResponseRow.joined), 0), else_=late.correlate(CaseRow).scalar_subquery())
