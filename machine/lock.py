"""One `rappel up` a state folder: two Temporal servers on one file would fight over it."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from models.errors import Misconfigured

PATIENCE = 100
PAUSE = 0.1


@asynccontextmanager
async def locked(state_dir: Path) -> AsyncIterator[int]:
    """Yields the lock's file descriptor. A child that inherits it keeps the folder locked with us.

    Raises Misconfigured when the folder is in use or cannot be written.
    """
    lock = _open(state_dir)
    try:
        await _take(lock, state_dir)
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        yield lock
    finally:
        os.close(lock)


def make_state_dir(state_dir: Path) -> None:
    """Raises Misconfigured when it cannot be written."""
    os.close(_open(state_dir))


def _open(state_dir: Path) -> int:
    try:
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(state_dir / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Misconfigured(
            f"The state folder {state_dir} cannot be written ({error.strerror}): "
            "name another one with RAPPEL_STATE_DIR."
        ) from None


async def _take(lock: int, state_dir: Path) -> None:
    """The children of an `up` that was killed hold the lock for the moment they need to die."""
    holder = ""
    for _ in range(PATIENCE):
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if _lives(holder := os.pread(lock, 20, 0).decode()):
                break
            await asyncio.sleep(PAUSE)
    raise Misconfigured(
        f"Another `rappel up` (process {holder}) runs on {state_dir}: "
        "stop it, or name another folder with RAPPEL_STATE_DIR."
    )


def _lives(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True
