"""Takes the deliveries that a pressed door has only received. Nothing of it waits for Temporal."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import structlog

from models.clock import Clock
from models.errors import Passing
from models.store.database import Database
from models.store.intake import Taken
from models.store.quarantine import Quarantine
from models.store.received import due_received, put_off
from web.door import Door

SWEEP = timedelta(seconds=2)
SOME = 10
PACE = 0.25
"""Seconds between two of them, one at a time, while the door is pressed: a small share of what this process
can do, and never none of it.
"""

log = structlog.get_logger()


class Taker:
    """`wake` it once something was received; it also looks by itself after each `sweep`, for what another
    process left behind. `taken` is told after each few that there is something to dispatch.
    """

    def __init__(
        self,
        database: Database,
        quarantine: Quarantine,
        door: Door,
        clock: Clock,
        *,
        taken: Callable[[], None],
        sweep: timedelta = SWEEP,
    ) -> None:
        self._database = database
        self._quarantine = quarantine
        self._door = door
        self._clock = clock
        self._taken = taken
        self._sweep = sweep.total_seconds()
        self._woken = asyncio.Event()

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled. Half of the time is left to all others who write, the workers above all: on SQLite
        there is one pen, and who waits for it in another process only looks now and then whether it is free.
        """
        while True:
            self._woken.clear()
            began = time.monotonic()
            tried = await self.take_some()
            if self._door.pressed:
                await asyncio.sleep(PACE)
            elif tried:
                await asyncio.sleep(time.monotonic() - began)
            else:
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._sweep):
                        await self._woken.wait()

    async def take_some(self) -> int:
        """The oldest that are not put off. How many were tried."""
        try:
            tried = await self._take_together()
        except Passing as fault:
            log.warning("taker_waits", fault=fault.code)
            return 0
        except Exception as fault:
            log.exception("taker_failed", fault=type(fault).__name__)
            return 0
        if tried:
            self._taken()
        return tried

    async def _take_together(self) -> int:
        """Each unit of work waits for the writers of other processes: a few go into one."""
        limit = 1 if self._door.pressed else SOME
        try:
            taken = await self._quarantine.take_received(now=self._clock(), limit=limit)
        except Passing:
            raise
        except Exception as fault:  # noqa: BLE001 - which one it was is found, and said, one by one
            log.warning("taken_one_by_one", fault=type(fault).__name__)
            return await self._take_singly(limit)
        for delivery, became in taken.items():
            _tell(delivery, became)
        return len(taken)

    async def _take_singly(self, limit: int) -> int:
        """One at fault is put off, and stays kept."""
        async with self._database.read() as session:
            due = await due_received(session, now=self._clock(), limit=limit)
        for delivery in [row.id for row in due]:
            try:
                _tell(delivery, await self._quarantine.replay(delivery))
            except Passing:
                raise
            except Exception as fault:
                log.exception("delivery_put_off", delivery=delivery, fault=type(fault).__name__)
                async with self._database.write() as session:
                    await put_off(session, delivery, now=self._clock())
        return len(due)


def _tell(delivery: str, taken: Taken) -> None:
    log.info(
        "delivery_taken",
        delivery=delivery,
        fate=taken.fate,
        response=taken.response_id,
        case=taken.case_id,
    )
