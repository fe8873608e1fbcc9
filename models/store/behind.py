"""The answers behind a number of the board, each with its case: nobody is told who they are of."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from sqlalchemy import ColumnElement, TextClause, and_, case, func, literal, or_, select, text, true
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.figures import DAYS, Asked
from models.ladder import Target
from models.numbers import AsTallied, Number, OfActions, OfTheLoop, Which
from models.resurvey_policy import Resurveyed
from models.store.actions import undone_of_case
from models.store.case_behind import CaseBehind
from models.store.figures import asked_for, late, younger
from models.store.promises import unkept_of_case
from models.store.resurvey_figures import of_case
from models.store.target_periods import in_period, times_in_period
from models.store.targets import overdue_of_case
from models.tables import CaseRow, ResponseRow
from models.tallies import UNEXPLAINED, Awaited
from models.tally_tables import UNHAPPY, CountedRow
from models.targets import Fate

JUDGED = [Fate.MET, Fate.MISSED]


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
            _why_no_case().label("reason"),
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
        .outerjoin(CaseRow, col(CaseRow.id) == col(ResponseRow.case_id))
        .where(_among(number), times > 0, *asked_for(asked, CountedRow))
        .order_by(col(CountedRow.month).desc(), col(CountedRow.response_id).desc())
        .limit(limit)
    )
    if before is not None:
        newest = newest.where(_earlier_than(before))
    rows = await (await session.connection()).execute(newest)
    return [CaseBehind.of(row._asdict()) for row in rows]


def _earlier_than(response_id: str) -> ColumnElement[bool]:
    its_month = select(col(CountedRow.month)).where(col(CountedRow.response_id) == response_id)
    month, before = col(CountedRow.month), col(CountedRow.response_id) < response_id
    its_own = its_month.scalar_subquery()
    return or_(month < its_own, and_(month == its_own, before))


def _among(number: Number) -> ColumnElement[bool] | TextClause:
    """The answers of one index, which holds all those of the number."""
    match number:
        case Number(Which.ANSWERS | Which.BACK_FILED):
            return true()
        case Number(Which.OPEN | Which.STALLED | Which.WAITING):
            return col(CountedRow.awaited).is_not(None)
        case Number(Which.UNCOVERED, reason) if reason == UNEXPLAINED:
            return col(CountedRow.awaited).is_not(None)
        case Number(Which.LATE):
            return col(CountedRow.due_at).is_not(None)
        case _:
            return text(UNHAPPY)


def _times(number: Number, asked: Asked, now: datetime) -> ColumnElement[int]:
    """How often an answer counts in the number; 0 where it does not."""
    match number.which:
        case Which.COVERED:
            return _once(col(CaseRow.id).is_not(None))
        case Which.UNCOVERED:
            return _counted(f"other:{number.detail}")
        case Which.NOT_CONTACTED:
            return _counted("reachable") - _counted("contacted")
        case Which.BY_HAND | Which.BY_HAND_CONTACTED | Which.BACK_FILED | Which.BACK_FILED_COVERED:
            return _counted(f"{number.which}:{number.detail}")
        case Which.WAITING:
            return _once(col(CountedRow.awaited).in_(_until(Awaited(number.detail))))
        case Which.LATE:
            return _once(late(now))
        case Which.ENDED:
            return _counted("cases") - _counted("open")
        case Which.MET | Which.MISSED | Which.JUDGED:
            return _of_targets(number, now)
        case (
            Which.BROKEN | Which.PROMISED | Which.TOO_LATE | Which.DUE | Which.JUDGED_WORK as which
        ):
            return _of_actions(which, now)
        case Which.RESURVEYED | Which.WON_BACK | Which.ASKED_AGAIN | Which.HEARD_AGAIN:
            return of_case(Resurveyed(number.which), now)
        case Which.LEVEL | Which.CAUSE | Which.PLAYED | Which.UNPLAYED:
            return _by_detail(number)
        case _:
            return _as_tallied(number.which, asked, now)


def _as_tallied(which: OfTheLoop | AsTallied, asked: Asked, now: datetime) -> ColumnElement[int]:
    match which:
        case (
            Which.OLD_ENOUGH
            | Which.CLOSED
            | Which.CONFIRMED
            | Which.UNREACHABLE
            | Which.WITHDRAWN
            | Which.REOPENED
        ):
            return _old_enough(asked, now, _of_the_loop(which, asked.days))
        case _:
            return _counted(which)


def _by_detail(number: Number) -> ColumnElement[int]:
    if number.which is not Which.LEVEL:
        return _of_cause(number)
    above = col(CaseRow.highest_level) >= int(number.detail)
    return case((above, _counted("cases")), else_=0)


def _of_the_loop(which: OfTheLoop, days: int) -> ColumnElement[int]:
    match which:
        case Which.OLD_ENOUGH:
            return _counted("reachable")
        case Which.REOPENED:
            return _counted(which)
        case Which.CLOSED | Which.CONFIRMED | Which.UNREACHABLE | Which.WITHDRAWN:
            return sum((_counted(f"{which}:{d}") for d in DAYS if d <= days), literal(0))
        case _:
            assert_never(which)


def _of_actions(which: OfActions, now: datetime) -> ColumnElement[int]:
    match which:
        case Which.BROKEN:
            return _counted("broken") + unkept_of_case(now)
        case Which.PROMISED:
            return _counted("kept") + _counted("broken") + unkept_of_case(now)
        case Which.TOO_LATE:
            return _counted("too_late") + undone_of_case(now)
        case Which.DUE:
            return _counted("in_time") + _counted("too_late") + undone_of_case(now)
        case Which.JUDGED_WORK:
            return _counted("refused") + _counted("accepted")
        case _:
            assert_never(which)


def _until(awaited: Awaited) -> Sequence[Awaited]:
    """Who waits for one of these waits for `awaited` too."""
    return tuple(Awaited)[: tuple(Awaited).index(awaited) + 1]


def _of_targets(number: Number, now: datetime) -> ColumnElement[int]:
    fates = {Which.MET: [Fate.MET], Which.MISSED: [Fate.MISSED]}.get(number.which, JUDGED)
    if period := in_period(number.detail):
        return times_in_period(period, fates, now)
    targets = [Target(number.detail)] if number.detail else list(Target)
    of_fates = (_counted(f"{fate}:{target}") for fate in fates for target in targets)
    late_ones = overdue_of_case(now, targets) if Fate.MISSED in fates else literal(0)
    return sum(of_fates, late_ones)


def _of_cause(number: Number) -> ColumnElement[int]:
    named, played = (_counted(f"{word}:{number.detail}") for word in (Which.CAUSE, Which.PLAYED))
    match number.which:
        case Which.PLAYED:
            return played
        case Which.UNPLAYED:
            return named - played
        case _:
            return named


def _why_no_case() -> ColumnElement[str | None]:
    reason = func.coalesce(col(ResponseRow.reason), UNEXPLAINED)
    return case((col(CaseRow.id).is_(None), reason), else_=None)


def _counted(measure: str) -> ColumnElement[int]:
    return func.coalesce(col(CountedRow.measures)[measure].as_integer(), 0)


def _once(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _old_enough(asked: Asked, now: datetime, times: ColumnElement[int]) -> ColumnElement[int]:
    return case((younger(asked, now), 0), else_=times)
