"""Counting: what answers count for is worked out anew from their rows, and the difference is added.

Called at the end of the unit of work that changed those rows, so that the tallies are never ahead of
the event log nor behind it. Tallies are added in the order of their keys and after every other lock
is taken: two units that count at once wait for each other, and never in a circle.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.store.courses import courses_of, heard_of
from models.store.organisations import InForce, OrganisationBook
from models.tables import CaseRow, ResponseRow
from models.tallies import Standing, Tally, measures_of, standing_of
from models.tally_tables import CountedRow, TallyRow

_KEY = ("cut", "month", "region", "trade", "measure")
AT_ONCE = 1000
"""Tallies in one statement; each takes six of its 32 767 parameters."""


class Cut(StrEnum):
    """What a tally is of: a month as a whole, or of one region, of one trade, of one of each."""

    ALL = "all"
    REGION = "region"
    TRADE = "trade"
    EACH = "each"


TallyKey: TypeAlias = tuple[str, str, str, str, str]
"""Cut, month, region, trade, measure; "" where the cut has no region or trade, or it is unknown."""


@dataclass(frozen=True, slots=True)
class Counting:
    """The answers to count, with the cases they belong to, by id, and what they counted for so far."""

    responses: Sequence[ResponseRow]
    cases: Mapping[str, CaseRow]
    before: Mapping[str, CountedRow]
    in_force: InForce

    def clock_of(self, response: ResponseRow) -> tuple[int, str | None]:
        """The version and the region whose opening hours count."""
        if response.case_id is None:
            return self.in_force.number, response.region
        case = self.cases[response.case_id]
        return case.version, case.region


async def answers_of(session: AsyncSession, case_id: str) -> Sequence[ResponseRow]:
    of_case = select(ResponseRow).where(ResponseRow.case_id == case_id)
    return (await session.exec(of_case)).all()


async def count_case(session: AsyncSession, book: OrganisationBook, case_id: str) -> None:
    await count_answers(session, book, await answers_of(session, case_id))


async def count_answers(
    session: AsyncSession, book: OrganisationBook, responses: Sequence[ResponseRow]
) -> None:
    """Once in a unit of work: two calls would not keep to one order."""
    counting = await _gather(session, book, responses)
    courses = await courses_of(session, list(counting.cases.values()))
    difference: Counter[TallyKey] = Counter()
    for response in responses:
        row = counting.before.get(response.id) or _uncounted(response, counting.in_force)
        row.clock_version, row.clock_region = counting.clock_of(response)
        worked = await book.worked_time(session, row.clock_version, region=row.clock_region)
        heard = heard_of(response, courses)
        measures = measures_of(heard, worked.between)
        for key, n in differences(
            row.month, row.region, row.trade, before=row.measures, after=measures
        ):
            difference[key] += n
        row.measures = dict(measures)
        _stand(row, standing_of(heard))
        session.add(row)
    await session.flush()
    await _keep(session, difference)


async def forget_counts(session: AsyncSession) -> None:
    """To count everything anew."""
    await session.exec(delete(TallyRow))
    await session.exec(delete(CountedRow))


async def uncounted_answers(session: AsyncSession, *, limit: int) -> Sequence[ResponseRow]:
    """The oldest that nobody has counted yet."""
    uncounted = (
        select(ResponseRow)
        .outerjoin(CountedRow, col(CountedRow.response_id) == col(ResponseRow.id))
        .where(col(CountedRow.response_id).is_(None))
    )
    return (await session.exec(uncounted.order_by(col(ResponseRow.id)).limit(limit))).all()


async def _gather(
    session: AsyncSession, book: OrganisationBook, responses: Sequence[ResponseRow]
) -> Counting:
    """The cases are locked: whoever changes one of them counts after us, and sees what we counted."""
    cases = (
        select(CaseRow)
        .where(col(CaseRow.id).in_({r.case_id for r in responses if r.case_id}))
        .order_by(col(CaseRow.id))
        .with_for_update()
    )
    found = {case.id: case for case in await session.exec(cases)}
    counted = select(CountedRow).where(col(CountedRow.response_id).in_([r.id for r in responses]))
    before = {row.response_id: row for row in await session.exec(counted)}
    return Counting(responses, found, before, await book.in_force(session))


def _uncounted(response: ResponseRow, in_force: InForce) -> CountedRow:
    """The month it is counted in stays, whatever zone the head office moves to."""
    zone = ZoneInfo(in_force.organisation.head_office.zone)
    return CountedRow(
        response_id=response.id,
        month=f"{response.submitted_at.astimezone(zone):%Y-%m}",
        region=response.region or "",
        trade=response.trade or "",
        submitted_at=response.submitted_at,
        measures={},
        clock_version=in_force.number,
    )


def differences(
    month: str, region: str, trade: str, *, before: Mapping[str, int], after: Tally
) -> Iterator[tuple[TallyKey, int]]:
    """What the answer counts for from now on, less what it counted for until now; in every cut."""
    change = Counter(after)
    change.subtract(before)
    places = (
        (Cut.ALL, month, "", ""),
        (Cut.REGION, month, region, ""),
        (Cut.TRADE, month, "", trade),
        (Cut.EACH, month, region, trade),
    )
    for measure, n in change.items():
        if n:
            for place in places:
                yield (*place, measure), n


def _stand(row: CountedRow, standing: Standing) -> None:
    row.loop, row.awaited = standing.loop, standing.awaited
    row.running, row.due_at = standing.running, standing.due_at


async def _keep(session: AsyncSession, difference: Counter[TallyKey]) -> None:
    rows = [dict(zip(_KEY, key, strict=True), n=n) for key, n in sorted(difference.items()) if n]
    for first in range(0, len(rows), AT_ONCE):
        await session.exec(_added(session, rows[first : first + AT_ONCE]))


def _added(session: AsyncSession, rows: Sequence[Mapping[str, object]]) -> Insert:
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    insert = dialect.insert(TallyRow).values(rows)
    more = {"n": col(TallyRow.n) + insert.excluded.n}
    added: Insert = insert.on_conflict_do_update(index_elements=_KEY, set_=more)
    return added
