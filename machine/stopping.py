"""How a process of ours is told to stop."""

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress

SIGNALS = (signal.SIGINT, signal.SIGTERM)


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
