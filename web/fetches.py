"""How an answer that could not be fetched is asked for again, from the API and from the page alike."""

import structlog

from models.store.unfetched import Unfetched, ask_again, unfetched_ids
from web.provided import House

AT_ONCE = 100
"""Of those that are given up, in one request."""

log = structlog.get_logger()


async def try_again(house: House, fetch: str) -> Unfetched | None:
    """None where it is had by now. Raises NotKnown."""
    async with house.database.write() as session:
        found = await ask_again(session, fetch, now=house.clock())
    log.info("fetch_tried_again", fetch=fetch, waits=found is not None)
    house.dispatcher.wake()
    return found


async def try_given_up(house: House, source: str) -> int:
    """How many of the source's; the oldest first, said again it goes on."""
    async with house.database.write() as session:
        fetches = await unfetched_ids(session, source=source, limit=AT_ONCE)
        for fetch in fetches:
            await ask_again(session, fetch, now=house.clock())
    log.info("fetches_tried_again", source=source, n=len(fetches))
    house.dispatcher.wake()
    return len(fetches)
