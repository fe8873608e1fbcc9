"""The rows of targets, as commits write them and figures read them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, case, func
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.case import Move
from models.deadlines import target_of
from models.decision import Decided
from models.ladder import Target
from models.tables import CaseRow, ResponseRow
from models.target_tables import TargetRow
from models.targets import Running, answers, fate, goes_on


async def keep_targets(
    session: AsyncSession, move: Move, decided: Decided, *, at: datetime
) -> None:
    """End what runs by timestamps and start what is awaited next; a voicemail restarts nothing."""
    state = decided.state
    if move.takes_back is not None:
        await _take_back(session, state.case_id, seq=move.takes_back)
        return
    told, running = replace(move, state=state), set[str]()
    for row in await running_targets(session, state.case_id):
        found = Running(Target(row.target), row.round, row.due_at, row.started_at)
        if goes_on(found, told):
            running.add(row.target)
        else:
            row.ended_at, row.ended_seq, row.fate = at, state.seq, fate(found, told, at)
            row.answered = answers(found, told)
            session.add(row)
    for target, start, due in _awaited(move, decided):
        if target not in running:
            session.add(
                TargetRow(
                    case_id=state.case_id,
                    seq=state.seq,
                    target=target,
                    round=state.round,
                    level=state.level,
                    started_at=start,
                    due_at=due,
                )
            )


def _awaited(move: Move, decided: Decided) -> Iterator[tuple[Target, datetime, datetime]]:
    """With when it started and is due: what the stage awaits, and the deadlines beside it."""
    if move.clock is not None and decided.plan is not None and not move.clock.again:
        yield move.clock.target, move.clock.start, decided.plan.due
    for deadline in decided.state.deadlines:
        target = target_of(deadline.watch)
        if target is not None and not deadline.passed:
            yield target, deadline.start, deadline.due


async def running_targets(session: AsyncSession, case_id: str) -> Sequence[TargetRow]:
    of_case = select(TargetRow).where(TargetRow.case_id == case_id, col(TargetRow.fate).is_(None))
    return (await session.exec(of_case)).all()


async def _take_back(session: AsyncSession, case_id: str, *, seq: int) -> None:
    """What commit `seq` started never was, and what it ended runs on."""
    of_case = col(TargetRow.case_id) == case_id
    await session.exec(delete(TargetRow).where(of_case, col(TargetRow.seq) == seq))
    ended = update(TargetRow).where(of_case, col(TargetRow.ended_seq) == seq)
    await session.exec(ended.values(ended_at=None, ended_seq=None, fate=None, answered=False))


def overdue_target(now: datetime) -> ColumnElement[bool]:
    """It still runs and is past due."""
    return col(TargetRow.fate).is_(None) & (col(TargetRow.due_at) < now)


def overdue_of_case(now: datetime, targets: Sequence[Target]) -> ColumnElement[int]:
    """How many of these, beside the answer that opened the case."""
    of_case = col(TargetRow.case_id) == col(CaseRow.id)
    late = (
        select(func.count())
        .select_from(TargetRow)
        .where(of_case, overdue_target(now), col(TargetRow.target).in_(targets))
    )
    return case((col(ResponseRow.joined), 0), else_=late.correlate(CaseRow).scalar_subquery())
