"""What a pressed door keeps is taken later, as if it had been taken at once."""

import asyncio
import json
from datetime import datetime, timedelta

import pytest

from models.errors import DatabaseAway
from models.store.database import Database
from models.store.deliveries import Delivery, DeliveryFate
from models.store.received import (
    SHORTEST,
    Ledger,
    Waiting,
    count_waiting,
    due_received,
    put_off,
)
from models.tables import CaseRow, DeliveryRow, KeyRow, ResponseRow
from models.vault import Vault
from tests.casework import MONDAY_MORNING, Casework
from tests.databases import ENGINES
from tests.models.store.test_quarantine import (
    BY_ITS_NAME,
    BY_THE_WRONG_NAME,
    SENT,
    SOON,
    bring,
    quarantine,
    rows,
    send,
)

SECOND = timedelta(seconds=1)


def sent(*, at: datetime = MONDAY_MORNING, source: str = "survey", **changes: object) -> Delivery:
    return Delivery(source, json.dumps({**SENT, **changes}).encode(), at)


async def receive(casework: Casework, *deliveries: Delivery) -> None:
    """Together, as they come at a pressed door."""
    ledger = Ledger(casework.database)
    await asyncio.gather(*(ledger.keep(each) for each in deliveries))


async def due(casework: Casework, *, now: datetime = SOON, limit: int = 10) -> list[str]:
    async with casework.database.read() as session:
        return [row.id for row in await due_received(session, now=now, limit=limit)]


async def take(casework: Casework) -> list[DeliveryFate]:
    taken = await quarantine(casework).take_received(now=SOON, limit=10)
    return [each.fate for each in taken.values()]


async def waiting(casework: Casework) -> Waiting:
    async with casework.database.read() as session:
        return await count_waiting(session)


@pytest.mark.parametrize("database_url", ENGINES, indirect=True)
async def test_what_was_received_is_taken_as_of_when_it_came(casework: Casework) -> None:
    await bring(casework, BY_ITS_NAME)
    await receive(casework, sent())
    [delivery] = await due(casework)

    taken = await quarantine(casework).replay(delivery)

    [response], [case] = await rows(casework, ResponseRow), await rows(casework, CaseRow)
    assert (taken.fate, taken.case_id) == (DeliveryFate.UNDERSTOOD, case.id)
    assert (response.received_at, case.opened_at) == (MONDAY_MORNING, MONDAY_MORNING)
    [row] = await rows(casework, DeliveryRow)
    assert (row.fate, row.take_after, row.response_row) == ("understood", None, response.id)
    assert await waiting(casework) == Waiting(0, None)


@pytest.mark.parametrize("database_url", ENGINES, indirect=True)
async def test_the_oldest_are_taken_first(casework: Casework) -> None:
    await receive(casework, *(sent(id=f"r-{n}", at=MONDAY_MORNING - n * SECOND) for n in range(3)))
    [newest, middle, oldest] = sorted(row.id for row in await rows(casework, DeliveryRow))

    assert await due(casework, limit=2) == [oldest, middle]
    assert await due(casework) == [oldest, middle, newest]


@pytest.mark.parametrize("database_url", ENGINES, indirect=True)
async def test_two_processes_take_each_of_them_once(casework: Casework) -> None:
    await bring(casework, BY_ITS_NAME)
    came = (sent(id=f"r-{n}", mail=f"c-{n}@client.example") for n in range(12))
    await receive(casework, *came)
    both = quarantine(casework), quarantine(casework)

    taken = await asyncio.gather(*(each.take_received(now=SOON, limit=5) for each in both))

    assert [len(each) for each in taken] == [5, 5]
    assert taken[0].keys().isdisjoint(taken[1])
    assert len(await rows(casework, ResponseRow)) == 10


async def test_how_many_wait_and_since_when_is_told(casework: Casework) -> None:
    await receive(casework, sent(at=SOON), sent(id="r-8"))

    assert await waiting(casework) == Waiting(2, MONDAY_MORNING)


async def test_taken_by_two_at_once_it_opens_one_case(casework: Casework) -> None:
    await bring(casework, BY_ITS_NAME)
    await receive(casework, sent())
    [delivery] = await due(casework)

    await asyncio.gather(*(quarantine(casework).replay(delivery) for _ in range(3)))

    assert len(await rows(casework, CaseRow)) == len(await rows(casework, ResponseRow)) == 1


async def test_a_repeat_that_came_while_the_first_still_waited_is_one(casework: Casework) -> None:
    await bring(casework, BY_ITS_NAME)
    await receive(casework, sent(), sent())

    fates = await take(casework)

    assert fates == [DeliveryFate.UNDERSTOOD, DeliveryFate.REPEAT]
    assert len(await rows(casework, ResponseRow)) == 1


async def test_what_is_not_understood_when_it_is_taken_waits_in_quarantine_once(
    casework: Casework,
) -> None:
    """Its mapping was changed meanwhile; and what came later finds the very same body there."""
    await bring(casework, BY_THE_WRONG_NAME)
    await receive(casework, sent(), sent())

    fates = await take(casework)
    again = await send(casework)

    assert fates == [DeliveryFate.QUARANTINED, DeliveryFate.REPEAT]
    assert [row.id for row in await rows(casework, DeliveryRow) if row.fate == "quarantined"] == [
        again
    ]


async def test_one_that_cannot_be_taken_waits_as_long_again(casework: Casework) -> None:
    await receive(casework, sent())
    [delivery] = await due(casework)
    now = MONDAY_MORNING + 10 * SECOND

    async with casework.database.write() as session:
        await put_off(session, delivery, now=now)

    assert await due(casework, now=now + SHORTEST - SECOND) == []
    assert await due(casework, now=now + SHORTEST) == [delivery]


async def test_each_has_a_key_of_its_own(casework: Casework) -> None:
    before = len(await rows(casework, KeyRow))  # type: ignore[type-var]
    await receive(casework, sent(), sent(id="r-8"))

    assert len(await rows(casework, KeyRow)) == before + 2  # type: ignore[type-var]


async def test_nobody_is_promised_anything_while_the_database_is_away(
    unused_tcp_port: int,
) -> None:
    nowhere = f"postgresql+asyncpg://rappel@127.0.0.1:{unused_tcp_port}/rappel"
    database = Database(nowhere, Vault(bytes(32)))
    ledger = Ledger(database)

    told = await asyncio.gather(
        *(ledger.keep(sent(id=f"r-{n}")) for n in range(3)), return_exceptions=True
    )

    assert [type(each) for each in told] == [DatabaseAway] * 3
    await database.close()
