"""Any life through the real commit, each commit run twice: what the rows tell and the state agree."""

import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from models.action_tables import ActionRow
from models.actions import (
    Acknowledge,
    Act,
    AddAction,
    Attempt,
    CallMe,
    Close,
    Confirm,
    FinishAction,
    HandOver,
    NameCause,
    Outcome,
    Pause,
    PromiseKind,
    Reached,
    Resume,
    TakeBack,
)
from models.case import AWAITS, Acted, CaseState, Event, HeardAgain, Silence
from models.deadlines import target_of
from models.errors import WrongMove
from models.handling import AcceptAction, AskTime, ChangeAction, DropAction, RefuseAction
from models.pause_tables import PauseRow
from models.promise_tables import PromiseRow
from models.promises import word_of
from models.replans import Replan, Replanned
from models.store.database import Database
from models.store.organisations import apply_organisation
from models.store.views import EntryView
from models.targets import Fate
from models.vault import Vault
from tests.casework import MONDAY_MORNING, SMALL, Casework, another, request_of
from tests.casework_fixture import casework_of
from tests.lives import LIVES

HOUR = timedelta(hours=1)
BY = MONDAY_MORNING + 100 * HOUR
REPAIRED: tuple[Act, ...] = (
    Attempt(Reached.REACHED),
    NameCause("delay"),
    AddAction("dora", BY, PromiseKind.REPAIR),
    FinishAction(1),
)
OFFERED: tuple[Act, ...] = (
    Attempt(Reached.REACHED),
    NameCause("delay"),
    AddAction("denis", BY),
    HandOver("desk"),
    FinishAction(1),
)
"""By somebody who does not own the case any more: it waits to be accepted."""
TEXT = SMALL.read_text().replace(
    "routing:\n",
    "teams: [{id: desk, name: Desk, members: [denis, nora], ceiling: 1, overflow: dora}]\nrouting:\n",
)
HASTY = TEXT.replace("contact: 4h", "contact: 1h").replace("plan: 2d", "plan: 1d")
Happening = tuple[Act, ...] | str
"""Acts one after the other, "silence", "words", or that the case is "planned anew"."""

ACTS: st.SearchStrategy[Act] = st.one_of(
    st.just(Acknowledge()),
    st.builds(Attempt, st.sampled_from([Reached.REACHED, Reached.VOICEMAIL, Reached.REFUSED])),
    st.just(TakeBack()),
    st.builds(AddAction, st.just("dora"), st.just(BY), st.none() | st.sampled_from(PromiseKind)),
    st.builds(FinishAction, st.integers(1, 3), st.booleans()),
    st.builds(AcceptAction, st.integers(1, 2)),
    st.builds(RefuseAction, st.integers(1, 2), st.just(BY)),
    st.builds(AskTime, st.integers(1, 2), st.just(BY)),
    st.builds(ChangeAction, st.integers(1, 2), st.just(BY + HOUR), st.sampled_from([None, "nora"])),
    st.builds(DropAction, st.integers(1, 2), st.booleans()),
    st.builds(Pause, st.just("customer_away"), st.just(MONDAY_MORNING + 30 * HOUR)),
    st.just(Resume()),
    st.builds(HandOver, st.sampled_from(["dora", "denis", "nora", "desk"])),
    st.builds(Confirm, st.booleans()),
    st.just(CallMe()),
    st.builds(Close, st.sampled_from(Outcome)),
)
HAPPENINGS = st.one_of(
    ACTS.map(lambda act: (act,)),
    st.sampled_from([REPAIRED, OFFERED]),
    st.sampled_from(["silence", "words", "planned anew"]),
)


