"""Counting what was heard before the tables of the figures stood, and counting all of it anew."""

from collections.abc import Callable, Sequence
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from machine.opening import opened_database
from models.store.database import Database, make_engine
from models.store.organisations import OrganisationBook
from models.store.tallies import count_answers, forget_counts, uncounted_answers
from settings import Settings

AT_ONCE = 500
"""Answers in one unit of work: commits wait no longer than for these."""

Say = Callable[[str], None]


async def all_is_counted(url: str) -> bool:
    """Told without a secret: a new database is migrated before there are any."""
    engine = make_engine(url)
    try:
        async with AsyncSession(engine) as session:
            return not await uncounted_answers(session, after="", limit=1)
    finally:
        await engine.dispose()


async def count_uncounted(settings: Settings, say: Say, *, at_once: int = AT_ONCE) -> None:
    """Goes on where it was stopped, and may run while cases live."""
    if await all_is_counted(settings.database_url):
        return
    async with opened_database(settings) as database:
        await _count(database, say, at_once=at_once)


async def rebuild_figures(settings: Settings, say: Say) -> None:
    """Until it is through, the figures are of what is counted so far."""
    async with opened_database(settings) as database:
        async with database.write() as session:
            await forget_counts(session)
        await _count(database, say, at_once=AT_ONCE)


async def _count(database: Database, say: Say, *, at_once: int) -> None:
    book, counted, after = OrganisationBook(database.vault), 0, ""
    while True:
        some = partial(_some, book=book, after=after, limit=at_once)
        found = await database.write_again(some)
        counted += len(found)
        if len(found) < at_once:
            break
        say(f"Counting for the figures: {counted:,} answers so far.")
        after = found[-1]
    say(f"Counted {counted:,} answers for the figures.")


async def _some(
    session: AsyncSession, *, book: OrganisationBook, after: str, limit: int
) -> Sequence[str]:
    """The ids of those that were counted now."""
    responses = await uncounted_answers(session, after=after, limit=limit)
    await count_answers(session, book, responses)
    return [response.id for response in responses]
