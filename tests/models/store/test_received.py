"""What a pressed door keeps is taken later, as if it had been taken at once."""

import asyncio
import json
from datetime import datetime, timedelta

import pytest

from models.errors import DatabaseAway
from models.store.database import Database
from models.store.deliveries import Delivery, DeliveryFate
from models.store.received import (
    CLAIM,
    SHORTEST,
    Ledger,
    Waiting,
    claim_received,
    count_waiting,
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


async def claim(casework: Casework, *, now: datetime = SOON, limit: int = 10) -> list[str]:
    async with casework.database.write() as session:
        return list(await claim_received(session, now=now, limit=limit))


async def waiting(casework: Casework) -> Waiting:
    async with casework.database.read() as session:
        return await count_waiting(session)


@pytest.mark.parametrize("database_url", ENGINES, indirect=True)
async def test_what_was_received_is_taken_as_of_when_it_came(casework: Casework) -> None:
    await bring(casework, BY_ITS_NAME)
    await receive(casework, sent())
    [delivery] = await claim(casework)

    taken = await quarantine(casework).replay(delivery)

    [response], [case] = await rows(casework, ResponseRow), await rows(casework, CaseRow)
    assert (taken.fate, taken.case_id) == (DeliveryFate.UNDERSTOOD, case.id)
    assert (response.received_at, case.opened_at) == (MONDAY_MORNING, MONDAY_MORNING)
    [row] = await rows(casework, DeliveryRow)
    assert (row.fate, row.take_after, row.response_row) == ("understood", None, response.id)
    assert await waiting(casework) == Waiting(0, None)


@pytest.mark.parametrize("database_url", ENGINES, indirect=True)
async def test_the_oldest_are_claimed_first_and_by_one_only(casework: Casework) -> None:
    await receive(casework, *(sent(id=f"r-{n}", at=MONDAY_MORNING - n * SECOND) for n in range(3)))
    [newest, middle, oldest] = sorted(row.id for row in await rows(casework, DeliveryRow))

    assert await claim(casework, limit=2) == [middle, oldest]
    assert await claim(casework) == [newest]
    assert await claim(casework) == []
    assert await claim(casework, now=SOON + CLAIM) == [newest, middle, oldest]


async def test_how_many_wait_and_since_when_is_told_while_they_are_claimed(
    casework: Casework,
) -> None:
    await receive(casework, sent(at=SOON), sent(id="r-8"))
    await claim(casework)

    assert await waiting(casework) == Waiting(2, MONDAY_MORNING)


async def test_taken_by_two_at_once_it_opens_one_case(casework: Casework) -> None:
    await bring(casework, BY_ITS_NAME)
    await receive(casework, sent())
    [delivery] = await claim(casework)

    await asyncio.gather(*(quarantine(casework).replay(delivery) for _ in range(3)))

    assert len(await rows(casework, CaseRow)) == len(await rows(casework, ResponseRow)) == 1


async def test_a_repeat_that_came_while_the_first_still_waited_is_one(casework: Casework) -> None:
    await bring(casework, BY_ITS_NAME)
    await receive(casework, sent(), sent())

    fates = [(await quarantine(casework).replay(each)).fate for each in await claim(casework)]

    assert fates == [DeliveryFate.UNDERSTOOD, DeliveryFate.REPEAT]
    assert len(await rows(casework, ResponseRow)) == 1


async def test_what_is_not_understood_when_it_is_taken_waits_in_quarantine_once(
    casework: Casework,
) -> None:
    """Its mapping was changed meanwhile; and what came later finds the very same body there."""
    await bring(casework, BY_THE_WRONG_NAME)
    await receive(casework, sent(), sent())

    fates = [(await quarantine(casework).replay(each)).fate for each in await claim(casework)]
    again = await send(casework)

    assert fates == [DeliveryFate.QUARANTINED, DeliveryFate.REPEAT]
    assert [row.id for row in await rows(casework, DeliveryRow) if row.fate == "quarantined"] == [
        again
    ]


async def test_one_that_cannot_be_taken_waits_as_long_again(casework: Casework) -> None:
    await receive(casework, sent())
    [delivery] = await claim(casework)
    now = MONDAY_MORNING + 10 * SECOND

    async with casework.database.write() as session:
        await put_off(session, delivery, now=now)

    assert await claim(casework, now=now + SHORTEST - SECOND) == []
    assert await claim(casework, now=now + SHORTEST) == [delivery]


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
