"""A fresh server and ledger for each test: a leftover timer would hold the next one's clock."""

from collections.abc import AsyncIterator

import pytest

from tests.workflows.engine import Desk, server_with_short_histories, skipping_server, worker
from tests.workflows.ledger import Ledger


@pytest.fixture
async def idle_desk() -> AsyncIterator[Desk]:
    """A server without a worker."""
    async with await skipping_server() as env:
        yield Desk(env, Ledger())


@pytest.fixture
async def desk(idle_desk: Desk) -> AsyncIterator[Desk]:
    async with worker(idle_desk.env.client, idle_desk.ledger):
        yield idle_desk


@pytest.fixture
async def forgetful_desk(idle_desk: Desk) -> AsyncIterator[Desk]:
    """Its worker keeps no case in memory: each task replays the whole history."""
    async with worker(idle_desk.env.client, idle_desk.ledger, cached=0):
        yield idle_desk


@pytest.fixture
async def short_desk() -> AsyncIterator[Desk]:
    """Its server soon suggests to continue as new."""
    async with await server_with_short_histories() as env:
        desk = Desk(env, Ledger())
        async with worker(env.client, desk.ledger):
            yield desk
