"""The rows of gestures that wait for a yes, as commits write them and inboxes read them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, true
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.actions import PromiseKind
from models.case import CaseState
from models.deadlines import deadline_of
from models.gesture_tables import WaitingGestureRow
from models.gestures import waiting
from models.ladder import Subject, Watch
from models.organisation import Organisation
from models.people import Person
from models.tables import CaseRow


async def write_waiting(session: AsyncSession, state: CaseState, *, at: datetime) -> None:
    """All of the case anew."""
    if not any(action.promise is PromiseKind.GESTURE for action in state.actions):
        return
    of_case = col(WaitingGestureRow.case_id) == state.case_id
    await session.exec(delete(WaitingGestureRow).where(of_case))
    for gesture in waiting(state) if not state.closed else ():
        deadline = deadline_of(state, Watch(Subject.GESTURE, gesture.number))
        session.add(
            WaitingGestureRow(
                case_id=state.case_id,
                number=gesture.number,
                approver=gesture.approver or "",
                until=deadline.due if deadline else at,
            )
        )


async def list_asked(
    session: AsyncSession, today: Organisation, me: Person, *, limit: int
) -> Sequence[tuple[WaitingGestureRow, CaseRow]]:
    """To which he is asked to say yes, the most urgent first."""
    asked = (
        select(WaitingGestureRow, CaseRow)
        .join(CaseRow, col(CaseRow.id) == col(WaitingGestureRow.case_id))
        .where(_asked_of(today, me), col(CaseRow.open) == true())
        .order_by(
            col(WaitingGestureRow.until),
            col(WaitingGestureRow.case_id),
            col(WaitingGestureRow.number),
        )
    )
    return [(gesture, case) for gesture, case in await session.exec(asked.limit(limit))]


async def count_asked(session: AsyncSession, today: Organisation, me: Person) -> int:
    asked = select(func.count()).select_from(WaitingGestureRow)
    return (await session.exec(asked.where(_asked_of(today, me)))).one()


def _asked_of(today: Organisation, me: Person) -> ColumnElement[bool]:
    """He himself, or who left and has him for a successor."""
    his = {me.id, *(left for left, heir in today.successors.items() if heir == me.id)}
    return col(WaitingGestureRow.approver).in_(sorted(his))
