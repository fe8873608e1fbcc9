"""Processes that live and die with this one."""

import asyncio
import ctypes
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

PR_SET_PDEATHSIG = 1


async def nothing_to_wait_for() -> None:
    """Ready as soon as it is started."""


@dataclass(frozen=True, slots=True)
class Child:
    """`ready` runs after each start and returns once the child can be used. `grace` in seconds."""

    name: str
    command: Sequence[str]
    ready: Callable[[], Awaitable[object]] = nothing_to_wait_for
    grace: float = 10
    environment: Mapping[str, str] | None = None
    """None: the same as ours."""
    keeps: tuple[int, ...] = ()
    """File descriptors it inherits."""
    output: int | None = None
    """The file descriptor for all that it says. None: the same as ours."""


async def start(child: Child) -> Process:
    """In a session of its own: Ctrl-C reaches us only, who then stop the children in order.

    On Linux the kernel kills it when we die, however we die.
    """
    return await asyncio.create_subprocess_exec(
        *child.command,
        stdin=DEVNULL,
        stdout=child.output,
        stderr=child.output,
        env=child.environment,
        pass_fds=child.keeps,
        start_new_session=True,
        preexec_fn=_death_pact(),
    )


async def stop(process: Process, *, grace: float) -> bool:
    """Whether it went by itself within the grace; after it the process is killed."""
    if process.returncode is not None:
        return True
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), grace)
    except TimeoutError:
        process.kill()
        await process.wait()
        return False
    return True


def _death_pact() -> Callable[[], None] | None:
    """Looked up before the fork, where loading a library is still safe."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def die_with_parent() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)

    return die_with_parent
