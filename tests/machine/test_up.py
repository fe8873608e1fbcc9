import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from machine.port import free_port_for_temporal, is_free

ROOT = Path(__file__).parents[2]
PORT = free_port_for_temporal(18380)
UP = (sys.executable, "-m", "rappel", "up")

pytestmark = pytest.mark.story


@dataclass
class Machine:
    """One `rappel up` at a time on the same state folder."""

    environment: dict[str, str]
    process: Process | None = None
    said: list[str] = field(default_factory=list)

    async def up(self) -> None:
        self.said.clear()
        self.process = await asyncio.create_subprocess_exec(
            *UP, cwd=ROOT, env=self.environment, stdout=PIPE, stderr=STDOUT
        )
        async for line in self._lines():
            if line.startswith("Ctrl-C"):
                return
        pytest.fail("\n".join(self.said))

    async def tell(self, sign: signal.Signals) -> int:
        """Its exit code, once it is gone."""
        assert self.process is not None
        self.process.send_signal(sign)
        async for _ in self._lines():
            pass
        return await self.process.wait()

    async def _lines(self) -> AsyncIterator[str]:
        assert self.process is not None
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.said.append(line.decode().rstrip())
            yield self.said[-1]


@pytest.fixture
async def machine(tmp_path: Path) -> AsyncIterator[Machine]:
    ours = {n: v for n, v in os.environ.items() if not n.startswith(("RAPPEL_", "TEMPORAL_"))}
    told = {"STATE_DIR": str(tmp_path), "PORT": str(PORT), "TEMPORAL_PORT": str(PORT + 1)}
    machine = Machine(ours | {f"RAPPEL_{name}": value for name, value in told.items()})
    yield machine
    if machine.process is not None and machine.process.returncode is None:
        await machine.tell(signal.SIGTERM)


async def test_one_command_brings_everything_up(machine: Machine) -> None:
    await machine.up()

    async with httpx2.AsyncClient() as client:
        while (await client.get(f"http://127.0.0.1:{PORT}/healthz")).status_code != 200:
            await asyncio.sleep(0.1)


async def test_everything_stops_in_order(machine: Machine) -> None:
    await machine.up()

    assert await machine.tell(signal.SIGINT) == 0

    stops = [line for line in machine.said if line.startswith("Stopping")]
    assert stops == ["Stopping web ...", "Stopping worker ...", "Stopping Temporal ..."]


async def test_after_kill_9_it_goes_on_in_the_same_folder(machine: Machine) -> None:
    await machine.up()
    await machine.tell(signal.SIGKILL)

    await machine.up()

    assert not any("version" in line for line in machine.said)


async def test_a_second_one_on_the_folder_is_refused_in_one_line(machine: Machine) -> None:
    await machine.up()
    second = await asyncio.create_subprocess_exec(
        *UP, cwd=ROOT, env=machine.environment, stderr=PIPE
    )
    _, said = await second.communicate()

    assert second.returncode == 2
    assert said.decode().startswith("Another `rappel up` (process ")
    assert len(said.splitlines()) == 1


async def test_a_taken_port_is_told_in_one_line(machine: Machine) -> None:
    async def refuse(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", PORT):
        assert not is_free("127.0.0.1", PORT)
        refused = await asyncio.create_subprocess_exec(
            *UP, cwd=ROOT, env=machine.environment, stderr=PIPE
        )
        _, said = await refused.communicate()

    assert refused.returncode == 2
    assert "RAPPEL_PORT" in said.decode()
    assert len(said.splitlines()) == 1
