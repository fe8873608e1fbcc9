"""Going round for as long as a process lives."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from models.errors import RappelError

log = structlog.get_logger()


async def go_round(look: Callable[[], Awaitable[None]], every: timedelta, *, waits: str) -> None:
    """Until cancelled. A database or a carrier that is away is waited for; `waits` says so in the log. A
    fault of ours is logged, and the next round begins as usual.
    """
    while True:
        try:
            await look()
        except RappelError as fault:
            log.warning(waits, fault=fault.code)
        except Exception as fault:
            log.exception("round_failed", waits=waits, fault=type(fault).__name__)
        await asyncio.sleep(every.total_seconds())
