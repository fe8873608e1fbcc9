"""Somebody who has just got Rappel, and does what the README says in a terminal or two."""

import asyncio
import os
import re
import shutil
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scripts.install import digest_of
from tests.stories.parts import ROOT

SHELL = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FOREIGN = ("RAPPEL_", "TEMPORAL_", "MAKE")


def shell_blocks(page: Path) -> list[str]:
    return SHELL.findall(page.read_text())


def fresh_copy(folder: Path) -> Path:
    """All that is no product of a run, and a `.venv` in which these very packages stand installed.

    It only points to that of the tests, but its stamp is its own: whatever happens in the copy,
    nothing is installed into theirs.
    """
    products = (ROOT / ".gitignore").read_text().split()
    shutil.copytree(
        ROOT,
        folder,
        ignore=shutil.ignore_patterns(".git", *(name.rstrip("/") for name in products)),
    )
    venv = folder / ".venv"
    venv.mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (venv / name).symlink_to(Path(sys.prefix) / name)
    (venv / "installed").write_text(digest_of(folder, "requirements.lock"))
    return folder


@dataclass(slots=True)
class Newcomer:
    """`port` and `temporal_port` are free, unlike perhaps those of the README."""

    folder: Path
    port: int
    temporal_port: int
    said: list[str] = field(default_factory=list)
    _running: Process | None = None

    @property
    def here(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def starts(self, block: str) -> None:
        """Returns when it says how it is stopped."""
        self._running = await self._types(block)
        async for line in self._lines():
            if line.startswith("Ctrl-C stops everything"):
                return
        raise AssertionError("\n".join(self.said))

    async def does(self, block: str) -> str:
        """What it prints; it must go well."""
        process = await self._types(block)
        printed, _ = await process.communicate()
        assert process.returncode == 0, printed.decode()
        return printed.decode()

    async def presses_ctrl_c(self) -> None:
        """The terminal tells everybody who runs in its foreground; returns when all are gone."""
        if self._running is None or self._running.returncode is not None:
            return
        os.killpg(self._running.pid, signal.SIGINT)
        async for _ in self._lines():
            pass
        await self._running.wait()

    async def _types(self, block: str) -> Process:
        """With `-e`: each line of a block must go well."""
        words = block.replace("8080", str(self.port))
        return await asyncio.create_subprocess_exec(
            *("sh", "-e", "-c", words),
            cwd=self.folder,
            env=self._environment(),
            stdout=PIPE,
            stderr=STDOUT,
            start_new_session=True,
        )

    async def _lines(self) -> AsyncIterator[str]:
        assert self._running is not None
        assert self._running.stdout is not None
        async for line in self._running.stdout:
            self.said.append(line.decode().rstrip())
            yield self.said[-1]

    def _environment(self) -> Mapping[str, str]:
        """The path stands for the installation into the copy, which is not made."""
        bare = {k: v for k, v in os.environ.items() if not k.startswith(FOREIGN)}
        return bare | {
            "PYTHON": sys.executable,
            "PYTHONPATH": str(self.folder),
            "RAPPEL_PORT": str(self.port),
            "RAPPEL_TEMPORAL_PORT": str(self.temporal_port),
        }
