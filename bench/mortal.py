"""A post office that may die: `python -m bench.mortal` reads lives, one a line, and forks a process for each.

It has imported by then what a process needs, so that a life costs what it does and no more.
"""

import asyncio
import logging
import os
import sys
import traceback
from dataclasses import dataclass
from datetime import datetime

import structlog
from pydantic import TypeAdapter

from models.store.database import Database
from models.store.organisations import OrganisationBook
from models.store.second_look import SecondLook
from models.vault import Vault
from tests.activities.sms_house import post_house
from tests.activities.twilio_server import account_at
from tests.web.pages.reception import Clock

KEY = bytes(range(32))


@dataclass(frozen=True, slots=True)
class Life:
    """From `born` on, after each of these seconds it posts what is due and asks what became of the rest. They
    are the clock's, which this process sets; Twilio is at `host`.
    """

    database_url: str
    host: str
    born: datetime
    waits: tuple[float, ...]


LIFE = TypeAdapter(Life)


def main() -> None:
    """For each life two lines: its process, and once that has ended, how."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            _live(LIFE.validate_json(line))
        print(process, flush=True)
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _live(life: Life) -> None:
    """Does not return: nothing of the one who forked may be done twice."""
    try:
        asyncio.run(_work(life))
    except BaseException:  # noqa: BLE001 - whatever it was, it ends here
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


async def _work(life: Life) -> None:
    database = Database(life.database_url, Vault(KEY))
    look = SecondLook(OrganisationBook(database.vault), database.vault)
    account, clock = account_at(life.host), Clock(life.born)
    async with post_house(database, account, clock, second_look=look) as post:
        for seconds in life.waits:
            await post.wait(seconds)
    await database.close()


if __name__ == "__main__":
    main()
