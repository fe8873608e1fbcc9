"""Targets over time: their runs as the commits kept them, and the cases behind each number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select, text, true
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.figures import Asked
from models.ladder import Target
from models.paused_clock import PausedClock, Pauses
from models.store.figures import Found, asked_for
from models.store.organisations import OrganisationBook
from models.store.pauses import pauses_by_case
from models.store.targets import overdue_target
from models.survey import Origin
from models.tables import CaseRow, ResponseRow
from models.tally_tables import UNHAPPY, CountedRow
from models.target_periods import Run, TargetsOverTime, over_time
from models.target_tables import TargetRow
from models.targets import Fate
from models.version_targets import spelt_out

ZERO_TOLERANCE = "topics"
"""In the place of versions: the cases with a topic, whatever their version."""
RAN_BY = func.coalesce(col(TargetRow.version), col(CaseRow.version))


async def read_targets_over_time(
    session: AsyncSession, asked: Asked, *, now: datetime, book: OrganisationBook
) -> TargetsOverTime:
    """Of the cases whose first answer is asked for: as everywhere, a case belongs where that one does."""
    rows = (await (await session.connection()).execute(_runs(asked))).all()
    policies = {
        number: (await book.version(session, number)).policy
        for number in sorted({row.ran_by for row in rows})
    }
    pauses = await pauses_by_case(session, _of_those(select(col(TargetRow.case_id)), asked))
    clocks = await _clocks(session, rows, book, pauses)
    return over_time((_run(row) for row in rows), policies, clocks, now=now)


def _runs(asked: Asked) -> Found:
    columns = (
        col(TargetRow.case_id),
        col(TargetRow.target),
        col(TargetRow.round),
        RAN_BY.label("ran_by"),
        col(CaseRow.topic),
        col(CaseRow.origin),
        col(TargetRow.started_at),
        col(TargetRow.due_at),
        col(TargetRow.ended_at),
        col(TargetRow.fate),
        col(TargetRow.answered),
        col(CaseRow.version),
        col(CaseRow.region),
    )
    return _of_those(select(*columns), asked)


def _of_those(what: Found, asked: Asked) -> Found:
    return (
        what.select_from(CountedRow)
        .join(ResponseRow, col(ResponseRow.id) == col(CountedRow.response_id))
        .join(CaseRow, col(CaseRow.id) == col(ResponseRow.case_id))
        .join(TargetRow, col(TargetRow.case_id) == col(CaseRow.id))
        .where(~col(ResponseRow.joined), text(UNHAPPY), *asked_for(asked, CountedRow))
    )


def _run(row: Row[*tuple[Any, ...]]) -> Run:
    return Run(
        case_id=row.case_id,
        target=Target(row.target),
        round=row.round,
        version=row.ran_by,
        origin=Origin(row.origin),
        zero_tolerance=row.topic is not None,
        started_at=row.started_at,
        due_at=row.due_at,
        ended_at=row.ended_at,
        fate=Fate(row.fate) if row.fate else None,
        answered=row.answered,
    )


async def _clocks(
    session: AsyncSession,
    rows: Sequence[Row[*tuple[Any, ...]]],
    book: OrganisationBook,
    pauses: Mapping[str, Pauses],
) -> Mapping[str, PausedClock]:
    """By case: the opening hours of its region, in its version, less its pauses."""
    places = {row.case_id: (row.version, row.region) for row in rows}
    found = {
        (version, region): await book.worked_time(session, version, region=region)
        for version, region in set(places.values())
    }
    return {
        case_id: PausedClock(found[place], pauses.get(case_id, ()))
        for case_id, place in places.items()
    }


@dataclass(frozen=True, slots=True)
class Sought:
    """The runs of a target by these versions, or of the zero-tolerance cases; of one channel, or of all."""

    target: Target
    versions: str
    origin: Origin | None


def in_period(detail: str) -> Sought | None:
    """`contact:1-3.7` of a number's detail, taken apart; None for one that names no period."""
    target, _, period = detail.partition(":")
    versions, _, origin = period.partition(":")
    return Sought(Target(target), versions, Origin(origin) if origin else None) if period else None


def times_in_period(sought: Sought, fates: Sequence[Fate], now: datetime) -> ColumnElement[int]:
    """How often the case of an answer counts there: as its target ran, by the first answer alone."""
    judged = col(TargetRow.fate).in_(fates)
    n = (
        select(func.count())
        .select_from(TargetRow)
        .where(
            col(TargetRow.case_id) == col(CaseRow.id),
            col(TargetRow.target) == sought.target,
            or_(judged, overdue_target(now)) if Fate.MISSED in fates else judged,
            _among(sought),
        )
        .correlate(CaseRow)
        .scalar_subquery()
    )
    return case((~col(ResponseRow.joined), n), else_=0)


def _among(sought: Sought) -> ColumnElement[bool]:
    if sought.versions == ZERO_TOLERANCE:
        return col(CaseRow.topic).is_not(None)
    stretches = (RAN_BY.between(first, last) for first, last in spelt_out(sought.versions))
    heard = true() if sought.origin is None else col(CaseRow.origin) == sought.origin
    return and_(col(CaseRow.topic).is_(None), heard, or_(*stretches))
