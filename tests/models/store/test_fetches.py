"""Fetches as the dispatchers of several web processes see them, on both engines."""

import asyncio
from datetime import timedelta

from models.store.dispatch import CLAIM, LONG_OVERDUE
from models.store.fetches import (
    AGAIN,
    ask_for,
    claim_fetches,
    forget_fetches,
    mark_given,
    oldest_unfetched,
    release_fetches,
)
from models.submissions import Pointer
from tests.casework import MONDAY_MORNING, Casework

TODAY, TOMORROW = "file-of-today", "file-of-tomorrow"
SECOND = timedelta(seconds=1)


async def asked_for(casework: Casework, *responses: str) -> None:
    async with casework.database.write() as session:
        for response in responses:
            pointer = Pointer(response, "s-1")
            assert await ask_for(session, "keys", pointer, delivery="d", at=MONDAY_MORNING)


async def claimed(
    casework: Casework, *, after: timedelta = timedelta(), engine: str = TODAY
) -> list[str]:
    async with casework.database.write() as session:
        found = await claim_fetches(session, engine, now=MONDAY_MORNING + after, limit=10)
        return [each.id for each in found]


async def test_of_several_that_dispatch_at_once_one_has_each(casework: Casework) -> None:
    await asked_for(casework, "r-1", "r-2", "r-3")

    shares = await asyncio.gather(*(claimed(casework) for _ in "123"))

    fetches = [fetch for share in shares for fetch in share]
    assert len(fetches) == len(set(fetches)) == 3


async def test_what_was_not_given_is_claimed_again_and_what_was_given_when_it_is_overdue(
    casework: Casework,
) -> None:
    await asked_for(casework, "r-1")
    [fetch] = await claimed(casework)
    assert await claimed(casework, after=CLAIM) == []
    assert await claimed(casework, after=CLAIM + SECOND) == [fetch]

    async with casework.database.write() as session:
        await release_fetches(session, [fetch])
    assert await claimed(casework) == [fetch]

    async with casework.database.write() as session:
        await mark_given(session, [fetch], TODAY)
    assert await claimed(casework, after=LONG_OVERDUE) == []
    assert await claimed(casework, after=LONG_OVERDUE, engine=TOMORROW) == [fetch]
    assert await claimed(casework, after=LONG_OVERDUE + AGAIN) == []
    assert await claimed(casework, after=LONG_OVERDUE + CLAIM + AGAIN + SECOND) == [fetch]


async def test_what_was_taken_back_waits_no_more(casework: Casework) -> None:
    await asked_for(casework, "r-1", "r-2")
    async with casework.database.write() as session:
        await forget_fetches(session, "keys", "r-1")

    assert len(await claimed(casework)) == 1
    async with casework.database.write() as session:
        assert await oldest_unfetched(session) == MONDAY_MORNING
        await forget_fetches(session, "keys", "r-2")
        assert await oldest_unfetched(session) is None
