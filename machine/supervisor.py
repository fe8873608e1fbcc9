"""Keeps the processes of one machine running, and stops them in order."""

import asyncio
import signal
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from machine.children import Child, start, stop

SHORTEST_PAUSE = 0.5
LONGEST_PAUSE = 10.0
STEADY = 30.0
"""Seconds after which a child counts as well: after its next death the pause is short again."""

Say = Callable[[str], None]


@asynccontextmanager
async def supervised(children: Sequence[Child], *, say: Say) -> AsyncIterator[None]:
    """Starts one after the other, each once the last is ready; stops in the opposite order."""
    async with AsyncExitStack() as stack:
        for child in children:
            keeper = Keeper(child, say)
            stack.push_async_callback(keeper.stop)
            await keeper.start()
        yield


class Keeper:
    """Starts a child again whenever it dies."""

    def __init__(self, child: Child, say: Say) -> None:
        self._child = child
        self._say = say
        self._process: Process | None = None
        self._ready = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Returns when the child is ready, be it at the third attempt."""
        self._keeping = asyncio.create_task(self._keep())
        ready = asyncio.create_task(self._ready.wait())
        await asyncio.wait({self._keeping, ready}, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            ready.cancel()
            await self._keeping

    async def stop(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.wait({self._keeping})
        if self._process is None:
            return
        self._say(f"Stopping {self._child.name} ...")
        if not await stop(self._process, grace=self._child.grace):
            self._say(f"{self._child.name} did not stop in {self._child.grace:g} s and was killed.")

    async def _keep(self) -> None:
        pause = SHORTEST_PAUSE
        while True:
            born = time.monotonic()
            self._process = await start(self._child)
            code = await self._live(self._process)
            if time.monotonic() - born > STEADY:
                pause = SHORTEST_PAUSE
            self._say(f"{self._child.name} {_death(code)}: it starts again in {pause:g} s.")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _live(self, process: Process) -> int:
        """Until the child dies; its exit code."""
        async with asyncio.TaskGroup() as group:
            announcing = group.create_task(self._announce())
            code = await process.wait()
            announcing.cancel()
        return code

    async def _announce(self) -> None:
        await self._child.ready()
        self._ready.set()


def _death(code: int) -> str:
    return f"was killed ({signal.Signals(-code).name})" if code < 0 else f"ended with code {code}"
