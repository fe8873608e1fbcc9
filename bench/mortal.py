"""A post office that may die: `python -m bench.mortal` reads lives, one a line, and forks a process for each.

The first one it lives itself. What that has imported and compiled, the others need not: a life costs what it
does and no more.
"""

import gc
import logging
import os
import sys
import traceback
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog
import uvloop
from pydantic import TypeAdapter

from models.store.database import Database
from models.store.organisations import OrganisationBook
from models.store.second_look import SecondLook
from models.vault import Vault
from tests.activities.sms_house import post_house
from tests.activities.twilio_server import account_at
from tests.web.pages.reception import Clock
from twilio_client import USUAL

KEY = bytes(range(32))


@dataclass(frozen=True, slots=True)
class SharedClock:
    """It stands in a file's time of change: written whole or not at all, it outlives who moves it."""

    path: Path

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(self.path.stat().st_mtime, UTC)

    def move(self, seconds: float) -> None:
        at = self.path.stat().st_mtime + seconds
        os.utime(self.path, (at, at))


@dataclass(frozen=True, slots=True)
class Life:
    """After each of these seconds, by which it moves the clock, it posts what is due and asks what became of
    the rest. Twilio is at `host`. The database may be another one each time, but its address is the same.
    """

    database_url: str
    host: str
    clock: Path
    waits: tuple[float, ...]


LIFE = TypeAdapter(Life)


def main() -> None:
    """For each life two lines: its process, and once that has ended, how."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    first = LIFE.validate_json(sys.stdin.readline())
    database = Database(first.database_url, Vault(KEY))
    print(os.getpid(), flush=True)
    uvloop.run(_work(database, first))
    print(0, flush=True)
    gc.freeze()
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            _live(database, LIFE.validate_json(line))
        print(process, flush=True)
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _live(database: Database, life: Life) -> None:
    """Does not return: nothing of the one who forked may be done twice."""
    try:
        uvloop.run(_work(database, life))
    except BaseException:  # noqa: BLE001 - whatever it was, it ends here
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


async def _work(database: Database, life: Life) -> None:
    look = SecondLook(OrganisationBook(database.vault), database.vault)
    account, shared = account_at(life.host), SharedClock(life.clock)
    clock = Clock(shared())
    async with post_house(database, account, clock, patience=USUAL, second_look=look) as post:
        for seconds in life.waits:
            shared.move(seconds)
            clock.now = shared()
            await post.wait(0)
    await database.close()


if __name__ == "__main__":
    main()
