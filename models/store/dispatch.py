"""What the database knows and Temporal does not yet: cases to start, responses to signal.

Rows are claimed by a conditional UPDATE, so any number of web processes may dispatch; none leads.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.messages import CaseStart, ResponseHeard
from models.store.casebook import append_entry, state_of
from models.store.hearing import news_of
from models.tables import CaseRow, ResponseRow
from models.timelapse import Timelapse
from models.timeline import Entry, EntryKind

CLAIM = timedelta(seconds=30)
LONG_OVERDUE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Unheard:
    case_id: str
    signal: ResponseHeard


async def claim_unstarted(
    session: AsyncSession,
    engine: str,
    *,
    now: datetime,
    limit: int,
    lapse: Timelapse | None = None,
) -> Sequence[CaseStart]:
    """Open cases that `engine` (a Temporal namespace's id) does not run: new ones, and lost ones.

    A rung long overdue is a sign that its case is lost too; where it only waits its turn, to start
    it again does nothing. A lost case carries its snapshot. The oldest come first.
    Servers need real time, whatever `lapse` the cases live by.
    """
    long_overdue = col(CaseRow.due_at) < _later(now, -LONG_OVERDUE, lapse)
    unstarted = (
        select(CaseRow.id)
        .where(col(CaseRow.open), or_(_not_on(engine), long_overdue), _unclaimed(now))
        .order_by(col(CaseRow.opened_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claim = (
        update(CaseRow)
        .where(col(CaseRow.id).in_(unstarted))
        .values(claimed_until=_later(now, CLAIM, lapse))
        .returning(CaseRow)
    )
    rows = (await session.exec(claim)).scalars().all()
    return [CaseStart(row.id, row.opened_at, state_of(row)) for row in rows]


async def mark_started(
    session: AsyncSession, cases: Sequence[CaseStart], engine: str, *, at: datetime
) -> None:
    """What ran there already was only overdue: its claim stays, not to be tried at every sweep.

    A claim that outlived a first start would hold the case back when its server is lost soon after.
    """
    for started in cases:
        row = await session.get_one(CaseRow, started.case_id)
        if row.engine == engine:
            continue
        row.engine, row.claimed_until = engine, None
        session.add(row)
        if started.state is not None:
            resumed = Entry(EntryKind.RESUMED, at)
            await append_entry(session, started.case_id, started.state.seq, resumed)


async def release_cases(session: AsyncSession, case_ids: Sequence[str]) -> None:
    """Temporal did not answer: they need not wait until their claim runs out."""
    failed = update(CaseRow).where(col(CaseRow.id).in_(case_ids))
    await session.exec(failed.values(claimed_until=None))


async def release_responses(session: AsyncSession, response_ids: Sequence[str]) -> None:
    failed = update(ResponseRow).where(col(ResponseRow.id).in_(response_ids))
    await session.exec(failed.values(signalled_at=None))


async def mark_lost(session: AsyncSession, case_id: str) -> None:
    """Temporal does not know the case: unless it is closed it will be started from its snapshot."""
    lost = update(CaseRow).where(col(CaseRow.id) == case_id, col(CaseRow.open))
    await session.exec(lost.values(engine=None, claimed_until=None))


async def claim_unheard(
    session: AsyncSession, engine: str, *, now: datetime, limit: int
) -> Sequence[Unheard]:
    """Responses of a running case which has not heard them as they stand; told again after a while."""
    unheard = (
        select(ResponseRow.id)
        .join(CaseRow, col(CaseRow.id) == col(ResponseRow.case_id))
        .where(
            col(ResponseRow.consumed_seq).is_(None),
            CaseRow.engine == engine,
            col(CaseRow.open),
            col(CaseRow.seq) > 0,
            or_(
                col(ResponseRow.signalled_at).is_(None), col(ResponseRow.signalled_at) < now - CLAIM
            ),
        )
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claim = (
        update(ResponseRow)
        .where(col(ResponseRow.id).in_(unheard))
        .values(signalled_at=now)
        .returning(ResponseRow)
    )
    rows = (await session.exec(claim)).scalars().all()
    news = await news_of(session, rows)
    return [
        Unheard(row.case_id, told)
        for row, told in zip(rows, news, strict=True)
        if row.case_id is not None
    ]


async def oldest_undispatched(session: AsyncSession) -> datetime | None:
    """When the longest waiting response came that its case's workflow has not heard."""
    waiting = select(func.min(ResponseRow.received_at)).where(
        col(ResponseRow.case_id).is_not(None), col(ResponseRow.consumed_seq).is_(None)
    )
    return (await session.exec(waiting)).one()


def _not_on(engine: str) -> ColumnElement[bool]:
    return or_(col(CaseRow.engine).is_(None), col(CaseRow.engine) != engine)


def _later(at: datetime, length: timedelta, lapse: Timelapse | None) -> datetime:
    return lapse.later(at, length) if lapse else at + length


def _unclaimed(now: datetime) -> ColumnElement[bool]:
    return or_(col(CaseRow.claimed_until).is_(None), col(CaseRow.claimed_until) < now)
