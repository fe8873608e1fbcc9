"""Links open a door once and for a time; the database holds no token."""

from datetime import timedelta

from models.store.access import (
    SESSION_LIFE,
    find_link,
    find_session,
    new_link,
    open_session,
    spend_link,
)
from tests.casework import MONDAY_MORNING, Casework

WEEK = timedelta(days=7)


async def a_link(casework: Casework) -> str:
    state = await casework.open()
    async with casework.database.write() as session:
        return new_link(session, state.case_id, person="dora", at=MONDAY_MORNING, life=WEEK)


async def test_looking_at_a_link_does_not_spend_it(casework: Casework) -> None:
    token = await a_link(casework)
    async with casework.database.write() as session:
        await find_link(session, token, at=MONDAY_MORNING)
        link = await spend_link(session, token, at=MONDAY_MORNING)
    assert link is not None
    assert link.person == "dora"


async def test_a_link_is_spent_once(casework: Casework) -> None:
    token = await a_link(casework)
    async with casework.database.write() as session:
        await spend_link(session, token, at=MONDAY_MORNING)
    async with casework.database.write() as session:
        assert await spend_link(session, token, at=MONDAY_MORNING) is None


async def test_a_link_runs_out(casework: Casework) -> None:
    token = await a_link(casework)
    async with casework.database.read() as session:
        assert await find_link(session, token, at=MONDAY_MORNING + WEEK) is None


async def test_a_session_knows_its_person_until_it_runs_out(casework: Casework) -> None:
    async with casework.database.write() as session:
        token = open_session(session, "dora", at=MONDAY_MORNING)
    async with casework.database.read() as session:
        found = await find_session(session, token, at=MONDAY_MORNING)
        assert found is not None
        assert found.person == "dora"
        late = MONDAY_MORNING + SESSION_LIFE
        assert await find_session(session, token, at=late) is None