@pytest.mark.timeout(120 * LIVES)
@settings(
    max_examples=6 * LIVES, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
@given(happenings=st.lists(HAPPENINGS, min_size=3, max_size=10))
async def test_after_any_life_whose_commits_all_ran_twice_the_rows_tell_what_the_state_does(
    happenings: list[Happening], migrated_sqlite: Path, vault: Vault
) -> None:
    with TemporaryDirectory() as folder:
        path = shutil.copy(migrated_sqlite, Path(folder) / "rappel.db")
        database = Database(f"sqlite+aiosqlite:///{path}", vault)
        casework = await casework_of(TEXT, database, vault)
        state = await casework.open()
        await apply_organisation(database, HASTY, name="hasty.yaml", at=MONDAY_MORNING)
        for hour, happening in enumerate(happenings, 1):
            state = await _lived(casework, state, happening, hour)
        await database.close()


async def _lived(
    casework: Casework, state: CaseState, happening: Happening, hour: int
) -> CaseState:
    at = max(
        MONDAY_MORNING + hour * HOUR, *(entry.at for entry in await _timeline(casework, state))
    )
    if happening == "silence":
        rungs = state.rungs[:1]
        events: list[Event] = [Silence(rung, max(rung.at, at)) for rung in rungs]
    elif happening == "planned anew":
        events = [Replanned(f"command-{hour}", Replan(2, overdue_now=bool(hour % 2)), at)]
    elif happening == "words":
        if state.closed:
            return state
        joined = await casework.hear(another(f"r-{hour}-more", submitted_at=at))
        events = [HeardAgain(joined.response_id, 1, at, at)]
    else:
        events = [
            Acted(act, "dora", at, await casework.draft(state.case_id, act))
            for act in happening
            if isinstance(act, Act)
        ]
    for event in events:
        state = await _committed_twice(casework, state, event)
        await _agrees(casework, state)
    return state


async def _committed_twice(casework: Casework, state: CaseState, event: Event) -> CaseState:
    """A refused one writes nothing."""
    try:
        request = request_of(state, event)
    except WrongMove:
        assert await casework.state(state.case_id) == state
        return state
    first = await casework.records.commit(request)
    entries = await _timeline(casework, state)
    assert await casework.records.commit(request) == first
    assert await _timeline(casework, state) == entries
    return first.state


async def _agrees(casework: Casework, state: CaseState) -> None:
    assert await casework.state(state.case_id) == state
    instants = [entry.at for entry in await _timeline(casework, state)]
    assert instants == sorted(instants)
    await _targets_agree(casework, state)
    await _promises_agree(casework, state)
    await _actions_and_pauses_agree(casework, state)


async def _targets_agree(casework: Casework, state: CaseState) -> None:
    rows = await casework.target_rows(state.case_id)
    beside = {target_of(deadline.watch) for deadline in state.deadlines}
    awaited = set() if state.closed else {AWAITS[state.stage], *beside}
    running = Counter(row.target for row in rows if row.fate is None)
    assert set(running) <= awaited
    assert set(running.values()) <= {1}
    for row in rows:
        assert (row.fate is None) is (row.ended_at is None)
        if row.fate == Fate.MET:
            assert row.ended_at is not None
            assert row.ended_at <= row.due_at
        if row.fate == Fate.MISSED:
            assert row.ended_at is not None
            assert row.ended_at >= row.due_at


async def _promises_agree(casework: Casework, state: CaseState) -> None:
    async with casework.database.read() as session:
        of_case = select(PromiseRow).where(PromiseRow.case_id == state.case_id)
        rows = {row.number: row.word for row in (await session.exec(of_case)).all()}
    closed_at = (await _timeline(casework, state))[-1].at if state.closed else None
    told = {a.number: word_of(a, closed_at=closed_at) for a in state.actions if a.promise}
    assert rows == told


async def _actions_and_pauses_agree(casework: Casework, state: CaseState) -> None:
    async with casework.database.read() as session:
        of_case = select(ActionRow).where(ActionRow.case_id == state.case_id)
        actions = (await session.exec(of_case)).all()
        rested = select(PauseRow).where(PauseRow.case_id == state.case_id)
        pauses = (await session.exec(rested)).all()
    told = {(a.number, a.owner, a.due, str(a.stand), a.refused) for a in state.actions}
    assert {(r.number, r.owner, r.due_at, r.stand, r.refused) for r in actions} == told
    running = [row.since for row in pauses if row.ended_at is None]
    assert running == ([state.pause.since] if state.pause else [])
    assert all(row.ended_at <= row.until for row in pauses if row.ended_at)


async def _timeline(casework: Casework, state: CaseState) -> tuple[EntryView, ...]:
    return tuple((await casework.view(state.case_id)).timeline)
