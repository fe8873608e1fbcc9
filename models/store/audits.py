"""What the audit reads and keeps: open cases page by page, its runs, and what it found."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import Select, func, or_
from sqlalchemy import select as columns
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from models.audit import REPAIRS, Finding, OpenCase, Progress, Repair
from models.audit_tables import AuditRow, FindingRow
from models.store.dispatch import mark_lost
from models.tables import CaseRow

KEPT = timedelta(days=90)
"""So long a run, and a trouble that is over, can be read."""
SHOWN = 50
LASTS = col(FindingRow.ended_at).is_(None)

Read: TypeAlias = Select[str, int, datetime, datetime | None, str | None, datetime | None, bool]
"""Of an open case: id, seq, opened_at, due_at, engine, claimed_until, and whether it is alarmed."""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """How the dispatcher sees it: the Temporal namespace's id of today, and its clock."""

    engine: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Run:
    """One that came to its end."""

    ended_at: datetime
    looked_at: int
    found: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """What was found. While `ended_at` is None it lasts."""

    case_id: str
    finding: Finding
    found_at: datetime
    repair: Repair | None
    repaired_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Audited:
    """For who runs Rappel: the last run, what lasts by kind, and the troubles one by one."""

    last: Run | None
    alarms: Mapping[Finding, int]
    troubles: Sequence[Trouble]


async def open_cases(
    session: AsyncSession, dispatch: Dispatch, *, after: str, limit: int
) -> Sequence[OpenCase]:
    """The next page, by id."""
    page = _cases().where(col(CaseRow.id) > after).order_by(col(CaseRow.id)).limit(limit)
    return await _read(session, dispatch, page)


async def unchanged(
    session: AsyncSession, dispatch: Dispatch, cases: Collection[OpenCase]
) -> Collection[OpenCase]:
    """Those that are still as they were read; they stay so until the unit ends."""
    same = _cases().where(col(CaseRow.id).in_([case.case_id for case in cases]))
    return set(await _read(session, dispatch, same.with_for_update(of=CaseRow))) & set(cases)


def _cases() -> Read:
    alarmed = columns(col(FindingRow.case_id)).where(LASTS)
    return columns(
        col(CaseRow.id),
        col(CaseRow.seq),
        col(CaseRow.opened_at),
        col(CaseRow.due_at),
        col(CaseRow.engine),
        col(CaseRow.claimed_until),
        col(CaseRow.id).in_(alarmed),
    ).where(col(CaseRow.open))


async def _read(session: AsyncSession, dispatch: Dispatch, cases: Read) -> Sequence[OpenCase]:
    connection = await session.connection()
    return [
        OpenCase(
            case_id,
            seq,
            due_at if seq else opened_at,
            dispatched=engine == dispatch.engine or (engine is None and seq > 0),
            claimed=claimed_until is not None and claimed_until > dispatch.now,
            alarmed=alarmed,
        )
        for case_id, seq, opened_at, due_at, engine, claimed_until, alarmed in (
            await connection.execute(cases)
        )
    ]


async def begin_audit(session: AsyncSession, audit: str, *, at: datetime) -> None:
    """Again where it is tried again. What is too old to be read goes."""
    await session.exec(delete(AuditRow).where(col(AuditRow.started_at) < at - KEPT))
    await session.exec(delete(FindingRow).where(col(FindingRow.ended_at) < at - KEPT))
    if await session.get(AuditRow, audit) is None:
        session.add(AuditRow(id=audit, started_at=at))


async def end_audit(session: AsyncSession, audit: str, progress: Progress, *, at: datetime) -> None:
    """Every open case was seen: what was not found again since the run began is over."""
    row = await session.get_one(AuditRow, audit)
    row.ended_at, row.looked_at = at, progress.looked_at
    row.found = {str(finding): n for finding, n in progress.found.items()}
    session.add(row)
    over = update(FindingRow).where(LASTS, col(FindingRow.seen_at) < row.started_at)
    await session.exec(over.values(ended_at=at))


async def keep_finding(
    session: AsyncSession, case_id: str, finding: Finding, *, at: datetime
) -> bool:
    """Whether it is new. A lost case is handed to the dispatcher; a nudge was given before."""
    lasting = select(FindingRow).where(
        col(FindingRow.case_id) == case_id, col(FindingRow.finding) == finding, LASTS
    )
    known = (await session.exec(lasting)).first()
    row = known or FindingRow(
        id=str(uuid7()), case_id=case_id, finding=finding, found_at=at, seen_at=at
    )
    row.seen_at = at
    if repair := REPAIRS.get(finding):
        row.repair, row.repaired_at = repair, at
    if repair is Repair.STARTED_AGAIN:
        await mark_lost(session, case_id)
    session.add(row)
    return known is None


async def last_audit(session: AsyncSession) -> Run | None:
    """The last one that came to its end."""
    ended = col(AuditRow.ended_at)
    newest = select(AuditRow).where(ended.is_not(None)).order_by(ended.desc()).limit(1)
    row = (await session.exec(newest)).first()
    if row is None or row.ended_at is None:
        return None
    return Run(row.ended_at, row.looked_at, sum(row.found.values()))


async def count_alarms(session: AsyncSession) -> Mapping[Finding, int]:
    """What lasts, by kind."""
    finding = col(FindingRow.finding)
    counted = columns(finding, func.count()).where(LASTS).group_by(finding)
    connection = await session.connection()
    return {Finding(kind): n for kind, n in await connection.execute(counted)}


async def read_troubles(session: AsyncSession, *, since: datetime) -> Sequence[Trouble]:
    """What lasts, and then what was over after `since`; the newest first, and not more than a page."""
    recent = or_(LASTS, col(FindingRow.ended_at) >= since)
    newest = select(FindingRow).where(recent).order_by(LASTS.desc(), col(FindingRow.id).desc())
    return [
        Trouble(
            row.case_id,
            Finding(row.finding),
            row.found_at,
            Repair(row.repair) if row.repair else None,
            row.repaired_at,
            row.ended_at,
        )
        for row in await session.exec(newest.limit(SHOWN))
    ]


async def read_audited(session: AsyncSession, *, since: datetime) -> Audited:
    return Audited(
        await last_audit(session),
        await count_alarms(session),
        await read_troubles(session, since=since),
    )
