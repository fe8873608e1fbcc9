"""The rows of promises, as commits write them and figures read them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, case, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.case import CaseState
from models.promise_tables import PromiseRow
from models.promises import Word, word_of
from models.tables import CaseRow, ResponseRow


async def write_promises(session: AsyncSession, state: CaseState, *, at: datetime) -> None:
    """All of the case anew: an older copy of the database may have lost some."""
    closed_at = at if state.closed else None
    for action in state.actions:
        if action.promise is not None and action.is_promised:
            row = PromiseRow(
                case_id=state.case_id,
                number=action.number,
                kind=action.promise,
                due_at=action.due,
                word=word_of(action, closed_at=closed_at),
            )
            await session.merge(row)


async def words_by_case(
    session: AsyncSession, ids: Collection[str]
) -> Mapping[str, tuple[Word, ...]]:
    """What has become of their promises; those that are open are not among them."""
    settled = select(PromiseRow.case_id, PromiseRow.word).where(
        col(PromiseRow.case_id).in_(ids), col(PromiseRow.word).is_not(None)
    )
    found: defaultdict[str, tuple[Word, ...]] = defaultdict(tuple)
    for case_id, word in await session.exec(settled):
        found[case_id] += (Word(str(word)),)
    return found


def overdue_promise(now: datetime) -> ColumnElement[bool]:
    return col(PromiseRow.word).is_(None) & (col(PromiseRow.due_at) < now)


def unkept_of_case(now: datetime) -> ColumnElement[int]:
    """How many are open and past their date, beside the answer that opened the case."""
    of_case = col(PromiseRow.case_id) == col(CaseRow.id)
    late = select(func.count()).select_from(PromiseRow).where(of_case, overdue_promise(now))
    return case((col(ResponseRow.joined), 0), else_=late.correlate(CaseRow).scalar_subquery())
