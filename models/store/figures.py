"""The rows behind the figures, read with six statements whatever the number of cases."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import TypeAlias

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.actions import Outcome, Reached
from models.case import Confirmation
from models.figures import CaseCourse, Figures, TargetRun, UnhappyResponse
from models.ladder import Target
from models.measuring import measure
from models.survey import Feeling
from models.tables import CaseRow, EntryRow, ResponseRow, TargetRow
from models.targets import Fate
from models.timeline import EntryKind

CaseIds: TypeAlias = Select[str | None]
"""A subquery."""


async def figures(
    session: AsyncSession,
    *,
    since: datetime | None,
    until: datetime | None,
    region: str | None,
    days: int,
    now: datetime,
    zone: tzinfo,
) -> Figures:
    """Of the responses with `since` ≤ submission < `until`.

    `days` is the d of the closed-loop rate. Months are those of `zone`.
    """
    asked_for = _conditions(since=since, until=until, region=region)
    responses = await _unhappy_responses(await session.connection(), asked_for)
    return measure(responses, days=days, now=now, zone=zone)


def _conditions(
    *, since: datetime | None, until: datetime | None, region: str | None
) -> list[ColumnElement[bool]]:
    submitted_at = col(ResponseRow.submitted_at)
    conditions = [col(ResponseRow.feeling) == Feeling.UNHAPPY]
    if since:
        conditions.append(submitted_at >= since)
    if until:
        conditions.append(submitted_at < until)
    if region:
        conditions.append(col(ResponseRow.region) == region)
    return conditions


async def _unhappy_responses(
    connection: AsyncConnection, asked_for: Sequence[ColumnElement[bool]]
) -> list[UnhappyResponse]:
    """Responses are read before their cases, so that one arriving meanwhile does no harm."""
    responses = select(
        col(ResponseRow.submitted_at),
        col(ResponseRow.region),
        col(ResponseRow.reason),
        col(ResponseRow.case_id),
        col(ResponseRow.joined),
    )
    rows = (await connection.execute(responses.where(*asked_for))).all()
    courses = await _courses(connection, select(col(ResponseRow.case_id)).where(*asked_for))
    return [
        UnhappyResponse(at, region, reason, courses[case] if case else None, opened=not joined)
        for at, region, reason, case, joined in rows
    ]


async def _courses(connection: AsyncConnection, cases: CaseIds) -> dict[str, CaseCourse]:
    rows = select(
        col(CaseRow.id),
        col(CaseRow.closed_at),
        col(CaseRow.outcome),
        col(CaseRow.confirmation),
        col(CaseRow.highest_level),
    ).where(col(CaseRow.id).in_(cases))
    latest, followed = await _latest(connection, cases), await _followed(connection, cases)
    targets, lateness = await _targets(connection, cases), await _lateness(connection, cases)
    return {
        case: CaseCourse(
            closed_at=closed_at,
            outcome=Outcome(outcome) if outcome else None,
            confirmation=Confirmation(confirmation) if confirmation else None,
            highest_level=level,
            last_contact=latest.get((case, EntryKind.ATTEMPTED)),
            said_no=(case, EntryKind.REOPENED) in latest,
            followed_at=followed.get(case),
            targets=tuple(targets[case]),
            lateness=tuple(lateness[case]),
        )
        for case, closed_at, outcome, confirmation, level in await connection.execute(rows)
    }


async def _latest(
    connection: AsyncConnection, cases: CaseIds
) -> Mapping[tuple[str, str], datetime]:
    """By case and kind of entry: the last two-way contact, and the customer's last no."""
    kind, outcome = col(EntryRow.kind), col(EntryRow.facts)["outcome"].as_string()
    contact = and_(kind == EntryKind.ATTEMPTED, outcome == Reached.REACHED)
    latest = (
        select(col(EntryRow.case_id), kind, func.max(col(EntryRow.at)))
        .where(col(EntryRow.case_id).in_(cases), or_(contact, kind == EntryKind.REOPENED))
        .group_by(col(EntryRow.case_id), kind)
    )
    return {(case, what): at for case, what, at in await connection.execute(latest)}


async def _followed(connection: AsyncConnection, cases: CaseIds) -> Mapping[str, datetime]:
    first = (
        select(col(CaseRow.reopens), func.min(col(CaseRow.opened_at)))
        .where(col(CaseRow.reopens).in_(cases))
        .group_by(col(CaseRow.reopens))
    )
    return {case: at for case, at in await connection.execute(first) if case}


async def _targets(connection: AsyncConnection, cases: CaseIds) -> Mapping[str, list[TargetRun]]:
    runs = select(
        col(TargetRow.case_id), col(TargetRow.target), col(TargetRow.due_at), col(TargetRow.fate)
    ).where(col(TargetRow.case_id).in_(cases))
    found: defaultdict[str, list[TargetRun]] = defaultdict(list)
    for case, target, due_at, fate in await connection.execute(runs):
        found[case].append(TargetRun(Target(target), due_at, Fate(fate) if fate else None))
    return found


async def _lateness(connection: AsyncConnection, cases: CaseIds) -> Mapping[str, list[timedelta]]:
    fired = select(col(EntryRow.case_id), col(EntryRow.at), col(EntryRow.due)).where(
        col(EntryRow.case_id).in_(cases), col(EntryRow.due).is_not(None)
    )
    found: defaultdict[str, list[timedelta]] = defaultdict(list)
    for case, at, due in await connection.execute(fired):
        if due is not None:
            found[case].append(at - due)
    return found
