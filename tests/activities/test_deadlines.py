"""The first attempt and the closure have targets of their own beside that of the stage."""

from datetime import datetime, timedelta

import pytest

from models.actions import Acknowledge, AddAction, Attempt, HandOver, NameCause, Reached, TakeBack
from models.case import CaseState
from models.deadlines import CLOSURE, deadline_of
from models.ladder import RungKind
from models.store.database import Database
from models.survey import Origin
from models.timeline import EntryKind
from models.vault import Vault
from tests.casework import MONDAY_MORNING, SMALL, Casework, another
from tests.casework_fixture import casework_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BOTH = "  attempt: 1h\n  closure: 3d\n  by_channel: {social: {acknowledge: 10m}}\n"


@pytest.fixture
async def watched(database: Database, vault: Vault) -> Casework:
    """With both targets: an hour to the first attempt, three days to the end."""
    written = SMALL.read_text().replace("  contact: 4h\n", f"  contact: 4h\n{BOTH}")
    return await casework_of(written, database, vault)


async def until(casework: Casework, state: CaseState, kind: RungKind) -> CaseState:
    """Silent up to and with the first such rung."""
    while True:
        rung = state.rungs[0]
        state = await casework.stay_silent(state)
        if rung.kind is kind:
            return state


async def fates(casework: Casework, state: CaseState, target: str) -> list[str | None]:
    return [fate for name, fate in await casework.targets(state.case_id) if name == target]


async def test_an_attempt_in_time_meets_its_target_and_the_contact_runs_on(
    watched: Casework,
) -> None:
    state = await watched.open()
    state = await watched.act(state, Acknowledge(), MONDAY_MORNING)
    await watched.act(state, Attempt(Reached.VOICEMAIL), MONDAY_MORNING + HOUR / 2)
    assert await watched.targets(state.case_id) == [
        ("acknowledge", "met"),
        ("closure", None),
        ("attempt", "met"),
        ("contact", None),
    ]


async def test_who_took_the_case_and_never_tried_loses_it_to_the_next_level(
    watched: Casework,
) -> None:
    """Long before the contact is due."""
    state = await watched.open()
    state = await watched.act(state, Acknowledge(), MONDAY_MORNING)
    state = await until(watched, state, RungKind.HAND_UP)
    view = await watched.view(state.case_id)
    assert (state.owner, state.level) == ("denis", 1)
    assert view.timeline[-1].at == MONDAY_MORNING + HOUR
    assert await fates(watched, state, "attempt") == ["missed"]
    assert await fates(watched, state, "contact") == ["dropped"]


async def test_a_time_that_the_customer_named_is_waited_for_before_an_attempt_is_due(
    watched: Casework,
) -> None:
    state = await watched.open()
    state = await watched.act(state, Acknowledge(), MONDAY_MORNING)
    named = MONDAY_MORNING + 2 * DAY
    state = await watched.act(state, Attempt(Reached.LATER, again_at=named), MONDAY_MORNING)
    assert all(rung.at >= named for rung in state.rungs)


async def test_an_attempt_that_is_taken_back_is_awaited_as_before(watched: Casework) -> None:
    state = await watched.open()
    taken = await watched.act(state, Acknowledge(), MONDAY_MORNING)
    tried = await watched.act(taken, Attempt(Reached.VOICEMAIL), MONDAY_MORNING + HOUR / 4)
    back = await watched.act(tried, TakeBack(), MONDAY_MORNING + HOUR / 3)
    assert (back.rungs, back.deadlines) == (taken.rungs, taken.deadlines)
    assert await fates(watched, back, "attempt") == [None]


async def test_a_case_that_is_not_closed_in_time_goes_up_and_has_a_new_target_there(
    watched: Casework,
) -> None:
    state = await planned(watched, due=MONDAY_MORNING + 3 * DAY - HOUR / 6)
    first = deadline_of(state, CLOSURE)
    assert first is not None
    state = await silent_up_to(watched, state, first.due)
    assert await fates(watched, state, "closure") == ["missed", None]
    entries = (await watched.view(state.case_id)).timeline
    assert any(
        e.kind is EntryKind.HANDED_UP and e.facts.get("target") == "closure" for e in entries
    )


async def test_a_closure_waits_for_what_was_promised_to_the_customer(watched: Casework) -> None:
    promised = MONDAY_MORNING + 10 * DAY
    state = await planned(watched, due=promised)
    assert min(rung.at for rung in state.rungs) >= promised


@pytest.mark.parametrize("due", [3 * DAY - HOUR / 6, 2 * DAY + 21 * HOUR])
async def test_who_is_reminded_of_two_things_at_one_instant_is_reminded_once(
    watched: Casework, due: timedelta
) -> None:
    """The closure waits for the date of the repair, at which its owner is asked about it anyway: then, or
    when he works again.
    """
    state = await planned(watched, due=MONDAY_MORNING + due)
    reminders = [rung for rung in state.rungs if rung.kind is RungKind.REMIND]
    assert [rung.watch for rung in reminders] == [None]


async def test_the_closure_is_due_at_the_same_instant_whoever_has_the_case(
    watched: Casework,
) -> None:
    state = await watched.open()
    before = deadline_of(state, CLOSURE)
    state = await watched.act(state, HandOver("denis"), MONDAY_MORNING + HOUR)
    after = deadline_of(state, CLOSURE)
    assert before
    assert after
    assert (after.due, after.person) == (before.due, "denis")
    assert await fates(watched, state, "closure") == [None]


async def test_a_channel_has_targets_of_its_own(watched: Casework) -> None:
    state = await watched.open(another("r-9", origin=Origin.SOCIAL))
    due = {row.target: row.due_at for row in await watched.target_rows(state.case_id)}
    assert due["acknowledge"] == MONDAY_MORNING + timedelta(minutes=10)


async def planned(casework: Casework, *, due: datetime) -> CaseState:
    state = await casework.open()
    for act in (Attempt(Reached.REACHED), NameCause("delay"), AddAction("dora", due)):
        state = await casework.act(state, act, MONDAY_MORNING)
    return state


async def silent_up_to(casework: Casework, state: CaseState, last: datetime) -> CaseState:
    while state.rungs[0].at <= last:
        state = await casework.stay_silent(state)
    return state
