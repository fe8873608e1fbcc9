"""Where the demo is played: a Rappel of its own on this machine, never the user's."""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from subprocess import PIPE

from dotenv import dotenv_values

from machine.children import Child
from machine.lock import locked
from machine.port import answers, is_free
from machine.supervisor import Say, supervised
from models.clock import real_clock
from models.errors import Misconfigured
from models.timelapse import Timelapse
from settings import DEMO, SECRETS_FILE, Place, environment_of_children, load_place

FOLDER = Path(".rappel-demo")
LOG = "demo.log"
LOCK = "up.lock"
ORGANISATION = Path(__file__).with_name("organisation.yaml")
HOST = "127.0.0.1"
STARTING = timedelta(seconds=10)
"""What the processes need before they can take the first answer."""
GRACE = 60.0
"""Seconds in which `up` stops its own children."""
FOREIGN = ("RAPPEL_", "TEMPORAL_")


@dataclass(frozen=True, slots=True)
class Stage:
    """A running Rappel, and what is needed to speak to it."""

    folder: Path
    port: int
    lapse: Timelapse
    environment: Mapping[str, str]

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / LOG

    def secret(self, name: str) -> str:
        """Made up by the first `up` in this folder."""
        return dotenv_values(self.folder / SECRETS_FILE)[name] or ""

    async def rappel(self, *words: str) -> str | None:
        """What a command of ours prints in this demo; None when it fails or is not known."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "rappel", *words),
            env=self.environment,
            stdout=PIPE,
            stderr=PIPE,
        )
        printed, _ = await process.communicate()
        return printed.decode().strip() if process.returncode == 0 else None


async def empty(folder: Path) -> None:
    """Raises Misconfigured while another demo runs in it."""
    async with locked(folder):
        _remove_all_but_the_lock(folder)


def _remove_all_but_the_lock(folder: Path) -> None:
    for each in folder.iterdir():
        if each.is_dir():
            shutil.rmtree(each)
        elif each.name != LOCK:
            each.unlink()


def lapse_over(*, days: int, seconds: int) -> Timelapse:
    """The last `days` before its end are played in `seconds`; the processes start in the time before."""
    rate = timedelta(days=days) // timedelta(seconds=seconds)
    return Timelapse(real_clock() + STARTING + timedelta(seconds=seconds), rate)


@asynccontextmanager
async def staged(folder: Path, lapse: Timelapse, *, say: Say) -> AsyncIterator[Stage]:
    """Runs `rappel up` in the folder as long as it is entered; all that it says goes to the log."""
    place = load_place()
    port = _free_port(place.port)
    stage = Stage(folder, port, lapse, _environment(place, folder, port, lapse))
    output = os.open(stage.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    async def web_answers() -> None:
        await answers(HOST, port)

    child = Child(
        "Rappel",
        (sys.executable, "-m", "rappel", "up"),
        ready=web_answers,
        grace=GRACE,
        environment=stage.environment,
        output=output,
    )
    try:
        async with supervised((child,), say=say):
            yield stage
    finally:
        os.close(output)


def _environment(place: Place, folder: Path, port: int, lapse: Timelapse) -> dict[str, str]:
    """Nothing of the user's own Rappel but the port that he wishes for Temporal."""
    told = environment_of_children(place).items()
    return {name: value for name, value in told if not name.startswith(FOREIGN)} | {
        "RAPPEL_STATE_DIR": str(folder.absolute()),
        "RAPPEL_ORGANISATION": str(ORGANISATION),
        "RAPPEL_HOST": HOST,
        "RAPPEL_PORT": str(port),
        "RAPPEL_TEMPORAL_PORT": str(place.temporal_port),
        DEMO: json.dumps({"until": lapse.until.isoformat(), "rate": lapse.rate}),
    }


def _free_port(wanted: int) -> int:
    for port in _from(wanted):
        if is_free(HOST, port):
            return port
    raise Misconfigured("No port is free on this machine.")


def _from(wanted: int) -> Iterator[int]:
    yield from range(wanted, 65536)
    yield from range(1024, wanted)
