"""What was only received is taken, whatever is wrong with one of it, and however the door is pressed."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from models.errors import DatabaseAway, NotUnderstood
from models.mappings import Source
from models.store.quarantine import Quarantine
from models.survey import Told
from models.tables import DeliveryRow
from surveys.adapters import hear_kept
from tests.casework import MONDAY_MORNING, Casework
from tests.models.store.test_quarantine import BY_ITS_NAME, bring, intake, rows
from tests.models.store.test_received import receive, sent
from tests.waiting import until
from tests.web.pages.reception import Clock
from web.door import CALM, Door
from web.taker import SOME, Taker

SWEEP = timedelta(milliseconds=50)


@dataclass
class Ears:
    """`faults` are raised by what the body has in it, each so long as it stands there."""

    faults: dict[bytes, Exception] = field(default_factory=dict)
    heard: list[bytes] = field(default_factory=list)

    def hear(self, source: Source, body: bytes, at: datetime) -> Sequence[Told | NotUnderstood]:
        self.heard.append(body)
        for word, fault in self.faults.items():
            if word in body:
                raise fault
        return hear_kept(source, body, at)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ears() -> Ears:
    return Ears()


@pytest.fixture
def door(casework: Casework) -> Door:
    """Time stands still: once pressed it stays so."""
    return Door(casework.database, casework.book, seconds=lambda: 0.0)


@pytest.fixture
async def taker(casework: Casework, door: Door, clock: Clock, ears: Ears) -> Taker:
    await bring(casework, BY_ITS_NAME)
    quarantine = Quarantine(casework.database, casework.book, intake(casework), ears.hear)
    return Taker(casework.database, quarantine, door, clock, taken=lambda: None, sweep=SWEEP)


@pytest.fixture
async def running(taker: Taker) -> AsyncIterator[Taker]:
    life = asyncio.create_task(taker.run())
    yield taker
    life.cancel()
    with suppress(asyncio.CancelledError):
        await life


async def receive_some(casework: Casework, count: int) -> None:
    """Of customers who do not know each other, the oldest first."""
    came = (
        sent(id=f"r-{n}", mail=f"c-{n}@client.example", at=MONDAY_MORNING + timedelta(seconds=n))
        for n in range(count)
    )
    await receive(casework, *came)


async def fates(casework: Casework) -> Sequence[str]:
    return [row.fate for row in sorted(await rows(casework, DeliveryRow), key=lambda row: row.id)]


async def test_all_are_taken_the_oldest_first(
    casework: Casework, running: Taker, ears: Ears
) -> None:
    await receive_some(casework, SOME + 2)
    running.wake()
    await until(lambda: len(ears.heard) == SOME + 2)

    assert [f'"r-{n}"'.encode() in body for n, body in enumerate(ears.heard)] == [True] * (SOME + 2)


async def test_what_another_process_left_behind_is_found(
    casework: Casework, running: Taker, ears: Ears
) -> None:
    """Nobody wakes it."""
    await receive_some(casework, 1)
    await until(lambda: ears.heard)


async def test_one_at_fault_holds_up_no_other_and_stays_until_it_can_be_taken(
    casework: Casework, taker: Taker, ears: Ears, clock: Clock
) -> None:
    ears.faults[b'"r-0"'] = RuntimeError("a fault of ours")
    await receive_some(casework, 3)

    assert await taker.take_some() == 3
    assert await fates(casework) == ["received", "understood", "understood"]
    assert await taker.take_some() == 0

    ears.faults.clear()
    clock.now += timedelta(hours=1)
    assert await taker.take_some() == 1
    assert await fates(casework) == ["understood"] * 3


async def test_while_the_database_is_away_none_is_put_off(
    casework: Casework, taker: Taker, ears: Ears
) -> None:
    ears.faults[b"r-1"] = DatabaseAway("The database does not answer.")
    await receive_some(casework, 2)

    assert await taker.take_some() == 0
    assert await fates(casework) == ["received"] * 2
    ears.faults.clear()
    assert await taker.take_some() == 2


async def test_while_the_door_is_pressed_they_are_taken_all_the_same_one_at_a_time(
    casework: Casework, running: Taker, door: Door, ears: Ears
) -> None:
    with ExitStack() as pressing:
        for _ in range(CALM + 1):
            pressing.enter_context(door.entered())
        assert await running.take_some() == 0
        await receive_some(casework, 3)
        assert await running.take_some() <= 1
        running.wake()
        await until(lambda: len(ears.heard) == 3)
        assert door.pressed
