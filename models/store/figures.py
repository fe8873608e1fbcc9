"""The figures of what is asked for: tallies, and what only the time of reading can tell.

All that must agree is read by one statement, so that a commit meanwhile is in all of it or in none.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import (
    JSON,
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Mapped
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.action_tables import ActionRow
from models.figures import Asked, Figures
from models.measuring import Tallied, figures_of
from models.paused_clock import PausedClock
from models.promise_tables import PromiseRow
from models.resurvey_tables import ResurveyRow
from models.store.actions import overdue_action
from models.store.organisations import OrganisationBook
from models.store.pauses import resting_cases
from models.store.promises import overdue_promise
from models.store.resurvey_figures import words_of
from models.store.targets import overdue_target
from models.store.unfetched import count_unread
from models.tables import ResponseRow
from models.tallies import Awaited, Cut, Tally, pending, young
from models.tally_tables import CountedRow, TallyRow
from models.target_tables import TargetRow
from models.waits import step_of
from models.worked import WorkedTime

What = TypeVar("What")
Waiting: TypeAlias = tuple[str, int, int]
"""What is awaited, and the steps waited so far by the wall clock and in working time."""
Found: TypeAlias = Select[*tuple[Any, ...]]
_OfCases: TypeAlias = type[TargetRow] | type[PromiseRow] | type[ActionRow] | type[ResurveyRow]


class _Kind(StrEnum):
    """What a row of the one statement tells."""

    BY_REGION = "by_region"
    BY_TRADE = "by_trade"
    YOUNG = "young"
    LATE = "late"
    """Cases with a target that runs and is past due."""
    OVERDUE = "overdue"
    """Such targets."""
    UNKEPT = "unkept"
    """Promises that are open and past their date."""
    UNDONE = "undone"
    """Actions that are."""
    RESURVEYED = "resurveyed"


@dataclass(frozen=True, slots=True)
class _Sheet(Generic[What]):
    """Counts by month, by region and by trade."""

    months: defaultdict[str, Counter[What]] = field(default_factory=lambda: defaultdict(Counter))
    regions: defaultdict[str, Counter[What]] = field(default_factory=lambda: defaultdict(Counter))
    trades: defaultdict[str, Counter[What]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, what: What, n: int, *, month: str, region: str, trade: str) -> None:
        self.months[month][what] += n
        self.regions[region][what] += n
        self.trades[trade][what] += n


async def read_figures(
    session: AsyncSession, asked: Asked, *, now: datetime, book: OrganisationBook
) -> Figures:
    """`book` knows on which clock those wait whose case is open."""
    sheet = await _counts(session, asked, now)
    waiting = await _waiting(session, asked, now=now, book=book)
    zone = ZoneInfo((await book.in_force(session)).organisation.head_office.zone)
    for month, unread in (await count_unread(session, asked, zone)).items():
        for word, n in unread.items():
            sheet.add(f"unread:{word}", n, month=month, region="", trade="")
    for found, still in (
        (sheet.months, waiting.months),
        (sheet.regions, waiting.regions),
        (sheet.trades, waiting.trades),
    ):
        for name, waits in still.items():
            found[name].update(_pending(waits))
    everything: Tally = Counter()
    for tally in sheet.months.values():
        everything.update(tally)
    tallied = Tallied(everything, sheet.regions, sheet.trades, sheet.months)
    return figures_of(tallied, days=asked.days)


def asked_for(asked: Asked, of: type[CountedRow | TallyRow]) -> Iterator[ColumnElement[bool]]:
    if asked.first is not None:
        yield col(of.month) >= asked.first
    if asked.last is not None:
        yield col(of.month) <= asked.last
    if asked.region is not None:
        yield col(of.region) == asked.region
    if asked.trade is not None:
        yield col(of.trade) == asked.trade


def younger(asked: Asked, now: datetime) -> ColumnElement[bool]:
    """Than the d of the closed-loop rate."""
    return col(CountedRow.submitted_at) > now - timedelta(days=asked.days)


def late(now: datetime) -> ColumnElement[bool]:
    """Of its case runs a target that is past due."""
    return col(CountedRow.due_at) < now


async def _counts(session: AsyncSession, asked: Asked, now: datetime) -> _Sheet[str]:
    """Of a month in which everybody is young the tallies tell that too: nobody need be looked at."""
    sheet: _Sheet[str] = _Sheet()
    connection, mixed = await session.connection(), _mixed_month(asked, now)
    rows = await connection.execute(_statement(asked, now, mixed))
    for kind, month, region, trade, tally, word, n in rows:
        measures = tally | young(tally) if tally and month > mixed else tally
        match kind:
            case _Kind.BY_REGION:
                sheet.regions[region].update(measures)
            case _Kind.BY_TRADE:
                sheet.trades[trade].update(measures)
                sheet.months[month].update(measures)
            case _Kind.YOUNG:
                for each in word.split():
                    sheet.add(f"young.{each}", n, month=month, region=region, trade=trade)
            case _Kind.LATE:
                sheet.add("behind", n, month=month, region=region, trade=trade)
            case _Kind.OVERDUE:
                sheet.add(f"overdue:{word}", n, month=month, region=region, trade=trade)
            case _Kind.UNKEPT | _Kind.UNDONE:
                sheet.add(str(kind), n, month=month, region=region, trade=trade)
            case _Kind.RESURVEYED:
                for each in word.split():
                    sheet.add(each, n, month=month, region=region, trade=trade)
    return sheet


def _mixed_month(asked: Asked, now: datetime) -> str:
    """The last one with anybody d days old, by the calendar of any zone."""
    return f"{now - timedelta(days=asked.days - 2):%Y-%m}"


def _statement(asked: Asked, now: datetime, mixed: str) -> CompoundSelect[*tuple[Any, ...]]:
    not_throughout, target = col(CountedRow.month) <= mixed, col(TargetRow.target)
    return union_all(
        _sums(asked, _Kind.BY_REGION, Cut.REGION if asked.trade is None else Cut.EACH),
        _sums(asked, _Kind.BY_TRADE, Cut.TRADE if asked.region is None else Cut.EACH),
        _live(asked, _Kind.YOUNG, col(CountedRow.loop)).where(younger(asked, now), not_throughout),
        _live(asked, _Kind.LATE, col(CountedRow.awaited)).where(late(now)),
        _beside_opening(asked, _Kind.OVERDUE, TargetRow, overdue_target(now), word=target),
        _beside_opening(asked, _Kind.UNKEPT, PromiseRow, overdue_promise(now)),
        _beside_opening(asked, _Kind.UNDONE, ActionRow, overdue_action(now)),
        _beside_opening(asked, _Kind.RESURVEYED, ResurveyRow, word=words_of(now)),
    )


def _sums(asked: Asked, kind: _Kind, cut: Cut) -> Found:
    return select(
        literal(kind.value),
        col(TallyRow.month),
        col(TallyRow.region),
        col(TallyRow.trade),
        col(TallyRow.measures),
        cast(null(), String),
        literal(1),
    ).where(col(TallyRow.cut) == cut, *asked_for(asked, TallyRow))


def _live(asked: Asked, kind: _Kind, word: Mapped[str | None]) -> Found:
    place = col(CountedRow.month), col(CountedRow.region), col(CountedRow.trade)
    return (
        select(literal(kind.value), *place, cast(null(), JSON), word, func.count())
        .where(word.is_not(None), *asked_for(asked, CountedRow))
        .group_by(*place, word)
    )


def _beside_opening(
    asked: Asked,
    kind: _Kind,
    table: _OfCases,
    *where: ColumnElement[bool],
    word: ColumnElement[str] | Mapped[str] | None = None,
) -> Found:
    """Rows of cases, each by the answer that opened its case."""
    place = col(CountedRow.month), col(CountedRow.region), col(CountedRow.trade)
    words = () if word is None else (word,)
    return (
        select(literal(kind.value), *place, cast(null(), JSON), *(words or (null(),)), func.count())
        .select_from(table)
        .join(ResponseRow, col(ResponseRow.case_id) == col(table.case_id))
        .join(CountedRow, col(CountedRow.response_id) == col(ResponseRow.id))
        .where(*where, ~col(ResponseRow.joined), *asked_for(asked, CountedRow))
        .group_by(*place, *words)
    )


async def _waiting(
    session: AsyncSession, asked: Asked, *, now: datetime, book: OrganisationBook
) -> _Sheet[Waiting]:
    rows = select(
        col(CountedRow.clock_version),
        col(CountedRow.clock_region),
        col(CountedRow.awaited),
        col(CountedRow.submitted_at),
        col(CountedRow.month),
        col(CountedRow.region),
        col(CountedRow.trade),
        col(ResponseRow.case_id),
    )
    rows = rows.join(ResponseRow, col(ResponseRow.id) == col(CountedRow.response_id)).where(
        col(CountedRow.awaited).is_not(None), *asked_for(asked, CountedRow)
    )
    sheet: _Sheet[Waiting] = _Sheet()
    clocks: dict[tuple[int, str | None], WorkedTime] = {}
    resting = await resting_cases(session)
    for version, place, awaited, since, month, region, trade, case_id in await (
        await session.connection()
    ).execute(rows):
        clock = version, place
        if clock not in clocks:
            clocks[clock] = await book.worked_time(session, version, region=place)
        wall, working = (
            step_of(now - since),
            step_of(PausedClock(clocks[clock], resting.get(case_id or "", ())).between(since, now)),
        )
        sheet.add((str(awaited), wall, working), 1, month=month, region=region, trade=trade)
    return sheet


def _pending(waits: Mapping[Waiting, int]) -> Tally:
    tally: Tally = Counter()
    for (awaited, wall, working), n in waits.items():
        for measure in pending(Awaited(awaited), wall=wall, working=working):
            tally[measure] += n
    return tally
