"""Going round for as long as a process lives."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from models.errors import RappelError

log = structlog.get_logger()


async def go_round(look: Callable[[], Awaitable[None]], every: timedelta, *, waits: str) -> None:
    """Until cancelled. A database or a carrier that is away is waited for; `waits` says so in the log."""
    while True:
        try:
            await look()
        except RappelError as fault:
            log.warning(waits, fault=fault.code)
        await asyncio.sleep(every.total_seconds())
