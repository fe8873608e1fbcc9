"""One process of a household, started, stopped and killed as an operator or an accident would."""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND


@dataclass(slots=True)
class Part:
    """All that it prints, over all its lives, is appended to `log`.

    On a `terminal` it also shows the letters that it posts.
    """

    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    terminal: bool = False
    folder: Path = ROOT
    """Where it is started."""
    _process: Process | None = None

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def children(self) -> Mapping[int, str]:
        """The command lines of the processes that it started, by process id."""
        return {int(child): _command_line(child) for child in _children(self._process)}

    async def start(self) -> None:
        output = _terminal(self.log) if self.terminal else os.open(self.log, APPEND)
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self.command,
                cwd=self.folder,
                env=self.environment,
                stdin=DEVNULL,
                stdout=output,
                stderr=STDOUT,
            )
        finally:
            os.close(output)

    async def stop(self) -> None:
        await self._end(signal.SIGTERM)

    async def kill(self) -> None:
        await self._end(signal.SIGKILL)

    async def finish(self) -> None:
        """For a command that ends well by itself."""
        await self.start()
        assert await self.ended() == 0, self.log.read_text()

    async def ended(self) -> int:
        """Its exit code, once it has ended by itself."""
        assert self._process is not None
        return await self._process.wait()

    async def _end(self, how: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(how)
            await self._process.wait()


def _terminal(log: Path) -> int:
    """What a process writes to it is copied to the log, until its last writer is gone."""
    loop, (screen, keyboard) = asyncio.get_running_loop(), os.openpty()

    def copy() -> None:
        try:
            shown = os.read(screen, 65536)
        except OSError:  # that is how a terminal says that nobody writes any more
            loop.remove_reader(screen)
            os.close(screen)
        else:
            with log.open("ab") as out:
                out.write(shown)

    loop.add_reader(screen, copy)
    return keyboard


def _children(process: Process | None) -> list[str]:
    if process is None or process.returncode is not None:
        return []
    threads = Path(f"/proc/{process.pid}/task").iterdir()
    return [child for t in threads for child in (t / "children").read_text().split()]


def _command_line(process: str) -> str:
    return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")
