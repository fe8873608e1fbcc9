"""Takes the deliveries that a pressed door has only received. Nothing of it waits for Temporal."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta

import structlog

from models.clock import Clock
from models.errors import Passing
from models.store.database import Database
from models.store.intake import Taken
from models.store.received import claim_received, put_off
from web.door import Door

SWEEP = timedelta(seconds=2)
SOME = 10
PACE = 0.25
"""Seconds between two of them while the door is pressed: a small share of what this process can do, and
never none of it.
"""

log = structlog.get_logger()


class Taker:
    """`wake` it once something was received; it also looks by itself after each `sweep`, for what another
    process left behind. `take` takes one; `taken` is told after each few that there is something to dispatch.
    """

    def __init__(
        self,
        database: Database,
        door: Door,
        clock: Clock,
        *,
        take: Callable[[str], Awaitable[Taken]],
        taken: Callable[[], None],
        sweep: timedelta = SWEEP,
    ) -> None:
        self._database = database
        self._door = door
        self._clock = clock
        self._take = take
        self._taken = taken
        self._sweep = sweep.total_seconds()
        self._woken = asyncio.Event()

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._woken.clear()
            if not await self.take_some():
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._sweep):
                        await self._woken.wait()

    async def take_some(self) -> int:
        """The oldest. How many were tried."""
        try:
            claimed = await self._claim()
            for delivery in claimed:
                await self._take_or_put_off(delivery)
                if self._door.pressed:
                    await asyncio.sleep(PACE)
        except Passing as fault:
            log.warning("taker_waits", fault=fault.code)
            return 0
        except Exception as fault:
            log.exception("taker_failed", fault=type(fault).__name__)
            return 0
        if claimed:
            self._taken()
        return len(claimed)

    async def _claim(self) -> Sequence[str]:
        async with self._database.write() as session:
            limit = 1 if self._door.pressed else SOME
            return await claim_received(session, now=self._clock(), limit=limit)

    async def _take_or_put_off(self, delivery: str) -> None:
        """Whatever is wrong with one, the next one is taken. It stays kept. Raises DatabaseAway."""
        try:
            taken = await self._take(delivery)
        except Passing:
            raise
        except Exception as fault:
            log.exception("delivery_put_off", delivery=delivery, fault=type(fault).__name__)
            async with self._database.write() as session:
                await put_off(session, delivery, now=self._clock())
            return
        log.info(
            "delivery_taken",
            delivery=delivery,
            fate=taken.fate,
            response=taken.response_id,
            case=taken.case_id,
        )
