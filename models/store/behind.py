"""The cases behind a number of the board: who answers for them is not told, nor who the customer is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, assert_never

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.actions import Outcome
from models.case import Stage
from models.figures import DAYS, Asked
from models.store.figures import asked_for, overdue, younger
from models.tables import CaseRow, ResponseRow
from models.tally_tables import CountedRow


class Which(StrEnum):
    """The number, by its name in `models.figures`."""

    CASES = "cases"
    OPEN = "open"
    """The backlog."""
    LATE = "late"
    GOOD = "good"
    """Closed, confirmed and not reopened: the quality."""
    NOT_CONTACTED = "not_contacted"
    CLOSED = "closed"
    """The closed loop, and beside it the next four."""
    CONFIRMED = "confirmed"
    UNREACHABLE = "unreachable"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"
    MET = "met"
    MISSED = "missed"
    """With those that still run and are past due."""
    LEVEL = "level"
    """That one or above."""
    CAUSE = "cause"


@dataclass(frozen=True, slots=True)
class Number:
    """`detail` is the target met or missed, the level, or the cause; "" is the cause not yet named."""

    which: Which
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CaseBehind:
    """One answer and its case; an answer that `joined` stands beside the one that opened the case.

    `times` is how often it counts in the number: a case may miss a target twice.
    """

    response_id: str
    submitted_at: datetime
    joined: bool
    times: int
    case_id: str
    region: str | None
    trade: str | None
    stage: Stage
    level: int
    outcome: Outcome | None
    opened_at: datetime
    closed_at: datetime | None


async def cases_behind(
    session: AsyncSession,
    asked: Asked,
    number: Number,
    *,
    limit: int,
    before: str | None,
    now: datetime,
) -> Sequence[CaseBehind]:
    """Month by month, newest first. `before` is the `response_id` of the last row of the page before.

    The `times` of all pages add up to the number on the board.
    """
    times = _times(number, asked, now)
    newest = (
        select(
            col(CountedRow.response_id),
            col(CountedRow.submitted_at),
            col(ResponseRow.joined),
            times.label("times"),
            col(CaseRow.id).label("case_id"),
            func.nullif(col(CountedRow.region), "").label("region"),
            func.nullif(col(CountedRow.trade), "").label("trade"),
            col(CaseRow.stage),
            col(CaseRow.level),
            col(CaseRow.outcome),
            col(CaseRow.opened_at),
            col(CaseRow.closed_at),
        )
        .join(ResponseRow, col(ResponseRow.id) == col(CountedRow.response_id))
        .join(CaseRow, col(CaseRow.id) == col(ResponseRow.case_id))
        .where(col(CountedRow.loop).is_not(None), times > 0, *asked_for(asked, CountedRow))
        .order_by(col(CountedRow.month).desc(), col(CountedRow.response_id).desc())
        .limit(limit)
    )
    if before is not None:
        newest = newest.where(_earlier_than(before))
    rows = await (await session.connection()).execute(newest)
    return [_behind(row._asdict()) for row in rows]


def _behind(row: dict[str, Any]) -> CaseBehind:
    outcome = Outcome(row["outcome"]) if row["outcome"] else None
    return CaseBehind(**row | {"stage": Stage(row["stage"]), "outcome": outcome})


def _earlier_than(response_id: str) -> ColumnElement[bool]:
    its_month = select(col(CountedRow.month)).where(col(CountedRow.response_id) == response_id)
    month, before = col(CountedRow.month), col(CountedRow.response_id) < response_id
    its_own = its_month.scalar_subquery()
    return or_(month < its_own, and_(month == its_own, before))


def _times(number: Number, asked: Asked, now: datetime) -> ColumnElement[int]:
    """How often an answer counts in the number; 0 where it does not."""
    match number.which:
        case Which.CASES | Which.OPEN | Which.GOOD:
            return _counted(number.which)
        case Which.LATE:
            return _once(overdue(now))
        case Which.NOT_CONTACTED:
            return 1 - _counted("contacted")
        case Which.REOPENED:
            return _old_enough(asked, now, _counted(number.which))
        case Which.CLOSED | Which.CONFIRMED | Which.UNREACHABLE | Which.WITHDRAWN:
            within = (_counted(f"{number.which}:{d}") for d in DAYS if d <= asked.days)
            return _old_enough(asked, now, sum(within, literal(0)))
        case Which.MISSED:
            late = _once(and_(overdue(now), col(CountedRow.running) == number.detail))
            return _counted(f"missed:{number.detail}") + late
        case Which.LEVEL:
            above = col(CaseRow.highest_level) >= int(number.detail)
            return case((above, _counted("cases")), else_=0)
        case Which.MET | Which.CAUSE:
            return _counted(f"{number.which}:{number.detail}")
        case _:
            assert_never(number.which)


def _counted(measure: str) -> ColumnElement[int]:
    return func.coalesce(col(CountedRow.measures)[measure].as_integer(), 0)


def _once(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _old_enough(asked: Asked, now: datetime, times: ColumnElement[int]) -> ColumnElement[int]:
    return case((younger(asked, now), 0), else_=times)
