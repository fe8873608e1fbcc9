"""Where a post office lives and dies: Twilio on one side, which sees each of its POSTs, and who kills it."""

import asyncio
import os
import signal
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from fastapi import FastAPI

from bench.mortal import LIFE, Life
from tests.activities.sms_house import PUBLIC_URL, call_status
from tests.activities.twilio_server import Form, Message, Twilio
from tests.plain_http import Answer, Ask, listening
from tests.web.pages.reception import settings_for
from web.app import create_app

ROOT = Path(__file__).parents[1]


class Moment(Enum):
    """When a process is killed."""

    BEFORE = "before Twilio takes it"
    TAKEN = "taken, not answered"
    ANSWERED = "as the answer is read"
    ANY = "at any other instant"


@dataclass(frozen=True, slots=True)
class Death:
    """`post` says at which POST of its life, `delay` is in seconds."""

    moment: Moment
    post: int
    delay: float


@dataclass(slots=True)
class Victim:
    """The process that lives now, while Twilio watches it."""

    process: int
    death: Death | None
    posts: int = 0

    def meets(self, moment: Moment) -> bool:
        death = self.death
        return death is not None and (death.moment, death.post) == (moment, self.posts)

    def kill(self) -> None:
        """It may have ended by now."""
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)


@dataclass(slots=True)
class Theatre:
    """Twilio, and the one process that kills the others."""

    twilio: Twilio
    lives: StreamWriter
    told: StreamReader
    web: FastAPI
    victim: Victim | None = None

    async def answer(self, ask: Ask) -> Answer | None:
        victim, told = self.victim, ask.headers["authorization"]
        if ask.method != "POST" or victim is None:
            return await self.twilio.answer(ask.method, ask.target, told, ask.body)
        victim.posts += 1
        if victim.meets(Moment.BEFORE):
            victim.kill()
            return None
        answer = await self.twilio.answer(ask.method, ask.target, told, ask.body)
        if victim.meets(Moment.TAKEN):
            victim.kill()
        if victim.meets(Moment.ANSWERED) and victim.death:
            asyncio.get_running_loop().call_later(victim.death.delay, self._kill, victim)
        return answer

    async def live(self, life: Life, death: Death | None) -> bool:
        """To its end; whether that was a violent one."""
        self.lives.write(LIFE.dump_json(life) + b"\n")
        self.victim = victim = Victim(await self._heard(), death)
        if death and death.moment is Moment.ANY:
            asyncio.get_running_loop().call_later(death.delay, self._kill, victim)
        ended = await self._heard()
        self.victim = None
        if ended not in {0, -signal.SIGKILL}:
            raise RuntimeError(f"A post office ended by itself ({ended}).")
        return ended != 0

    def _kill(self, victim: Victim) -> None:
        if victim is self.victim:
            victim.kill()

    async def tell(self, form: Form, message: Message) -> None:
        """Our web process, before the post office has its answer."""
        await call_status(self.web, form, message, "sent")

    async def _heard(self) -> int:
        return int(await self.told.readline())


@asynccontextmanager
async def theatre_of_deaths() -> AsyncIterator[Theatre]:
    words = sys.executable, "-m", "bench.mortal"
    forker = await asyncio.create_subprocess_exec(*words, cwd=ROOT, stdin=PIPE, stdout=PIPE)
    web = create_app(settings_for("sqlite+aiosqlite://", PUBLIC_URL))
    if forker.stdin is None or forker.stdout is None:
        raise RuntimeError("Nobody can speak to a process without its pipes.")
    theatre = Theatre(Twilio(), forker.stdin, forker.stdout, web)
    async with listening(theatre.answer) as theatre.twilio.host:
        yield theatre
    forker.stdin.close()
    await forker.wait()
