"""How a process of ours is told to stop, and how it ends."""

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import TypeVar

import uvloop

SIGNALS = (signal.SIGINT, signal.SIGTERM)
LAST_BREATH = 0.25
"""Seconds. An interpreter that ends right after speaking to Temporal crashes (sdk-python 300)."""

Result = TypeVar("Result")


async def until_told_to_stop(work: Coroutine[object, object, None]) -> None:
    """Ctrl-C or SIGTERM cancels the work, which then ends in its own order; the second is rude."""
    loop, task = asyncio.get_running_loop(), asyncio.ensure_future(work)

    def stop() -> None:
        for each in SIGNALS:
            loop.remove_signal_handler(each)
        task.cancel()

    for each in SIGNALS:
        loop.add_signal_handler(each, stop)
    with suppress(asyncio.CancelledError):
        await task


def run_to_the_end(work: Coroutine[object, object, Result]) -> Result:
    """For work that speaks to Temporal."""

    async def to_the_end() -> Result:
        try:
            return await work
        finally:
            await asyncio.sleep(LAST_BREATH)

    return uvloop.run(to_the_end())
