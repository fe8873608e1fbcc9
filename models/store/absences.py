"""Who is away when: recorded, called off, and told to Temporal."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.absence import Absence
from models.absence_tables import AbsenceRow
from models.errors import NotKnown

LATELY = timedelta(days=30)
"""What was over before a server's file was lost is settled; where it was not, cases must come back."""


async def absences_at(session: AsyncSession, at: datetime) -> tuple[Absence, ...]:
    """Those that run at that instant."""
    return tuple(a for a in await absences_after(session, at) if a.covers(at))


async def absences_after(session: AsyncSession, at: datetime) -> tuple[Absence, ...]:
    """Those that are not over then, the first to begin first."""
    ahead = select(AbsenceRow).where(_not_over(at))
    rows = await session.exec(ahead.order_by(col(AbsenceRow.since), col(AbsenceRow.id)))
    return tuple(map(_absence, rows.all()))


async def absence_sent(session: AsyncSession, key: str, *, by: str) -> Absence | None:
    """What this person has sent with this key, as he sent it, be it over or not."""
    sent = select(AbsenceRow).where(AbsenceRow.created_by == by, AbsenceRow.key == key)
    row = (await session.exec(sent)).first()
    return _recorded(row) if row else None


def keep_absence(
    session: AsyncSession, absence: Absence, *, by: str, key: str, at: datetime
) -> None:
    session.add(
        AbsenceRow(
            id=absence.id,
            person=absence.person,
            since=absence.since,
            until=absence.until,
            stand_in=absence.stand_in,
            gives_back=absence.gives_back,
            created_by=by,
            created_at=at,
            key=key,
        )
    )


async def find_absence(session: AsyncSession, absence_id: str) -> Absence:
    """Raises NotKnown."""
    return _absence(await _row(session, absence_id))


async def end_absence(session: AsyncSession, absence_id: str, *, at: datetime) -> Absence:
    """It is over now, even before it began. What is over already stays as it is."""
    row = await _row(session, absence_id)
    if row.ended_at is None and at < row.until:
        row.ended_at, row.engine = at, None
        session.add(row)
    return _absence(row)


async def untold_absences(
    session: AsyncSession, engine: str, *, now: datetime, limit: int
) -> Sequence[Absence]:
    """Those of which `engine` (a Temporal namespace's id) does not know, or not how they end."""
    elsewhere = and_(col(AbsenceRow.engine) != engine, _not_over(now - LATELY))
    untold = select(AbsenceRow).where(or_(col(AbsenceRow.engine).is_(None), elsewhere))
    rows = await session.exec(untold.order_by(col(AbsenceRow.since)).limit(limit))
    return tuple(map(_absence, rows.all()))


async def mark_told(session: AsyncSession, absence: Absence, engine: str) -> None:
    """Unless it was called off meanwhile: that is yet to be told."""
    ended, until = col(AbsenceRow.ended_at), col(AbsenceRow.until)
    as_told = or_(ended == absence.until, and_(ended.is_(None), until == absence.until))
    told = update(AbsenceRow).where(col(AbsenceRow.id) == absence.id, as_told)
    await session.exec(told.values(engine=engine))


async def _row(session: AsyncSession, absence_id: str) -> AbsenceRow:
    row = await session.get(AbsenceRow, absence_id)
    if row is None:
        raise NotKnown("There is no such absence.")
    return row


def _not_over(at: datetime) -> ColumnElement[bool]:
    ended = col(AbsenceRow.ended_at)
    return and_(col(AbsenceRow.until) > at, or_(ended.is_(None), ended > at))


def _absence(row: AbsenceRow) -> Absence:
    recorded = _recorded(row)
    return replace(recorded, until=min(row.until, row.ended_at)) if row.ended_at else recorded


def _recorded(row: AbsenceRow) -> Absence:
    return Absence(row.id, row.person, row.since, row.until, row.stand_in, row.gives_back)
