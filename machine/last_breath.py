"""How a command ends that has spoken to Temporal."""

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

LAST_BREATH = 0.25
"""Seconds. An interpreter that ends right after speaking to Temporal crashes (sdk-python 300)."""

Result = TypeVar("Result")


def run(work: Coroutine[object, object, Result]) -> Result:
    async def to_the_end() -> Result:
        try:
            return await work
        finally:
            await asyncio.sleep(LAST_BREATH)

    return asyncio.run(to_the_end())
