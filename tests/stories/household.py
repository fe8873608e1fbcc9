"""Rappel as it runs at somebody's place: real processes, a real Temporal server, files of its own."""

import asyncio
import base64
import os
import re
import secrets
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import TypeVar

from httpx2 import AsyncClient, TransportError
from temporalio.client import Client

from machine.port import free_port_for_temporal
from machine.temporal_server import temporal_server
from temporal_client import connect
from tests.stories.callers import PATIENCE, Office, SurveySystem
from tests.stories.parts import ROOT, Part

CALM = dict.fromkeys(("acknowledge", "contact", "plan", "repair", "confirmation"), "1h")
"""Targets under which no clock fires during a story."""

SHORTEST_PAUSE, LONGEST_PAUSE = 0.05, 0.25
"""Seconds between two looks."""

Found = TypeVar("Found")


async def eventually(look: Callable[[], Awaitable[Found | None]]) -> Found:
    """What `look` finds as soon as it finds anything. Nobody answering counts as nothing found.

    It looks ever less often: what it looks at works for each look.
    """
    pause = SHORTEST_PAUSE
    while True:
        try:
            if found := await look():
                return found
        except TransportError:
            pass
        await asyncio.sleep(pause)
        pause = min(pause * 1.2, LONGEST_PAUSE)


def quick(targets: Mapping[str, str], *, hours: str = "24/7", repeat_every: str = "10s") -> str:
    """The organisation that never closes, with other lengths of its targets or other hours."""
    text = (ROOT / "tests/data/quick.yaml").read_text()
    changes = {**targets, "hours": hours, "repeat_every": repeat_every}
    for key, value in changes.items():
        text, found = re.subn(rf"(?m)^(  +{key}): \S+$", rf"\1: {value}", text)
        assert found == 1, key
    return text


class Household:
    """`up` runs everything under supervision; `temporal`, `worker` and `web` are single parts."""

    def __init__(self, folder: Path, organisation: str) -> None:
        self.folder = folder
        self.database = folder / "rappel.sqlite"
        self.temporal_port = free_port_for_temporal(20_000 + secrets.randbelow(10_000))
        self._port = free_port()
        self._environment = _environment(folder, self._port, self.temporal_port)
        (folder / "organisation.yaml").write_text(organisation)
        self._temporal = temporal_server(folder, port=self.temporal_port, lock=0)
        self.parts = {
            "up": self.rappel("up"),
            "temporal": self.part("temporal", self._temporal.command),
            "worker": self.rappel("worker"),
            "web": self.rappel("web"),
        }
        self.http = AsyncClient(base_url=f"http://127.0.0.1:{self._port}", timeout=PATIENCE)
        self.survey = SurveySystem(self.http, self._environment["RAPPEL_WEBHOOK_SECRET_SURVEY"])
        self.office = Office(self.http, self._environment["RAPPEL_API_TOKEN"])

    @property
    def environment(self) -> Mapping[str, str]:
        return self._environment

    def tell(self, name: str, value: str) -> None:
        """An environment variable, before anything is started."""
        self._environment[name] = value

    @property
    def logged(self) -> str:
        """What all processes have printed."""
        return "".join(part.log.read_text() for part in self.parts.values() if part.log.exists())

    def rappel(self, *words: str) -> Part:
        return self.part(words[0], (sys.executable, "-m", "rappel", *words))

    def part(self, name: str, command: Sequence[str]) -> Part:
        return Part(command, self._environment, self.folder / f"{name}.log")

    async def up(self) -> None:
        """Returns when `/healthz` says that every part answers."""
        await self.parts["up"].start()
        await eventually(self.healthy)

    async def prepare(self) -> None:
        """For a household whose parts are started one by one."""
        await self.rappel("migrate").finish()
        await self.rappel("org", "apply").finish()

    async def start(self, *names: str) -> None:
        for name in names:
            await self.parts[name].start()
            if name == "temporal":
                await self._temporal.ready()
        if "web" in names:
            await eventually(self._answers)

    async def stop(self, *names: str) -> None:
        for name in names:
            await self.parts[name].stop()

    async def kill(self, *names: str) -> None:
        for name in names:
            await self.parts[name].kill()

    async def leave(self) -> None:
        """Nothing that was started stays."""
        await self.kill(*self.parts)
        await self.http.aclose()

    async def healthy(self) -> bool:
        return (await self.http.get("/healthz")).status_code == 200

    async def temporal(self) -> Client:
        return await connect(embedded_port=self.temporal_port)

    def select(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Read beside the running processes."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            return connection.execute(statement, values).fetchall()

    async def _answers(self) -> bool:
        return (await self.http.get("/healthz")).status_code in {200, 503}


@asynccontextmanager
async def household_in(folder: Path, organisation: str) -> AsyncIterator[Household]:
    """Nothing runs in it yet. What its processes printed is shown where a story fails."""
    household = Household(folder, organisation)
    try:
        yield household
    finally:
        await household.leave()
        sys.stdout.write(household.logged)


def _environment(folder: Path, port: int, temporal_port: int) -> dict[str, str]:
    bare = {k: v for k, v in os.environ.items() if not k.startswith(("RAPPEL_", "TEMPORAL_"))}
    return {
        **bare,
        "RAPPEL_STATE_DIR": str(folder),
        "RAPPEL_PORT": str(port),
        "RAPPEL_TEMPORAL_PORT": str(temporal_port),
        "RAPPEL_ORGANISATION": str(folder / "organisation.yaml"),
        "RAPPEL_API_TOKEN": secrets.token_urlsafe(24),
        "RAPPEL_SESSION_KEY": secrets.token_urlsafe(32),
        "RAPPEL_DATA_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "RAPPEL_WEBHOOK_SECRET_SURVEY": base64.b64encode(secrets.token_bytes(32)).decode(),
    }


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port
