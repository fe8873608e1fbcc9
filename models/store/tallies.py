"""Counting: what answers count for is worked out anew from their rows, and the difference is added.

Called at the end of the unit of work that changed those rows, so that the tallies are never ahead of
the event log nor behind it. Their rows are locked after all others and in the order of their keys:
two units that count at once wait for each other, and never in a circle.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.paused_clock import PausedClock
from models.store.courses import courses_of, heard_of
from models.store.organisations import InForce, OrganisationBook
from models.store.pauses import pauses_by_case
from models.tables import CaseRow, ResponseRow
from models.tallies import Cut, Place, Standing, Tally, measures_of, places, standing_of
from models.tally_tables import CountedRow, TallyRow


class Answer(NamedTuple):
    """A response, and what it was counted for so far."""

    response: ResponseRow
    counted: CountedRow


Differences: TypeAlias = defaultdict[Place, Tally]


async def count_case(session: AsyncSession, book: OrganisationBook, case: CaseRow) -> None:
    """Every answer that belongs to the case, which the caller has locked."""
    of_case = (
        select(ResponseRow, CountedRow)
        .join(CountedRow, col(CountedRow.response_id) == col(ResponseRow.id))
        .where(col(ResponseRow.case_id) == case.id)
    )
    answers = [Answer(*row) for row in await session.exec(of_case)]
    await _keep(session, await _differences(session, book, answers, cases={case.id: case}))


async def count_answers(
    session: AsyncSession,
    book: OrganisationBook,
    responses: Sequence[ResponseRow],
    *,
    new: bool = False,
) -> None:
    """Once in a unit of work: two calls would not keep to one order. `new`: they were written in it.

    The cases are locked: whoever changes one of them counts after us, and sees what we counted.
    """
    if not responses:
        return
    of = {r.case_id for r in responses if r.case_id}
    cases = await _locked_cases(session, of) if of else {}
    before = {} if new else await _counted(session, [r.id for r in responses])
    in_force = await book.in_force(session)
    answers = [Answer(r, before.get(r.id) or _uncounted(r, in_force)) for r in responses]
    gone = _gone_elsewhere(answers, in_force)
    differences = await _differences(session, book, answers, cases=cases)
    for place, change in gone.items():
        differences[place].update(change)
    if (
        session.get_bind().dialect.name != "sqlite"
    ):  # which has one writer: nobody waits in a circle
        await _make(session, differences)
    await _keep(session, differences)


async def _counted(session: AsyncSession, ids: Sequence[str]) -> Mapping[str, CountedRow]:
    counted = select(CountedRow).where(col(CountedRow.response_id).in_(ids))
    return {row.response_id: row for row in await session.exec(counted)}


async def answers_of(session: AsyncSession, case_id: str) -> Sequence[ResponseRow]:
    of_case = select(ResponseRow).where(ResponseRow.case_id == case_id)
    return (await session.exec(of_case)).all()


async def forget_counts(session: AsyncSession) -> None:
    """To count everything anew."""
    await session.exec(delete(TallyRow))
    await session.exec(delete(CountedRow))


async def uncounted_answers(
    session: AsyncSession, *, after: str, limit: int
) -> Sequence[ResponseRow]:
    """The oldest that nobody has counted yet, of those whose id is greater than `after`."""
    uncounted = (
        select(ResponseRow)
        .outerjoin(CountedRow, col(CountedRow.response_id) == col(ResponseRow.id))
        .where(col(CountedRow.response_id).is_(None), col(ResponseRow.id) > after)
    )
    return (await session.exec(uncounted.order_by(col(ResponseRow.id)).limit(limit))).all()


async def _locked_cases(session: AsyncSession, ids: Iterable[str]) -> Mapping[str, CaseRow]:
    cases = select(CaseRow).where(col(CaseRow.id).in_(ids)).order_by(col(CaseRow.id))
    return {case.id: case for case in await session.exec(cases.with_for_update())}


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
        clock_region=response.region,
    )


def _gone_elsewhere(answers: Iterable[Answer], in_force: InForce) -> Differences:
    """Answers that a later telling put somewhere else count there from now on, and here no more."""
    gone: Differences = defaultdict(Counter)
    for response, row in answers:
        now = _uncounted(response, in_force)
        if (row.submitted_at, row.region, row.trade) == (now.submitted_at, now.region, now.trade):
            continue
        for place in places(row.month, row.region, row.trade):
            gone[place].subtract(row.measures)
        row.month, row.region, row.trade = now.month, now.region, now.trade
        row.submitted_at, row.measures = now.submitted_at, {}
        row.clock_version, row.clock_region = now.clock_version, now.clock_region
    return gone


async def _differences(
    session: AsyncSession,
    book: OrganisationBook,
    answers: Sequence[Answer],
    *,
    cases: Mapping[str, CaseRow],
) -> Differences:
    """What the answers count for from now on, less what they counted for until now."""
    courses = await courses_of(session, list(cases.values()))
    pauses = await pauses_by_case(session, [case.id for case in cases.values() if case.seq])
    differences: Differences = defaultdict(Counter)
    for response, row in answers:
        if response.case_id:
            case = cases[response.case_id]
            row.clock_version, row.clock_region = case.version, case.region
        worked = await book.worked_time(session, row.clock_version, region=row.clock_region)
        heard = heard_of(response, courses)
        clock = PausedClock(worked, pauses.get(response.case_id or "", ()))
        measures = measures_of(heard, clock.between)
        for place in places(row.month, row.region, row.trade):
            differences[place].update(measures)
            differences[place].subtract(row.measures)
        row.measures = dict(measures)
        _stand(row, standing_of(heard))
        session.add(row)
    return differences


def _stand(row: CountedRow, standing: Standing) -> None:
    row.loop, row.awaited, row.due_at = standing.loop, standing.awaited, standing.due_at


async def _keep(session: AsyncSession, differences: Differences) -> None:
    changed = sorted(place for place, change in differences.items() if any(change.values()))
    rows = await _locked_tallies(session, changed) if changed else ()
    if len(rows) < len(changed):  # a rebuild has emptied the table
        await _make(session, changed)
        rows = await _locked_tallies(session, changed)
    for row in rows:
        total = Counter(row.measures)
        total.update(differences[Place(Cut(row.cut), row.month, row.region, row.trade)])
        row.measures = {measure: n for measure, n in total.items() if n}
        session.add(row)


async def _locked_tallies(session: AsyncSession, wanted: Sequence[Place]) -> Sequence[TallyRow]:
    key = col(TallyRow.cut), col(TallyRow.month), col(TallyRow.region), col(TallyRow.trade)
    rows = select(TallyRow).where(tuple_(*key).in_(wanted)).order_by(*key).with_for_update()
    return (await session.exec(rows)).all()


async def _make(session: AsyncSession, wanted: Iterable[Place]) -> None:
    """Those that are missing, before any of them is locked."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    empty = [{**place._asdict(), "measures": {}} for place in sorted(wanted)]
    if empty:
        await session.exec(dialect.insert(TallyRow).values(empty).on_conflict_do_nothing())
