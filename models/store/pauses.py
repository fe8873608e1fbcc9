"""The rows of pauses, as commits write them and figures read them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import SelectBase
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.case import CaseState, Move
from models.deadlines import deadline_of, watch_of
from models.hours import between
from models.ladder import Target
from models.opening_hours import OpeningHours
from models.pause_tables import PauseRow
from models.paused_clock import Pauses
from models.paused_time import later, taken
from models.pauses import PauseOver
from models.store.targets import running_targets
from models.tables import CaseRow
from models.target_tables import TargetRow


async def keep_pause(
    session: AsyncSession, move: Move, state: CaseState, hours: OpeningHours
) -> None:
    """Before the targets are judged: a target that rests is due later, first by all of the pause, and by
    what it really took once it is over. `state` is the one that the move comes to.
    """
    if move.over is not None:
        await _end(session, move.over, state, hours)
    if move.state.pause is not None and move.state.pause.since == move.entries[0].at:
        await _begin(session, state, hours)


async def _begin(session: AsyncSession, state: CaseState, hours: OpeningHours) -> None:
    pause = state.pause
    if pause is None or await _open(session, state.case_id):
        return
    row = PauseRow(
        case_id=state.case_id,
        seq=state.seq,
        reason=pause.reason,
        since=pause.since,
        until=pause.until,
    )
    by = between(hours, pause.since, pause.until)
    for target in await running_targets(session, state.case_id):
        if _is_own(target):
            row.due_before = target.due_at
        if not _is_own(target) or state.clock is None or state.clock.by is None:
            target.due_at = later(hours, target.due_at, by)
            session.add(target)
    session.add(row)


async def _end(
    session: AsyncSession, over: PauseOver, state: CaseState, hours: OpeningHours
) -> None:
    row = await _open(session, state.case_id)
    if row is None:
        return
    row.ended_at = over.at
    session.add(row)
    for target in await running_targets(session, state.case_id):
        due = _due(target, row, state, later_by=taken(hours, over), hours=hours)
        if due is not None:
            target.due_at = due
            session.add(target)


def _due(
    target: TargetRow,
    row: PauseRow,
    state: CaseState,
    *,
    later_by: timedelta,
    hours: OpeningHours,
) -> datetime | None:
    watch = watch_of(Target(target.target))
    if watch is not None:
        deadline = deadline_of(state, watch)
        return deadline.due if deadline and deadline.start == target.started_at else None
    if row.due_before is None or row.due_before == target.due_at:
        return None
    return later(hours, row.due_before, later_by)


def _is_own(target: TargetRow) -> bool:
    """What the stage awaits."""
    return watch_of(Target(target.target)) is None


async def _open(session: AsyncSession, case_id: str) -> PauseRow | None:
    of_case = select(PauseRow).where(PauseRow.case_id == case_id, col(PauseRow.ended_at).is_(None))
    return (await session.exec(of_case)).first()


async def pauses_by_case(
    session: AsyncSession, ids: Collection[str] | SelectBase
) -> Mapping[str, Pauses]:
    """Of many cases `ids` is the statement that finds them: a database takes only so many values."""
    if not isinstance(ids, SelectBase) and not ids:
        return {}
    found: defaultdict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for row in await session.exec(select(PauseRow).where(col(PauseRow.case_id).in_(ids))):
        found[row.case_id].append((row.since, row.ended_at or row.until))
    return found


async def resting_cases(session: AsyncSession) -> Mapping[str, Pauses]:
    """Of all open cases that rest or have rested."""
    return await pauses_by_case(session, select(CaseRow.id).where(col(CaseRow.open)))
