"""Targets over time, of cases that really lived, beside a plain count of the same."""

from collections import defaultdict
from datetime import datetime

from sqlmodel import select

from models.actions import Acknowledge, Attempt, Reached
from models.figures import Asked
from models.ladder import Span, Target
from models.numbers import Number, Which
from models.rates import Rate, rate
from models.store.behind import cases_behind
from models.store.organisations import apply_organisation
from models.store.target_periods import read_targets_over_time
from models.survey import Identity
from models.tables import CaseRow
from models.target_periods import OfTarget, Period
from models.target_tables import TargetRow
from models.version_targets import in_short
from tests.casework import MONDAY_MORNING, SMALL, Casework, another
from tests.models.store.test_figures import HOUR, MINUTE, NOW, counted, figures, rested

TEXT = SMALL.read_text()
TIGHTER = TEXT.replace("acknowledge: 30m", "acknowledge: 10m")


async def apply(casework: Casework, text: str) -> None:
    await apply_organisation(casework.database, text, name=SMALL.name, at=MONDAY_MORNING)


async def acknowledged(casework: Casework, customer: str, after: datetime) -> str:
    state = await casework.open(another(f"r-{customer}", customer=Identity(customer)))
    await casework.act(state, Acknowledge(), after)
    return state.case_id


async def live(casework: Casework) -> None:
    """Taken after 20 minutes by each of three versions, of which the second allows ten."""
    for number, text in enumerate((TEXT, TIGHTER, TEXT), start=1):
        await apply(casework, text)
        await acknowledged(casework, f"c-{number}", MONDAY_MORNING + 20 * MINUTE)
    await casework.open(another("r-4", customer=Identity("c-4")))


async def over_time(casework: Casework, asked: Asked | None = None) -> dict[Target, OfTarget]:
    async with casework.database.read() as session:
        found = await read_targets_over_time(session, asked or Asked(), now=NOW, book=casework.book)
    return {each.target: each for each in found.targets}


async def to_take(casework: Casework) -> tuple[Period, ...]:
    return (await over_time(casework))[Target.ACKNOWLEDGE].periods


async def test_versions_with_the_same_target_count_together(casework: Casework) -> None:
    await live(casework)
    told = [(period.length, period.versions) for period in await to_take(casework)]
    assert told == [(Span(time=30 * MINUTE), (1, 3)), (Span(time=10 * MINUTE), (2,))]


async def test_a_tightened_target_is_seen_to_be_missed(casework: Casework) -> None:
    await live(casework)
    long, short = await to_take(casework)
    assert (long.attainment, short.attainment) == (rate(2, 3), rate(0, 1))


async def test_who_still_waits_counts_with_the_time_so_far(casework: Casework) -> None:
    """Two of three waited twenty minutes, the third forty days until now."""
    await live(casework)
    long, _ = await to_take(casework)
    assert (long.waits.wall.happened, long.waits.wall.waiting) == (2, 1)
    assert (long.waits.wall.median, long.waits.wall.p90) == (20 * 60, None)


async def test_a_target_that_was_answered_late_was_answered(casework: Casework) -> None:
    await live(casework)
    _, short = await to_take(casework)
    assert (short.waits.wall.happened, short.waits.wall.median) == (1, 20 * 60)


async def test_a_wait_goes_on_over_those_who_own_the_case(casework: Casework) -> None:
    state = await casework.open()
    while state.level == 0:
        state = await casework.stay_silent(state)
    await casework.act(state, Acknowledge(), MONDAY_MORNING + HOUR)
    [period] = await to_take(casework)
    assert period.attainment == rate(1, 2)
    assert (period.waits.wall.happened, period.waits.wall.median) == (1, 60 * 60)


async def test_a_zero_tolerance_case_stands_apart(casework: Casework) -> None:
    case_id = await acknowledged(casework, "c-1", MONDAY_MORNING + MINUTE)
    async with casework.database.write() as session:
        (await session.get_one(CaseRow, case_id)).topic = "safety"
    found = (await over_time(casework))[Target.ACKNOWLEDGE]
    assert (found.periods, found.zero_tolerance) == ((), rate(1, 1))


async def test_all_periods_together_are_the_attainment_of_the_board(casework: Casework) -> None:
    await live(casework)
    found, board = await over_time(casework), (await figures(casework)).overall.attainment
    for target, whole in board.by_target.items():
        rates = [period.attainment for period in found[target].periods] if target in found else []
        assert (sum(r.n for r in rates), sum(r.d for r in rates)) == (whole.n, whole.d)


async def test_a_plain_count_of_the_rows_gives_the_same(casework: Casework) -> None:
    await live(casework)
    state = await casework.open(another("r-5", customer=Identity("c-5")))
    await casework.act(state, Attempt(Reached.VOICEMAIL), MONDAY_MORNING + HOUR)
    found = await over_time(casework)
    told = {
        (target, period.length): period.attainment
        for target, each in found.items()
        for period in each.periods
    }
    assert told == await plainly_counted(casework)


async def plainly_counted(casework: Casework) -> dict[tuple[Target, Span], Rate]:
    counts: defaultdict[tuple[Target, Span], list[int]] = defaultdict(lambda: [0, 0])
    async with casework.database.read() as session:
        for row in (await session.exec(select(TargetRow))).all():
            case = await session.get_one(CaseRow, row.case_id)
            policy = (await casework.book.version(session, case.version)).policy
            late = row.fate == "missed" or (row.ended_at is None and row.due_at < NOW)
            kept = counts[Target(row.target), policy.targets[Target(row.target)]]
            kept[0] += row.fate == "met"
            kept[1] += row.fate == "met" or late
    return {key: rate(*kept) for key, kept in counts.items()}


async def test_a_region_is_counted_alone(casework: Casework) -> None:
    await live(casework)
    assert await over_time(casework, Asked(region="south")) == {}


async def test_a_number_opens_down_to_as_many_cases(casework: Casework) -> None:
    await live(casework)
    for period in await to_take(casework):
        detail = f"{Target.ACKNOWLEDGE}:{in_short(period.versions)}"
        assert await times(casework, Number(Which.MET, detail)) == period.attainment.n
        assert await times(casework, Number(Which.JUDGED, detail)) == period.attainment.d


async def times(casework: Casework, number: Number) -> int:
    async with casework.database.read() as session:
        cases = await cases_behind(session, Asked(), number, limit=9, before=None, now=NOW)
    return sum(each.times for each in cases)


async def test_many_cases_take_no_longer_statements_than_one(casework: Casework) -> None:
    await rested(casework, 1)
    with counted(casework.database) as for_one:
        await over_time(casework)
    for number in range(2, 6):
        await rested(casework, number)

    with counted(casework.database) as for_five:
        await over_time(casework)

    assert for_five == for_one
