"""Counting in the unit of work that changes something, and counting all of it anew."""

import asyncio
from collections import Counter
from collections.abc import Mapping

from sqlmodel import select

from models.actions import Acknowledge, Attempt, Close, Outcome, Reached
from models.case import Acted, CaseState, Opened
from models.store.tallies import count_answers, forget_counts, uncounted_answers
from models.survey import Identity
from models.tallies import Cut, Place, Tally, places
from models.tally_tables import CountedRow, TallyRow
from tests.casework import MONDAY_MORNING, Casework, another, request_of
from tests.models.store.test_figures import DAY, HOUR

MARCH = Place(Cut.EACH, "2027-03", "north", "works")


async def tallied(casework: Casework) -> Mapping[Place, Tally]:
    async with casework.database.read() as session:
        rows = (await session.exec(select(TallyRow))).all()
    return {Place(Cut(r.cut), r.month, r.region, r.trade): Counter(r.measures) for r in rows}


async def live(casework: Casework) -> None:
    """Two cases, the second of which reopens the first, and an answer that opens none."""
    state = await casework.open()
    state = await casework.act(state, Attempt(Reached.REACHED), MONDAY_MORNING + HOUR)
    await casework.act(state, Close(Outcome.DECLINED), MONDAY_MORNING + DAY)
    await casework.open(another("again", submitted_at=MONDAY_MORNING + 2 * DAY, region=None))
    await casework.hear(another("happy", score=10))


async def test_the_tallies_are_the_sums_of_what_each_answer_counts_for(casework: Casework) -> None:
    await live(casework)

    async with casework.database.read() as session:
        counted = (await session.exec(select(CountedRow))).all()
    sums: dict[Place, Tally] = {}
    for row in counted:
        for place in places(row.month, row.region, row.trade):
            sums.setdefault(place, Counter()).update(row.measures)
    assert len(counted) == 3
    assert await tallied(casework) == sums


async def test_counting_anew_gives_the_same(casework: Casework) -> None:
    await live(casework)
    before = await tallied(casework)

    async with casework.database.write() as session:
        await forget_counts(session)
    async with casework.database.write() as session:
        responses = await uncounted_answers(session, after="", limit=10)
        await count_answers(session, casework.book, responses)

    assert len(responses) == 3
    assert await tallied(casework) == before


async def test_an_answer_is_counted_when_it_arrives_and_what_was_wrong_is_taken_off(
    casework: Casework,
) -> None:
    taken = await casework.hear()
    assert (await tallied(casework))[MARCH]["open"] == 1

    minted = CaseState(taken.case_id or "", MONDAY_MORNING)
    state = (await casework.take(minted, Opened(MONDAY_MORNING))).state
    await casework.act(state, Close(Outcome.WITHDRAWN), MONDAY_MORNING + HOUR)

    assert "open" not in (await tallied(casework))[MARCH]


async def test_a_commit_that_is_run_twice_is_counted_once(casework: Casework) -> None:
    state = await casework.open()
    draft = await casework.draft(state.case_id, Acknowledge())
    request = request_of(state, Acted(Acknowledge(), "dora", MONDAY_MORNING + HOUR, draft))
    await casework.records.commit(request)
    once = await tallied(casework)

    await casework.records.commit(request)

    assert await tallied(casework) == once
    assert once[MARCH]["missed:acknowledge"] == 1


async def test_many_who_count_at_once_are_all_counted(casework: Casework) -> None:
    answers = [another(f"r-{n}", customer=Identity(f"c-{n}")) for n in range(8)]

    await asyncio.gather(*map(casework.open, answers))

    assert (await tallied(casework))[MARCH]["cases"] == 8


async def test_an_answer_that_nobody_counted_is_found_once(casework: Casework) -> None:
    first = await casework.hear()
    second = await casework.hear(another("second"))
    async with casework.database.write() as session:
        await forget_counts(session)
        found = await uncounted_answers(session, after="", limit=1)
        others = await uncounted_answers(session, after=first.response_id, limit=9)

    assert [r.id for r in found] == [first.response_id]
    assert [r.id for r in others] == [second.response_id]
