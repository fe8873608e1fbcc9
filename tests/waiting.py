"""Wait for a condition, never for a time: the time-out of the test run is the only clock."""

import asyncio
from collections.abc import Callable


async def until(condition: Callable[[], object]) -> None:
    while not condition():
        await asyncio.sleep(0.01)
