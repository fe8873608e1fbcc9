"""The cases behind a number; that they add up to it is tests/stories/test_figures_tell_the_log.py."""

from dataclasses import asdict, replace

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from models.actions import Attempt, Close, Outcome, Reached
from models.case import Stage
from models.figures import Asked
from models.numbers import Number, Which
from models.store.behind import cases_behind
from models.store.case_behind import CaseBehind
from models.store.tallies import count_answers
from models.survey import Identity, Reason
from models.tables import ResponseRow
from models.tallies import UNEXPLAINED
from models.tally_tables import UNHAPPY as OF_D
from tests.casework import MONDAY_MORNING, UNHAPPY, Casework, another
from tests.models.store.test_figures import DAY, HOUR, NOW

WEEK = Asked(days=7)
NOWHERE = another("nowhere", customer=Identity(name="Odile Kerverne"))
"""Nobody knows how to reach her."""
COVERAGE = (
    Number(Which.RESPONSES),
    Number(Which.COVERED),
    Number(Which.UNCOVERED, Reason.NO_WAY_TO_REACH),
    Number(Which.UNCOVERED, UNEXPLAINED),
)


async def behind(
    casework: Casework, number: Number, asked: Asked = WEEK, *, before: str | None = None
) -> list[CaseBehind]:
    async with casework.database.read() as session:
        return list(await cases_behind(session, asked, number, limit=2, before=before, now=NOW))


async def times(casework: Casework, number: Number) -> int:
    """Of all pages together."""
    found: list[CaseBehind] = []
    while page := await behind(casework, number, before=found[-1].response_id if found else None):
        found += page
    return sum(each.times for each in found)


async def forget(casework: Casework, response_id: str) -> None:
    """Its case, as no part of ours does."""
    async with casework.database.write() as session:
        of_name = select(ResponseRow).where(col(ResponseRow.response_id) == response_id)
        response = (await session.exec(of_name)).one()
        response.case_id = None
        await count_answers(session, casework.book, [response])


async def test_a_closed_case_is_told_without_who_it_is_of(casework: Casework) -> None:
    state = await casework.open()
    state = await casework.act(state, Attempt(Reached.REACHED), MONDAY_MORNING + HOUR)
    await casework.act(state, Close(Outcome.DECLINED), MONDAY_MORNING + DAY)

    (found,) = await behind(casework, Number(Which.CLOSED))

    assert asdict(found) | {"response_id": ""} == {
        "response_id": "",
        "submitted_at": MONDAY_MORNING,
        "joined": False,
        "times": 1,
        "reason": None,
        "case_id": state.case_id,
        "region": "north",
        "trade": "works",
        "stage": Stage.CLOSED,
        "level": 0,
        "outcome": Outcome.DECLINED,
        "opened_at": MONDAY_MORNING,
        "closed_at": MONDAY_MORNING + DAY,
    }


async def test_an_answer_that_joined_stands_beside_the_one_that_opened(casework: Casework) -> None:
    await casework.hear()
    await casework.hear(another("joined"))

    assert [row.joined for row in await behind(casework, Number(Which.NOT_CONTACTED))] == [
        True,
        False,
    ]
    assert [row.joined for row in await behind(casework, Number(Which.OPEN))] == [False]


async def test_an_answer_without_a_case_tells_why(casework: Casework) -> None:
    await casework.hear(NOWHERE)

    (found,) = await behind(casework, Number(Which.RESPONSES))

    assert (found.region, found.trade, found.times) == ("north", "works", 1)
    assert found.reason == Reason.NO_WAY_TO_REACH
    of_the_case = (found.case_id, found.stage, found.level, found.opened_at, found.closed_at)
    assert of_the_case == (None,) * 5


async def test_every_unhappy_answer_is_among_the_covered_or_stands_by_its_reason(
    casework: Casework,
) -> None:
    await casework.hear(another("happy", score=10))
    await casework.hear(another("forgotten", customer=Identity("forgotten")))
    await forget(casework, "forgotten")
    await casework.hear()
    await casework.hear(another("joined"))
    await casework.hear(NOWHERE)

    assert [await times(casework, number) for number in COVERAGE] == [4, 2, 1, 1]


@pytest.mark.parametrize(("awaited", "count"), [("attempt", 1), ("contact", 2), ("close", 3)])
async def test_who_waits_for_something_waits_for_what_follows_too(
    casework: Casework, awaited: str, count: int
) -> None:
    for name, reached in (("a", None), ("b", Reached.VOICEMAIL), ("c", Reached.REACHED)):
        state = await casework.open(another(name, customer=Identity(name)))
        if reached:
            await casework.act(state, Attempt(reached), MONDAY_MORNING + HOUR)
    await casework.hear(NOWHERE)

    assert await times(casework, Number(Which.WAITING, awaited)) == count


async def test_the_index_of_unhappy_answers_is_found(casework: Casework) -> None:
    """Its words are those of the question, or every answer would be looked at."""
    asked = f"SELECT * FROM counted WHERE {OF_D} ORDER BY month DESC"  # noqa: S608 - our own words
    async with casework.database.read() as session:
        connection = await session.connection()
        explain = "EXPLAIN QUERY PLAN"
        if connection.dialect.name == "postgresql":
            explain = "EXPLAIN"
            await connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = (await connection.execute(text(f"{explain} {asked}"))).all()

    assert "ix_counted_month" in str(plan)


async def test_a_target_missed_twice_counts_twice(casework: Casework) -> None:
    """Once by the director, and once more by the deputy, who was not asked to hurry either."""
    state = await casework.open()
    for _ in range(3):
        state = await casework.stay_silent(state)

    (found,) = await behind(casework, Number(Which.MISSED, "acknowledge"))

    assert found.times == 2


@pytest.mark.parametrize(("level", "count"), [("1", 1), ("2", 0)])
async def test_a_case_stood_on_the_levels_below_too(
    casework: Casework, level: str, count: int
) -> None:
    state = await casework.open()
    for _ in range(3):
        state = await casework.stay_silent(state)

    assert len(await behind(casework, Number(Which.LEVEL, level))) == count


async def test_pages_go_from_the_newest_month_to_the_oldest(casework: Casework) -> None:
    """The answer of April arrived first."""
    for name, days in (("april", 31), ("march", 0), ("next", 1)):
        at = MONDAY_MORNING + days * DAY
        await casework.hear(another(name, customer=Identity(name), submitted_at=at))

    first = await behind(casework, Number(Which.CASES))
    second = await behind(casework, Number(Which.CASES), before=first[-1].response_id)

    found = [(row.submitted_at - MONDAY_MORNING).days for row in (*first, *second)]
    assert found == [31, 1, 0]


async def test_what_was_not_asked_for_stays_away(casework: Casework) -> None:
    await casework.hear()
    await casework.hear(
        replace(UNHAPPY, response_id="far", customer=Identity("far"), region=None, trade=None)
    )

    (found,) = await behind(casework, Number(Which.CASES), Asked("2027-03", trade="works"))

    assert found.region == "north"
