"""The worker's sign of life, for `/healthz`."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial

import structlog

from models.errors import Passing
from models.store.database import Database
from models.store.health import beat

EVERY_SECONDS = 5

log = structlog.get_logger()


async def keep_beating(database: Database, name: str, clock: Callable[[], datetime]) -> None:
    """Until cancelled."""
    while True:
        try:
            await database.write_again(partial(beat, name=name, at=clock()))
        except Passing as fault:
            log.warning("heartbeat_missed", fault=fault.code)
        await asyncio.sleep(EVERY_SECONDS)
