"""kill -9 of a post office around its POSTs, over and over: who was told twice, and what nobody knows.

`RUNS=1000 python -m bench kills`: each run has a database of its own, in which a customer and a colleague
are to be told of several things. Its processes are killed, and started again until nothing waits any more.
The same `SEED` draws the same deaths.
"""

import asyncio
import os
import random
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import select

from bench.mortal import KEY, Life, SharedClock
from bench.theatre import Death, Moment, Theatre, theatre_of_deaths
from models.people import Channel
from models.posting import TAKEN, Posting
from models.store.database import Database, migrate
from models.survey import Identity
from models.tables import IntentRow
from models.vault import Vault
from tests.activities.sms_house import DORA, ODILE, PUBLIC_URL
from tests.activities.twilio_server import Mood, Twilio, account_at
from tests.casework import MONDAY_MORNING, SMALL, another
from tests.casework_fixture import casework_of
from tests.web.pages.reception import confirming, settings_for
from web.app import make_house

RUNS, SEED = 100, 1
FAULTS = (Mood.LOST, Mood.BROKEN_AFTER, Mood.NAMELESS, Mood.AWAY, Mood.TOO_MANY)
PAUSES = (1, 20, 150, 200)
"""Seconds until another process starts: before and after a claim is given up, and a grace ends."""
TO_THE_END = (130, 140, 400, 400, 86_400)
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


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one run, in messages: `twice` to the customer, `again` a second time to the colleague, `often` more
    than that. `unasked` and `untold` are who got nothing, of which we say that we do not know; who is
    `lost` we do not say it of, nor were they told by mail instead. `stuck` letters wait for ever, `wrong`
    ones Twilio never had, as we believe.
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
        async with theatre_of_deaths() as theatre:
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
        written = (await session.exec(select(IntentRow))).all()
    rows = [row for row in written if row.channel == Channel.SMS]
    by_mail = {
        row.audience for row in written if row.channel == Channel.EMAIL and row.status in TAKEN
    }
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
        lost=sum(none and who not in unknown | by_mail for who, none in silent.items()),
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
