"""Where the demo is played: a Rappel of its own on this machine, never the user's."""

import asyncio
import json
import os
import shutil
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from subprocess import PIPE

from dotenv import dotenv_values
from pydantic import SecretStr

from machine.children import Child
from machine.lock import locked
from machine.port import answers, is_free
from machine.supervisor import Say, supervised
from models.clock import real_clock
from models.errors import Misconfigured
from models.timelapse import Timelapse
from settings import (
    DEMO,
    SECRETS_FILE,
    WEBHOOK_SECRET,
    Place,
    Settings,
    environment_of_children,
    load_place,
)

FOLDER = Path(".rappel-demo")
LOG = "demo.log"
LOCK = "up.lock"
ORGANISATION = Path(__file__).with_name("organisation.yaml")
SOURCE = "survey"
HOST = "127.0.0.1"
STARTING = timedelta(seconds=14)
"""What the processes need before they can take the first answer."""
USUAL = 4.0
"""Seconds of the command by which a machine is measured, on two idle cores."""
GRACE = 60.0
"""Seconds in which `up` stops its own children."""
TEMPORAL_PORT = "RAPPEL_TEMPORAL_PORT"
"""A wish: `up` takes another one where it is taken, and writes down which."""
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

    def settings(self) -> Settings:
        """Those of its processes. The secrets were made up by the first `up` in this folder."""
        kept = dotenv_values(self.folder / SECRETS_FILE)
        secret = {name: SecretStr(value or "") for name, value in kept.items()}
        return Settings(
            state_dir=self.folder,
            port=self.port,
            public_url=self.url,
            database_url="",
            organisation=ORGANISATION,
            temporal_address=None,
            temporal_profile=None,
            temporal_config_file=None,
            demo=self.lapse,
            api_token=secret["RAPPEL_API_TOKEN"],
            data_key=secret["RAPPEL_DATA_KEY"],
            session_key=secret["RAPPEL_SESSION_KEY"],
            webhook_secrets={SOURCE: secret[WEBHOOK_SECRET + SOURCE.upper()]},
        )

    async def rappel(self, *words: str) -> str | None:
        """What a command prints in this demo; where Temporal listens it reads from the folder."""
        told = {n: value for n, value in self.environment.items() if n != TEMPORAL_PORT}
        return await _rappel(*words, environment=told)


async def measure() -> float:
    """How many times slower than usual a command of ours is here and now: never less than 1."""
    began = time.monotonic()
    await _rappel("org", "check", str(ORGANISATION))
    return max(1.0, (time.monotonic() - began) / USUAL)


async def _rappel(*words: str, environment: Mapping[str, str] | None = None) -> str | None:
    """None when it fails."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "rappel", *words), env=environment, stdout=PIPE, stderr=PIPE
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


def lapse_over(days: timedelta, *, played_in: timedelta, slowness: float) -> Timelapse:
    """The last days before its end; the processes start in the time before."""
    return Timelapse(real_clock() + STARTING * slowness + played_in, days // played_in)


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
        TEMPORAL_PORT: str(place.temporal_port),
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
