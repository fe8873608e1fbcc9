"""What was only received is taken, whatever is wrong with one of it, and however the door is pressed."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, suppress
from datetime import timedelta

import pytest

from models.errors import DatabaseAway
from models.store.deliveries import DeliveryFate
from models.store.intake import Taken
from models.tables import DeliveryRow
from tests.casework import MONDAY_MORNING, Casework
from tests.models.store.test_quarantine import BY_ITS_NAME, bring, quarantine, rows
from tests.models.store.test_received import receive, sent
from tests.waiting import until
from tests.web.pages.reception import Clock
from web.door import CALM, Door
from web.taker import SOME, Taker

SWEEP = timedelta(milliseconds=50)
Faults = dict[int, Exception]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def faults() -> Faults:
    """By the number of the try, the first is 0."""
    return {}


@pytest.fixture
def tried() -> list[str]:
    return []


@pytest.fixture
def door(casework: Casework) -> Door:
    """Time stands still: once pressed it stays so."""
    return Door(casework.database, casework.book, seconds=lambda: 0.0)


@pytest.fixture
async def taker(
    casework: Casework, door: Door, clock: Clock, *, faults: Faults, tried: list[str]
) -> AsyncIterator[Taker]:
    await bring(casework, BY_ITS_NAME)

    async def take(delivery: str) -> Taken:
        tried.append(delivery)
        if fault := faults.get(len(tried) - 1):
            raise fault
        return await quarantine(casework).replay(delivery)

    taker = Taker(casework.database, door, clock, take=take, taken=lambda: None, sweep=SWEEP)
    running = asyncio.create_task(taker.run())
    yield taker
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def receive_some(casework: Casework, count: int) -> Sequence[str]:
    """Of customers who do not know each other; the oldest first."""
    came = (
        sent(id=f"r-{n}", mail=f"c-{n}@client.example", at=MONDAY_MORNING + timedelta(seconds=n))
        for n in range(count)
    )
    await receive(casework, *came)
    return sorted(row.id for row in await rows(casework, DeliveryRow))


async def fates(casework: Casework) -> Sequence[str]:
    return [row.fate for row in await rows(casework, DeliveryRow)]


async def test_all_are_taken_the_oldest_first(
    casework: Casework, taker: Taker, tried: list[str]
) -> None:
    came = await receive_some(casework, SOME + 2)
    taker.wake()
    await until(lambda: len(tried) == len(came))

    assert tried == came


async def test_what_another_process_left_behind_is_found(
    casework: Casework, taker: Taker, tried: list[str]
) -> None:
    """Nobody wakes it."""
    came = await receive_some(casework, 1)
    await until(lambda: tried == came)


async def test_one_at_fault_holds_up_no_other_and_stays(
    casework: Casework, taker: Taker, clock: Clock, *, faults: Faults, tried: list[str]
) -> None:
    faults[0] = RuntimeError("a fault of ours")
    came = await receive_some(casework, 3)
    taker.wake()
    await until(lambda: len(tried) == 3)
    clock.now += timedelta(minutes=4)
    again = await taker.take_some()
    assert (again, tried) == (0, list(came))

    clock.now += timedelta(hours=1)
    await until(lambda: len(tried) == 4)

    assert tried[3] == came[0]


async def test_while_the_database_is_away_none_is_put_off(
    casework: Casework, taker: Taker, clock: Clock, *, faults: Faults, tried: list[str]
) -> None:
    faults[0] = DatabaseAway("The database does not answer.")
    came = await receive_some(casework, 2)
    taker.wake()
    await until(lambda: tried)
    clock.now += timedelta(seconds=11)
    await until(lambda: len(tried) == 3)

    assert tried == [came[0], *came]


async def test_while_the_door_is_pressed_they_are_taken_all_the_same(
    casework: Casework, taker: Taker, door: Door, tried: list[str]
) -> None:
    with ExitStack() as pressing:
        for _ in range(CALM + 1):
            pressing.enter_context(door.entered())
        came = await receive_some(casework, 3)
        taker.wake()
        await until(lambda: tried == came)
        assert door.pressed


async def test_what_it_takes_has_its_fate(
    casework: Casework, taker: Taker, tried: list[str]
) -> None:
    await receive_some(casework, 1)
    taker.wake()
    await until(lambda: tried)
    while await fates(casework) != [DeliveryFate.UNDERSTOOD]:
        await asyncio.sleep(0.01)
