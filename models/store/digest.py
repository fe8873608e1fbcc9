"""What happened in a week, counted for its letters."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.actions import Outcome, Reached
from models.case import Confirmation
from models.digest import Week, WeekCounts
from models.survey import Feeling
from models.tables import CaseRow, EntryRow, ResponseRow
from models.timeline import EntryKind

Counts: TypeAlias = Select[*tuple[int, ...]]
Instant: TypeAlias = SQLColumnExpression[datetime] | SQLColumnExpression[datetime | None]

NO_ENDS = (Outcome.WITHDRAWN, Outcome.ABSORBED)
"""There was no case, or it goes on in another one."""


async def count_week(session: AsyncSession, week: Week) -> WeekCounts:
    connection, counts = await session.connection(), dict[str, int]()
    for statement in (_of_answers(week), _of_cases(week), _of_entries(week)):
        counts |= (await connection.execute(statement)).mappings().one()
    return WeekCounts(**counts)


async def latest_scores(session: AsyncSession, cases: Collection[str]) -> Mapping[str, str]:
    """As in `NPS 2`, by case."""
    said = select(col(ResponseRow.case_id), col(ResponseRow.metric), col(ResponseRow.score))
    of_cases = said.where(col(ResponseRow.case_id).in_(cases))
    connection = await session.connection()
    rows = await connection.execute(of_cases.order_by(col(ResponseRow.submitted_at)))
    return {of: f"{metric.upper()} {score}" for of, metric, score in rows if of and metric}


def _of_answers(week: Week) -> Counts:
    with_case = col(ResponseRow.case_id).is_not(None)
    unhappy = or_(col(ResponseRow.feeling) == Feeling.UNHAPPY, with_case)
    return select(
        func.count().label("answers"), _sum(unhappy, "unhappy"), _sum(with_case, "with_case")
    ).where(_within(col(ResponseRow.submitted_at), week))


def _of_cases(week: Week) -> Counts:
    closed_at = col(CaseRow.closed_at)
    ended = and_(_within(closed_at, week), col(CaseRow.outcome).not_in(NO_ENDS))
    confirmed = and_(ended, col(CaseRow.confirmation) == Confirmation.CONFIRMED)
    unreachable = and_(ended, col(CaseRow.outcome) == Outcome.UNREACHABLE)
    still_open = or_(closed_at.is_(None), closed_at >= week.end)
    return select(
        _sum(ended, "closed"),
        _sum(confirmed, "confirmed"),
        _sum(unreachable, "unreachable"),
        _sum(still_open, "open"),
    ).where(col(CaseRow.opened_at) < week.end, or_(still_open, closed_at >= week.start))


def _of_entries(week: Week) -> Counts:
    """Cases, not entries: who calls a customer three times has spoken to one."""
    kind, outcome = col(EntryRow.kind), col(EntryRow.facts)["outcome"].as_string()
    spoken = and_(kind == EntryKind.ATTEMPTED, outcome == Reached.REACHED, ~_taken_back())
    happened = {
        "spoken": spoken,
        "handed_up": kind == EntryKind.HANDED_UP,
        "said_no": kind == EntryKind.REOPENED,
    }
    counts = (
        func.count(func.distinct(case((what, col(EntryRow.case_id))))).label(name)
        for name, what in happened.items()
    )
    return select(*counts).where(_within(col(EntryRow.at), week), or_(*happened.values()))


def _taken_back() -> ColumnElement[bool]:
    later = aliased(EntryRow)
    return exists().where(
        col(later.case_id) == col(EntryRow.case_id),
        col(later.kind) == EntryKind.TAKEN_BACK,
        col(later.facts)["seq"].as_integer() == col(EntryRow.seq),
    )


def _within(at: Instant, week: Week) -> ColumnElement[bool]:
    return and_(at >= week.start, at < week.end)


def _sum(what: ColumnElement[bool], name: str) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((what, 1), else_=0)), 0).label(name)
