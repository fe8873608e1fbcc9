"""New cases, and cases lost with their server, are one query; a claim has one winner."""

from datetime import timedelta

from models.messages import CaseStart
from models.store.dispatch import (
    CLAIM,
    LONG_OVERDUE,
    claim_unheard,
    claim_unstarted,
    mark_lost,
    mark_started,
    oldest_undispatched,
)
from models.timelapse import Timelapse
from models.timeline import EntryKind
from tests.casework import MONDAY_MORNING, Casework, another

TODAY, YESTERDAY = "engine-of-today", "engine-of-yesterday"


async def claim(
    casework: Casework,
    engine: str = TODAY,
    *,
    after: timedelta = timedelta(),
    lapse: Timelapse | None = None,
) -> list[CaseStart]:
    async with casework.database.write() as session:
        now = MONDAY_MORNING + after
        return list(await claim_unstarted(session, engine, now=now, limit=10, lapse=lapse))


async def start(casework: Casework, engine: str = TODAY) -> None:
    cases = await claim(casework, engine)
    async with casework.database.write() as session:
        await mark_started(session, cases, engine, at=MONDAY_MORNING)


async def test_a_new_case_is_claimed_by_one(casework: Casework) -> None:
    await casework.hear()
    assert [case.state for case in await claim(casework)] == [None]
    assert await claim(casework) == []


async def test_a_claim_of_a_dead_process_runs_out(casework: Casework) -> None:
    await casework.hear()
    await claim(casework)
    assert len(await claim(casework, after=CLAIM + timedelta(seconds=1))) == 1


async def test_a_started_case_is_not_claimed_again(casework: Casework) -> None:
    await casework.hear()
    await start(casework)
    assert await claim(casework) == []


async def test_a_new_server_is_given_every_open_case_with_its_snapshot(casework: Casework) -> None:
    state = await casework.open()
    await start(casework, YESTERDAY)
    assert [case.state for case in await claim(casework, TODAY)] == [state]


async def test_a_case_that_goes_on_from_its_snapshot_says_so_once(casework: Casework) -> None:
    state = await casework.open()
    for engine in (YESTERDAY, TODAY, TODAY):
        await start(casework, engine)
    timeline = (await casework.view(state.case_id)).timeline
    assert [entry.kind for entry in timeline].count(EntryKind.RESUMED) == 2


async def test_a_case_that_temporal_does_not_know_is_started_again(casework: Casework) -> None:
    state = await casework.open()
    await start(casework)
    async with casework.database.write() as session:
        await mark_lost(session, state.case_id)
    assert [case.case_id for case in await claim(casework)] == [state.case_id]


async def test_an_answer_that_joined_is_told_until_it_is_consumed(casework: Casework) -> None:
    await casework.open()
    await start(casework)
    await casework.hear(another("r-2"))
    async with casework.database.write() as session:
        told = await claim_unheard(session, TODAY, now=MONDAY_MORNING, limit=10)
        at_once = await claim_unheard(session, TODAY, now=MONDAY_MORNING, limit=10)
        later = MONDAY_MORNING + CLAIM + timedelta(seconds=1)
        again = await claim_unheard(session, TODAY, now=later, limit=10)
    assert (len(told), len(at_once), len(again)) == (1, 0, 1)


async def test_the_oldest_unheard_answer_is_known(casework: Casework) -> None:
    await casework.hear()
    async with casework.database.read() as session:
        assert await oldest_undispatched(session) == MONDAY_MORNING


async def test_a_case_long_overdue_is_started_again_but_not_at_every_sweep(
    casework: Casework,
) -> None:
    state = await casework.open()
    await start(casework)
    overdue = state.rungs[0].at - MONDAY_MORNING + LONG_OVERDUE + timedelta(seconds=1)
    again = await claim(casework, after=overdue)
    async with casework.database.write() as session:
        await mark_started(session, again, TODAY, at=MONDAY_MORNING)
    assert len(again) == 1
    assert await claim(casework, after=overdue + timedelta(seconds=2)) == []


async def test_a_case_is_long_overdue_by_real_time_however_fast_its_days_are_played(
    casework: Casework,
) -> None:
    state = await casework.open()
    await start(casework)
    lapse = Timelapse(MONDAY_MORNING + timedelta(days=90), 50_000)
    overdue = state.rungs[0].at - MONDAY_MORNING + timedelta(hours=20)

    assert await claim(casework, after=overdue, lapse=lapse) == []
    assert len(await claim(casework, after=timedelta(days=89), lapse=lapse)) == 1
