"""The figures of what is asked for: tallies, and what only the time of reading can tell.

All that must agree is read by one statement, so that a commit meanwhile is in all of it or in none.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, CompoundSelect, Select, func, literal, null, select, union_all
from sqlalchemy.orm import Mapped
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.figures import Asked, Figures
from models.measuring import Tallied, figures_of
from models.store.organisations import OrganisationBook
from models.store.tallies import Cut
from models.tallies import Awaited, Tally, pending
from models.tally_tables import CountedRow, TallyRow
from models.waits import step_of
from models.worked import WorkedTime

Waiting: TypeAlias = Counter[tuple[Awaited, int, int]]
"""By what is waited for, and the steps waited so far by the wall clock and in working time."""
Clock: TypeAlias = tuple[int, str | None]
"""Whose opening hours count: of which version, and of which region."""


class Told(StrEnum):
    """What a group of counts is told apart by."""

    NOTHING = ""
    MONTH = "month"
    REGION = "region"
    TRADE = "trade"


class Kind(StrEnum):
    COUNTED = "counted"
    YOUNG = "young"
    OVERDUE = "overdue"


Group: TypeAlias = tuple[Told, str]
EVERYTHING: Group = (Told.NOTHING, "")


async def read_figures(
    session: AsyncSession, asked: Asked, *, now: datetime, book: OrganisationBook
) -> Figures:
    """`book` knows on which clock those wait whose case is open."""
    tallies: defaultdict[Group, Tally] = defaultdict(Counter)
    connection = await session.connection()
    for kind, word, n, *place in await connection.execute(_counts(asked, now)):
        for group in _groups(*place):
            for measure in _measures(kind, word):
                tallies[group][measure] += n
    for group, waiting in (await _waiting(session, asked, now=now, book=book)).items():
        for (awaited, wall, working), n in waiting.items():
            for measure in pending(awaited, wall=wall, working=working):
                tallies[group][measure] += n
    return figures_of(_tallied(tallies), days=asked.days)


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


def overdue(now: datetime) -> ColumnElement[bool]:
    return (col(CountedRow.running).is_not(None)) & (col(CountedRow.due_at) < now)


def _groups(month: str | None, region: str | None, trade: str | None) -> Iterator[Group]:
    if month is not None:
        yield EVERYTHING
        yield Told.MONTH, month
    if region is not None:
        yield Told.REGION, region
    if trade is not None:
        yield Told.TRADE, trade


def _measures(kind: str, word: str) -> Sequence[str]:
    match kind:
        case Kind.YOUNG:
            return [f"young.{each}" for each in word.split()]
        case Kind.OVERDUE:
            return [f"overdue:{word}"]
        case _:
            return [word]


def _counts(asked: Asked, now: datetime) -> CompoundSelect[Any]:
    return union_all(
        _sums(asked, _cut(asked.region, asked.trade), Told.MONTH),
        _sums(asked, _cut("each", asked.trade), Told.REGION),
        _sums(asked, _cut(asked.region, "each"), Told.TRADE),
        _live(asked, Kind.YOUNG, col(CountedRow.loop)).where(younger(asked, now)),
        _live(asked, Kind.OVERDUE, col(CountedRow.running)).where(overdue(now)),
    )


def _cut(region: str | None, trade: str | None) -> Cut:
    """The coarsest one that tells apart what must be told apart."""
    if region is None:
        return Cut.ALL if trade is None else Cut.TRADE
    return Cut.REGION if trade is None else Cut.EACH


def _sums(asked: Asked, cut: Cut, told: Told) -> Select[*tuple[Any, ...]]:
    columns = {
        Told.MONTH: col(TallyRow.month),
        Told.REGION: col(TallyRow.region),
        Told.TRADE: col(TallyRow.trade),
    }
    measure = col(TallyRow.measure)
    place = (column if each is told else null() for each, column in columns.items())
    return (
        select(literal(Kind.COUNTED.value), measure, func.sum(TallyRow.n), *place)
        .where(col(TallyRow.cut) == cut, *asked_for(asked, TallyRow))
        .group_by(measure, columns[told])
    )


def _live(asked: Asked, kind: Kind, word: Mapped[str | None]) -> Select[*tuple[Any, ...]]:
    place = col(CountedRow.month), col(CountedRow.region), col(CountedRow.trade)
    return (
        select(literal(kind.value), word, func.count(), *place)
        .where(word.is_not(None), *asked_for(asked, CountedRow))
        .group_by(word, *place)
    )


async def _waiting(
    session: AsyncSession, asked: Asked, *, now: datetime, book: OrganisationBook
) -> Mapping[Group, Waiting]:
    rows = await (await session.connection()).execute(
        select(
            col(CountedRow.clock_version),
            col(CountedRow.clock_region),
            col(CountedRow.submitted_at),
            col(CountedRow.awaited),
            col(CountedRow.month),
            col(CountedRow.region),
            col(CountedRow.trade),
        ).where(col(CountedRow.awaited).is_not(None), *asked_for(asked, CountedRow))
    )
    clocks: dict[Clock, WorkedTime] = {}
    found: defaultdict[Group, Waiting] = defaultdict(Counter)
    for version, clock_region, since, awaited, *place in rows:
        clock = version, clock_region
        if clock not in clocks:
            clocks[clock] = await book.worked_time(session, version, region=clock_region)
        wall, working = step_of(now - since), step_of(clocks[clock].between(since, now))
        for group in _groups(*place):
            found[group][Awaited(str(awaited)), wall, working] += 1
    return found


def _tallied(tallies: Mapping[Group, Tally]) -> Tallied:
    def by(told: Told) -> Mapping[str, Tally]:
        return {name: tally for (each, name), tally in tallies.items() if each is told}

    everything = tallies.get(EVERYTHING, Counter())
    return Tallied(everything, by(Told.REGION), by(Told.TRADE), by(Told.MONTH))
