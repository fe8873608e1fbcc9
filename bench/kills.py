"""kill -9 of a post office around its POSTs, over and over: who was told twice, and what nobody knows.

`RUNS=1000 python -m bench kills`: each run has a database of its own, in which a customer and a colleague
are to be told of several things. Its processes are killed, and started again until nothing waits any more.
The same `SEED` draws the same deaths.
"""

import asyncio
import os
import random
import shutil
import signal
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import FastAPI
from sqlmodel import select

from bench.mortal import KEY, LIFE, Life, SharedClock
from models.posting import TAKEN, Posting
from models.store.database import Database, migrate
from models.survey import Identity
from models.tables import IntentRow
from models.vault import Vault
from tests.activities.sms_house import DORA, ODILE, PUBLIC_URL, call_status
from tests.activities.twilio_server import Form, Message, Mood, Twilio, account_at
from tests.casework import MONDAY_MORNING, SMALL, another
from tests.casework_fixture import casework_of
from tests.plain_http import Answer, Ask, listening
from tests.web.pages.reception import confirming, settings_for
from web.app import create_app, make_house

ROOT = Path(__file__).parents[1]
RUNS, SEED = 100, 1
FAULTS = (Mood.LOST, Mood.BROKEN_AFTER, Mood.NAMELESS, Mood.AWAY, Mood.TOO_MANY)
PAUSES = (1, 20, 70, 200)
"""Seconds until another process starts: before and after a claim is given up, and a grace ends."""
TO_THE_END = (70, 140, 400, 400, 86_400)
"""A claim is given up, a grace ends, what was written again is looked for; a day later all is delivered."""
DEATHS = (1, 1, 1, 2, 3)
"""Of one run, to draw from."""
SIDE_BY_SIDE = 2
LONGEST = 0.3
"""Seconds of the machine: most lives are over by then."""
ENDS = {*TAKEN, Posting.UNDELIVERED, Posting.FAILED, Posting.UNKNOWN, Posting.WITHDRAWN}


