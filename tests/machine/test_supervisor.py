import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from machine.children import Child
from machine.supervisor import supervised
from tests.waiting import until

LASTING = """
import os, pathlib, signal, sys
file = pathlib.Path(sys.argv[1])
written = file.with_suffix(".written")
written.write_text(str(os.getpid()))
written.replace(file)  # whole or not at all: the test reads it meanwhile
"""


@dataclass(frozen=True)
class Lasting:
    """A child that writes its process id to a file and stays until it is told to go."""

    file: Path
    then: str = "signal.pause()"
    grace: float = 10
    said: list[str] = field(default_factory=list)

    @property
    def child(self) -> Child:
        command = (sys.executable, "-c", LASTING + self.then, str(self.file))
        return Child(self.file.name, command, ready=self.present, grace=self.grace)

    async def present(self) -> None:
        await until(lambda: self.file.exists() and self.file.read_text())

    @property
    def process(self) -> int:
        return int(self.file.read_text())


async def test_a_child_that_is_killed_starts_again_and_it_is_said(tmp_path: Path) -> None:
    worker, said = Lasting(tmp_path / "worker"), list[str]()
    async with supervised([worker.child], say=said.append):
        first = worker.process
        os.kill(first, signal.SIGKILL)
        await until(lambda: worker.process != first)

    assert said[0] == "worker was killed (SIGKILL): it starts again in 0.5 s."


async def test_children_stop_in_the_opposite_order(tmp_path: Path) -> None:
    said: list[str] = []
    async with supervised(_lasting(tmp_path, ["Temporal", "worker", "web"]), say=said.append):
        pass

    assert said == ["Stopping web ...", "Stopping worker ...", "Stopping Temporal ..."]


async def test_nothing_is_left_when_the_start_is_interrupted(tmp_path: Path) -> None:
    temporal = Lasting(tmp_path / "Temporal")
    never = Child("worker", ("sleep", "100"), ready=asyncio.Event().wait)
    starting = asyncio.create_task(_start([temporal.child, never]))
    await temporal.present()

    starting.cancel()
    await asyncio.wait({starting})

    assert not _lives(temporal.process)


async def test_a_child_deaf_to_the_signal_is_killed_after_its_grace(tmp_path: Path) -> None:
    deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN); pathlib.Path(sys.argv[1]).write_text"
    worker = Lasting(tmp_path / "worker", f"{deaf}(str(os.getpid())); signal.pause()", grace=0.01)
    said: list[str] = []
    async with supervised([worker.child], say=said.append):
        pass

    assert said[-1] == "worker did not stop in 0.01 s and was killed."
    assert not _lives(worker.process)


async def test_children_die_with_their_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    child = tmp_path / "child"
    parent = subprocess.Popen((sys.executable, str(script), str(child)))
    await Lasting(child).present()

    parent.kill()
    parent.wait()

    await until(lambda: not _lives(Lasting(child).process))


PARENT = """
import asyncio, sys
from machine.children import Child
from machine.supervisor import supervised

SCRIPT = "import os, pathlib, signal, sys; pathlib.Path(sys.argv[1]).write_text(str(os.getpid()));"

async def main():
    child = Child("child", (sys.executable, "-c", SCRIPT + "signal.pause()", sys.argv[1]))
    async with supervised([child], say=print):
        await asyncio.Event().wait()

asyncio.run(main())
"""


def _lasting(folder: Path, names: Sequence[str]) -> list[Child]:
    return [Lasting(folder / name).child for name in names]


async def _start(children: Sequence[Child]) -> None:
    async with supervised(children, say=lambda _: None):
        pass


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return not _is_zombie(process)


def _is_zombie(process: int) -> bool:
    """A process whose parent was killed waits for init to bury it."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
