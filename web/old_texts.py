"""Text messages of no case do not stay for ever, also where the account through which they came is gone."""

import asyncio
from datetime import timedelta
from functools import partial

import structlog

from models.errors import Passing
from models.store.texts import drop_old_texts
from web.provided import House

SWEEP = timedelta(hours=1)

log = structlog.get_logger()


async def keep_dropping(house: House) -> None:
    """Until cancelled. Several processes may: what one has dropped the others do not find."""
    while True:
        try:
            await drop_all(house)
        except Passing as fault:
            log.warning("old_texts_wait", fault=fault.code)
        except Exception as fault:
            log.exception("old_texts_failed", fault=type(fault).__name__)
        await asyncio.sleep(SWEEP.total_seconds())


async def drop_all(house: House) -> None:
    """Raises DatabaseAway."""
    dropping = partial(drop_old_texts, now=house.clock())
    while dropped := await house.database.write_again(dropping):
        log.info("old_texts_dropped", texts=dropped)