HEADS: Mapping[str, str] = {
    "twice": "customer ×2",
    "unasked": "customer ×0",
    "again": "colleague ×2",
    "often": "×3",
    "untold": "colleague ×0",
    "lost": "lost",
    "stuck": "stuck",
    "wrong": "wrong",
}


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
    killed: bool = False

    def meets(self, moment: Moment) -> bool:
        death = self.death
        return death is not None and (death.moment, death.post) == (moment, self.posts)

    def kill(self) -> None:
        if not self.killed:
            os.kill(self.process, signal.SIGKILL)
            self.killed = True


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


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one run, in messages: `twice` to the customer, `again` a second time to the colleague, `often` more
    than that. `unasked` and `untold` are who got nothing, of which we say that we do not know; who is
    `lost` we do not say it of. `stuck` letters wait for ever, `wrong` ones Twilio never had, as we believe.
    """

    deaths: tuple[Moment, ...]
    twice: int
    again: int
    often: int
    unasked: int
    untold: int
    lost: int
    stuck: int
    wrong: int

    @property
    def good(self) -> bool:
        return not (self.twice or self.often or self.lost or self.stuck or self.wrong)


@dataclass(slots=True)
class Report:
    verdicts: list[Verdict] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return all(verdict.good for verdict in self.verdicts)


async def main() -> None:
    runs, seed = int(os.environ.get("RUNS", RUNS)), int(os.environ.get("SEED", SEED))
    report = await conduct(runs, seed)
    print(shown(report))
    if not report.good:
        sys.exit("Somebody was told too often, or a letter was lost.")


async def conduct(runs: int, seed: int) -> Report:
    report, left = Report(), iter(range(runs))

    async def some(template: Path, path: Path) -> None:
        async with _theatre() as theatre:
            with _copy_of(template, path):
                await _run(theatre, path, random.Random(seed), deaths=0)  # noqa: S311 - see below
            for run in left:
                chance = random.Random(f"{seed}:{run}")  # noqa: S311 - to be repeated, not to be secret
                with _copy_of(template, path):
                    deaths = chance.choice(DEATHS)
                    report.verdicts.append(await _run(theatre, path, chance, deaths=deaths))

    with TemporaryDirectory(prefix="rappel-", ignore_cleanup_errors=True) as folder:
        template = await _prepared(Path(folder))
        async with asyncio.TaskGroup() as tasks:
            for n in range(min(SIDE_BY_SIDE, runs)):
                tasks.create_task(some(template, template.with_name(f"{n}.db")))
    return report


async def _prepared(folder: Path) -> Path:
    """A customer is to be asked whether it is done, and Dora to call another one."""
    path = folder / "template.db"
    await migrate(_url(path))
    database = Database(_url(path), Vault(KEY))
    casework = await casework_of(SMALL.read_text(), database, database.vault)
    await confirming(casework)
    await casework.open(another("r-2", customer=Identity("c-2", phone="+33639981299")))
    await database.close()
    return path


@contextmanager
def _copy_of(template: Path, path: Path) -> Iterator[Path]:
    """With a clock beside it. Nothing is left of them, nor of what SQLite puts there."""
    shutil.copy(template, path)
    clock, at = path.with_suffix(".clock"), MONDAY_MORNING.timestamp()
    clock.touch()
    os.utime(clock, (at, at))
    yield path
    for each in path.parent.glob(f"{path.stem}.*"):
        each.unlink()


@asynccontextmanager
async def _theatre() -> AsyncIterator[Theatre]:
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


async def _run(theatre: Theatre, path: Path, chance: random.Random, *, deaths: int) -> Verdict:
    twilio = theatre.twilio = Twilio(theatre.twilio.host)
    if chance.random() < 1 / 3:
        twilio.moods = {each: chance.choices(FAULTS, k=2) for each in (DORA, ODILE)}
    clock = twilio.clock = SharedClock(path.with_suffix(".clock"))
    account = {"twilio": account_at(twilio.host)}
    settings = settings_for(_url(path), PUBLIC_URL).model_copy(update=account)
    theatre.web.state.house = house = make_house(settings, clock=clock)
    if chance.random() < 1 / 3:
        twilio.told = theatre.tell
    died = list[Moment]()
    for _ in range(deaths):
        death, waits = _drawn(chance), (0, 30, chance.choice(PAUSES))
        if await theatre.live(Life(_url(path), twilio.host, clock.path, waits), death):
            died.append(death.moment)
        clock.move(chance.choice(PAUSES))
    for message in twilio.messages:
        message.status = "delivered"
    await theatre.live(Life(_url(path), twilio.host, clock.path, TO_THE_END), None)
    verdict = await _judged(twilio, house.database, tuple(died))
    await house.database.close()
    return verdict


def _drawn(chance: random.Random) -> Death:
    moment = chance.choice([*Moment])
    longest = LONGEST if moment is Moment.ANY else 0.015
    return Death(moment, chance.randint(1, 2), chance.uniform(0, longest))


async def _judged(twilio: Twilio, database: Database, deaths: tuple[Moment, ...]) -> Verdict:
    async with database.read() as session:
        rows = (await session.exec(select(IntentRow).where(IntentRow.channel == "sms"))).all()
    to_customer, to_colleague = (
        Counter(each.body for each in twilio.held_for(number)) for number in (ODILE, DORA)
    )
    unknown = {row.audience for row in rows if row.status == Posting.UNKNOWN}
    silent = {"customer": not to_customer, "owner": not to_colleague}
    known = {each.sid for each in twilio.messages}
    return Verdict(
        deaths,
        twice=sum(count > 1 for count in to_customer.values()),
        again=sum(count == 2 for count in to_colleague.values()),
        often=sum(count > 2 for count in to_colleague.values()),
        unasked=silent["customer"] and "customer" in unknown,
        untold=silent["owner"] and "owner" in unknown,
        lost=sum(none and audience not in unknown for audience, none in silent.items()),
        stuck=sum(row.status not in ENDS for row in rows),
        wrong=sum(row.status in TAKEN and row.sid not in known for row in rows),
    )


def shown(report: Report) -> str:
    """A line for each moment at which the first process of a run died."""
    heads = ("runs", "deaths", *HEADS.values())
    lines = [_line("killed", heads)]
    for moment in (*Moment, None):
        some = [each for each in report.verdicts if (each.deaths or (None,))[0] is moment]
        lines.append(_line(moment.value if moment else "nobody", _summed(some)))
    return "\n".join([*lines, _line("in all", _summed(report.verdicts)), ""])


def _summed(verdicts: Sequence[Verdict]) -> Sequence[int]:
    deaths = sum(len(each.deaths) for each in verdicts)
    return len(verdicts), deaths, *(sum(getattr(v, name) for v in verdicts) for name in HEADS)


def _line(name: str, told: Sequence[object]) -> str:
    widths = (len(head) + 2 for head in ("runs", "deaths", *HEADS.values()))
    return f"{name:<24}" + "".join(f"{what:>{w}}" for what, w in zip(told, widths, strict=True))


def _url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"
