"""A call is asked for once, whoever asks at the same moment."""

import asyncio
from datetime import timedelta
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from models.bridge import Leg, LegTold, Standing, Status
from models.call_forms import Told
from models.store.bridges import Asked, find_call, keep_told, latest_call, start_call
from tests.casework import MONDAY_MORNING, Casework


async def _asked(casework: Casework, key: str) -> Asked:
    view = await casework.view((await casework.open()).case_id)
    return Asked(view.row.id, view.row.customer_id, "dora", key)


async def test_of_two_devices_one_starts_the_call_and_the_other_finds_it(
    casework: Casework,
) -> None:
    asked = await _asked(casework, "first")
    other = Asked(asked.case_id, asked.customer_id, asked.person, "second")
    units = (partial(start_call, asked=each, at=MONDAY_MORNING) for each in (asked, asked, other))
    started = await asyncio.gather(*(casework.database.write_again(unit) for unit in units))
    assert len({row.id for row, _ in started}) == 1
    assert sorted(new for _, new in started) == [False, False, True]


async def test_the_same_news_at_the_same_moment_is_kept_once(casework: Casework) -> None:
    asked = await _asked(casework, "key")
    async with casework.database.write() as session:
        row, _ = await start_call(session, asked, at=MONDAY_MORNING)
    told = Told("director:CA1:1", LegTold(Leg.DIRECTOR, Status.RINGING))

    async def hear(session: AsyncSession) -> None:
        await keep_told(session, await find_call(session, row.id), told, at=MONDAY_MORNING)

    await asyncio.gather(*(casework.database.write_again(hear) for _ in range(3)))
    async with casework.database.read() as session:
        call = await latest_call(session, asked.case_id, "dora", now=MONDAY_MORNING)
    assert call is not None
    assert call.call.standing is Standing.RINGING_DIRECTOR


async def test_a_line_is_free_again_after_a_call_that_nobody_ended(casework: Casework) -> None:
    asked = await _asked(casework, "key")
    later = MONDAY_MORNING + timedelta(minutes=4)
    async with casework.database.write() as session:
        before, _ = await start_call(session, asked, at=MONDAY_MORNING)
        next_one = Asked(asked.case_id, asked.customer_id, "dora", "next")
        after, new = await start_call(session, next_one, at=later)
    assert (new, before.id != after.id, before.ended_at) == (True, True, later)
