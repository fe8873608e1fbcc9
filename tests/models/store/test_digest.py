"""What the database counts for a letter, and that it keeps one of each."""

import asyncio
from datetime import UTC, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from models.actions import Acknowledge, Attempt, Close, Outcome, Reached, TakeBack
from models.digest import Week, WeekCounts, read_week
from models.mailing import Mailing
from models.people import Channel
from models.store.database import Database
from models.store.digest import count_week
from models.store.letters import NewLetter, is_kept, keep_letter
from models.survey import Identity
from tests.casework import MONDAY_MORNING, Casework, another

WEEK = read_week("2027-W09", UTC)
HOUR = timedelta(hours=1)
NEIGHBOUR = Identity("c-2", "Yann Le Goff", "yann@client.example", None)
LETTER = NewLetter(
    id="digest:2027-W09:nora",
    mailing=Mailing.WEEKLY,
    person="nora",
    channel=Channel.EMAIL,
    address="nora@small.example",
    language="fr",
    written_at=MONDAY_MORNING,
    not_before=MONDAY_MORNING,
    subject="La semaine",
    body="Bonjour",
    html="<p>Bonjour</p>",
    pictures={"causes.png": b"picture", "closed_loop.png": b"picture"},
)


async def counted(casework: Casework, week: Week = WEEK) -> WeekCounts:
    async with casework.database.read() as session:
        return await count_week(session, week)


async def test_a_week_counts_cases_and_not_calls(casework: Casework) -> None:
    state = await casework.act(await casework.open(), Acknowledge(), MONDAY_MORNING)
    for call in (1, 2):
        state = await casework.act(state, Attempt(Reached.REACHED), MONDAY_MORNING + call * HOUR)

    assert await counted(casework) == WeekCounts(1, 1, 1, 1, 0, 0, 0, 0, 0, open=1)
    assert await counted(casework, WEEK.before) == WeekCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, open=0)


async def test_a_call_that_was_taken_back_was_none(casework: Casework) -> None:
    state = await casework.act(
        await casework.open(), Attempt(Reached.REACHED), MONDAY_MORNING + HOUR
    )
    await casework.act(state, TakeBack(), MONDAY_MORNING + HOUR)
    assert (await counted(casework)).spoken == 0


async def test_what_ends_in_a_week_is_not_open_at_its_end(casework: Casework) -> None:
    state = await casework.open()
    for call in (1, 2, 3):
        called_at = MONDAY_MORNING + call * 24 * HOUR
        state = await casework.act(state, Attempt(Reached.NO_ANSWER), called_at)
    await casework.act(state, Close(Outcome.UNREACHABLE), MONDAY_MORNING + 80 * HOUR)

    week = await counted(casework)
    assert (week.closed, week.unreachable, week.spoken, week.open) == (1, 1, 0, 0)
    assert (await counted(casework, WEEK.next)).closed == 0


async def test_what_was_opened_by_mistake_is_not_counted_as_closed(casework: Casework) -> None:
    await casework.act(await casework.open(), Close(Outcome.WITHDRAWN), MONDAY_MORNING)
    assert (await counted(casework)).closed == 0


async def test_the_last_moment_belongs_to_the_week_and_the_next_to_the_next(
    casework: Casework,
) -> None:
    last = WEEK.end - timedelta(seconds=1)
    await casework.open(another("r-1", submitted_at=last))
    await casework.hear(another("r-2", customer=NEIGHBOUR, submitted_at=WEEK.end))
    weeks = [await counted(casework, week) for week in (WEEK, WEEK.next)]
    assert [(week.answers, week.unhappy, week.open) for week in weeks] == [(1, 1, 1), (1, 1, 2)]


async def test_two_workers_at_once_keep_one_letter(database: Database) -> None:
    async def keep(session: AsyncSession) -> bool:
        if await is_kept(session, LETTER.id):
            return False
        await keep_letter(session, database.vault, LETTER)
        return True

    kept = await asyncio.gather(*(database.write_again(keep) for _ in range(3)))
    assert sorted(kept) == [False, False, True]
