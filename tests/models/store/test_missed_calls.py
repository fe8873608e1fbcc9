"""In which order calls are settled that nobody took, and when no more."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from models.inbound_tables import InboundCallRow
from models.store.database import Database
from models.store.missed_calls import KEPT, forget_strangers, put_off, unsettled
from tests.casework import MONDAY_MORNING, Casework

MINUTE = timedelta(minutes=1)


def call(name: str, came_at: datetime, settle_at: datetime | None = None) -> InboundCallRow:
    return InboundCallRow(id=name, sid=name, came_at=came_at, settle_at=settle_at or came_at)


async def keep(database: Database, *calls: InboundCallRow) -> None:
    async with database.write() as session:
        session.add_all(calls)


async def test_those_that_were_put_off_stand_behind_one_that_is_due_longer(
    database: Database,
) -> None:
    now = MONDAY_MORNING
    stuck = [call(f"a-{n}", now - 30 * MINUTE, now - MINUTE) for n in range(3)]
    await keep(database, *stuck, call("newer", now - 2 * MINUTE))

    async with database.read() as session:
        assert list(await unsettled(session, now=now, limit=2)) == ["newer", "a-0"]


@pytest.mark.parametrize(
    ("age", "wait"),
    [
        (timedelta(seconds=2), timedelta(seconds=10)),
        (3 * MINUTE, 3 * MINUTE),
        (timedelta(hours=5), 10 * MINUTE),
    ],
)
async def test_the_longer_one_cannot_be_settled_the_later_it_is_looked_at_again(
    database: Database, age: timedelta, wait: timedelta
) -> None:
    stuck, now = call("stuck", MONDAY_MORNING), MONDAY_MORNING + age
    async with database.write() as session:
        assert put_off(session, stuck, now)
    assert stuck.settle_at == now + wait


async def test_after_three_days_it_is_not_looked_at_any_more(database: Database) -> None:
    stuck, later = call("stuck", MONDAY_MORNING), MONDAY_MORNING + timedelta(days=3)
    await keep(database, stuck)
    async with database.write() as session:
        row = (await session.exec(select(InboundCallRow))).one()
        assert not put_off(session, row, later)

    async with database.read() as session:
        assert list(await unsettled(session, now=later + timedelta(days=1), limit=9)) == []


@pytest.mark.parametrize("index", ["a-number", None], ids=["unknown", "withheld"])
async def test_a_call_of_a_stranger_is_forgotten_after_ninety_days(
    database: Database, index: str | None
) -> None:
    old = call("old", MONDAY_MORNING - KEPT - MINUTE)
    old.number_index = index
    await keep(database, old, call("younger", MONDAY_MORNING - KEPT + MINUTE))

    for left in (1, 0):
        async with database.write() as session:
            assert await forget_strangers(session, MONDAY_MORNING) == left

    assert await kept(database) == ["younger"]


async def test_a_call_about_a_case_stays_with_it(casework: Casework) -> None:
    state = await casework.open()
    old = call("old", MONDAY_MORNING - KEPT - MINUTE)
    old.case_id = state.case_id
    await keep(casework.database, old)

    async with casework.database.write() as session:
        await forget_strangers(session, MONDAY_MORNING)

    assert await kept(casework.database) == ["old"]


async def kept(database: Database) -> list[str]:
    async with database.read() as session:
        return list((await session.exec(select(InboundCallRow.id))).all())
