"""Giving an index to the phones that were known before there was one."""

from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from machine.counting import AT_ONCE, Say
from machine.opening import opened_database
from models.store.database import make_engine
from models.store.phones import index_phones, unindexed_customers
from settings import Settings


async def all_have_an_index(url: str) -> bool:
    """Told without a secret."""
    engine = make_engine(url)
    try:
        async with AsyncSession(engine) as session:
            return not await unindexed_customers(session, after="", limit=1)
    finally:
        await engine.dispose()


async def index_all_phones(settings: Settings, say: Say, *, at_once: int = AT_ONCE) -> None:
    """Goes on where it was stopped, and may run while cases live."""
    if await all_have_an_index(settings.database_url):
        return
    after, done = "", 0
    async with opened_database(settings) as database:
        while True:
            some = partial(index_phones, vault=database.vault, after=after, limit=at_once)
            found = await database.write_again(some)
            done += len(found)
            if len(found) < at_once:
                break
            after = found[-1]
    say(f"{done:,} customers are found by their phone now.")
