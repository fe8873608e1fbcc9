"""Somebody goes away and comes back, and his cases with him: new ones and open ones."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from activities.roster import Roster
from models.absence import Absence, RosterAsked, RosterChanged
from models.actions import Acknowledge, AddAction, Attempt, HandOver, NameCause, Reached
from models.case import CaseState, Stage
from models.errors import Misconfigured
from models.messages import Verdict
from models.store.absences import end_absence, keep_absence, untold_absences
from models.store.organisations import apply_organisation
from models.timeline import EntryKind
from tests.casework import MONDAY_MORNING, SMALL, Casework

LATER = MONDAY_MORNING + timedelta(minutes=5)
WEEK = Absence("absence-1", "dora", LATER, LATER + timedelta(days=7))
BACK = WEEK.until


async def record(casework: Casework, *absences: Absence) -> None:
    async with casework.database.write() as session:
        for absence in absences:
            keep_absence(session, absence, by="nora", key=absence.id, at=MONDAY_MORNING)


async def misplaced(casework: Casework, at: datetime, person: str = "dora") -> tuple[str, ...]:
    return (await Roster(casework.database, casework.book).look(RosterAsked(person, at))).cases


async def told(casework: Casework, state: CaseState, at: datetime) -> CaseState:
    """What the workflow of the case does after its signal."""
    return (await casework.take(state, RosterChanged(WEEK.id, at))).state


async def letters(casework: Casework, state: CaseState) -> list[tuple[str, str | None]]:
    view = await casework.view(state.case_id)
    return [(m.message, m.person) for m in view.messages if m.status != "withdrawn"]


async def test_a_new_case_goes_to_the_stand_in_and_says_for_whom(casework: Casework) -> None:
    await record(casework, replace(WEEK, since=MONDAY_MORNING))
    state = await casework.open()
    assert (state.owner, state.assignee, state.stands_for) == ("denis", "dora", "dora")
    [entry] = [e for e in (await casework.view(state.case_id)).timeline if e.kind == "assigned"]
    assert (entry.facts["to"], entry.facts["for"]) == ("denis", "dora")


async def test_open_cases_do_not_stay_with_who_is_away(casework: Casework) -> None:
    """Elsewhere nobody gets the open cases of a director who is away."""
    state = await casework.act(await casework.open(), Acknowledge(), MONDAY_MORNING)
    await record(casework, WEEK)
    assert await misplaced(casework, LATER) == (state.case_id,)

    there = await told(casework, state, LATER)

    assert (there.owner, there.stage, there.stands_for) == ("denis", Stage.ASKED, "dora")
    assert there.rungs[0].at > LATER
    assert await misplaced(casework, LATER) == ()
    assert await misplaced(casework, BACK) == (state.case_id,)
    back = await told(casework, there, BACK)
    assert (back.owner, back.stands_for) == ("dora", None)


async def test_both_are_told_but_not_who_is_away(casework: Casework) -> None:
    state = await casework.open()
    await record(casework, WEEK)
    there = await told(casework, state, LATER)
    assert await letters(casework, there) == [("handed_over", "denis")]
    back = await told(casework, there, BACK)
    assert sorted(await letters(casework, back)) == [("handed_over", "dora"), ("moved_on", "denis")]


async def test_where_the_roster_changes_nothing_nothing_is_written(casework: Casework) -> None:
    state = await casework.open()
    receipt = await casework.take(state, RosterChanged(WEEK.id, LATER))
    assert (receipt.verdict, receipt.state) == (Verdict.STALE, state)
    assert (await casework.view(state.case_id)).state == state


async def test_a_signal_that_comes_twice_moves_the_case_once(casework: Casework) -> None:
    state = await casework.open()
    await record(casework, WEEK)
    there = await told(casework, state, LATER)
    again = await casework.take(there, RosterChanged(WEEK.id, LATER))
    assert (again.verdict, again.state) == (Verdict.STALE, there)


async def test_cases_that_are_not_given_back_stay(casework: Casework) -> None:
    state = await casework.open()
    await record(casework, replace(WEEK, gives_back=False))
    there = await told(casework, state, LATER)
    assert (there.owner, there.stands_for) == ("denis", None)
    assert await misplaced(casework, BACK) == ()


async def test_a_case_follows_the_chain_and_comes_back_along_it(casework: Casework) -> None:
    weekend = Absence("absence-2", "denis", LATER, LATER + timedelta(days=2), "nora")
    state = await casework.open()
    await record(casework, WEEK, weekend)
    far = await told(casework, state, LATER)
    assert far.owner == "nora"
    assert await misplaced(casework, weekend.until, "denis") == (state.case_id,)
    near = await told(casework, far, weekend.until)
    assert (near.owner, near.stands_for) == ("denis", "dora")


async def test_what_the_stand_in_handed_over_does_not_come_back(casework: Casework) -> None:
    state = await casework.open()
    await record(casework, WEEK)
    there = await told(casework, state, LATER)
    await casework.act(there, HandOver("nora"), LATER)
    assert await misplaced(casework, BACK) == ()


async def test_an_absence_that_is_called_off_is_over(casework: Casework) -> None:
    state = await casework.open()
    await record(casework, WEEK)
    there = await told(casework, state, LATER)
    soon = LATER + timedelta(hours=1)
    async with casework.database.write() as session:
        await end_absence(session, WEEK.id, at=soon)
    assert (await told(casework, there, soon)).owner == "dora"


async def test_a_level_whose_person_is_away_is_skipped_at_once(casework: Casework) -> None:
    await record(casework, replace(WEEK, person="denis", stand_in="dora"))
    state = await casework.open()
    while state.owner == "dora":
        state = await casework.stay_silent(state)
    assert (state.owner, state.level) == ("nora", 2)
    skipped = [
        e for e in (await casework.view(state.case_id)).timeline if e.kind == "level_skipped"
    ]
    assert [entry.facts["why"] for entry in skipped] == ["away"]


async def test_on_the_last_level_a_stand_in_is_better_than_nobody(casework: Casework) -> None:
    gone = [replace(WEEK, id=f"absence-{p}", person=p, stand_in="dora") for p in ("denis", "nora")]
    state = await casework.open()
    await casework.act(state, HandOver("denis"), MONDAY_MORNING)
    state = await casework.state(state.case_id)
    await record(casework, *gone)
    while state.level < 2:
        state = await casework.stay_silent(state)
    assert (state.owner, state.stands_for) == ("dora", "nora")


async def test_who_stands_at_the_top_while_he_stands_in_keeps_the_case(casework: Casework) -> None:
    """Else it came back to a director above whom nobody is asked any more."""
    away = replace(WEEK, since=MONDAY_MORNING)
    await record(casework, away, replace(away, id="absence-2", person="denis"))
    state = await casework.open()
    assert (state.owner, state.stands_for) == ("nora", "dora")

    while state.level < 2:
        state = await casework.stay_silent(state)

    assert (state.owner, state.stands_for) == ("nora", None)
    assert (await told(casework, state, BACK)).owner == "nora"


async def test_work_that_was_agreed_goes_on_with_the_stand_in(casework: Casework) -> None:
    """Who has spoken with the customer was reached: nobody asks him to begin anew."""
    state = await casework.open()
    due = LATER + timedelta(days=3)
    for act in (Attempt(Reached.REACHED), NameCause("delay"), AddAction("denis", due)):
        state = await casework.act(state, act, MONDAY_MORNING)
    await record(casework, WEEK)
    there = await told(casework, state, LATER)
    assert (there.owner, there.stage) == ("denis", Stage.REPAIRING)
    assert there.rungs[0].at >= due


async def test_the_timeline_says_that_the_roster_moved_it(casework: Casework) -> None:
    state = await casework.open()
    await record(casework, WEEK)
    await told(casework, state, LATER)
    kinds = [e.kind for e in (await casework.view(state.case_id)).timeline if e.seq == 2]
    assert kinds[:2] == [EntryKind.ROSTER_CHANGED, EntryKind.ASSIGNED]


WITHOUT_DENIS = (
    SMALL.read_text()
    .replace(
        '  - {id: denis, name: Denis Deputy, role: deputy, language: en, phone: "+33 6 39 98 00 42"}\n',
        "",
    )
    .replace("    deputy: denis\n", "")
)


async def put_in_force(casework: Casework, text: str) -> None:
    await apply_organisation(casework.database, text, name=SMALL.name, at=LATER)


async def test_nobody_leaves_while_cases_are_his(casework: Casework) -> None:
    state = await casework.open()
    await casework.act(state, HandOver("denis"), MONDAY_MORNING)
    with pytest.raises(Misconfigured, match="denis is in the organisation no more, and 1 open"):
        await put_in_force(casework, WITHOUT_DENIS)


async def test_the_cases_of_who_has_left_go_to_the_successor(casework: Casework) -> None:
    state = await casework.act(await casework.open(), HandOver("denis"), MONDAY_MORNING)
    await put_in_force(casework, f"{WITHOUT_DENIS}successors: {{denis: nora}}\n")
    async with casework.database.read() as session:
        [left] = await untold_absences(session, "engine", now=LATER, limit=9)

    assert await misplaced(casework, LATER, left.person) == (state.case_id,)
    after = await told(casework, state, LATER)

    assert (after.owner, after.stands_for) == ("nora", None)


async def test_who_owns_nothing_may_leave(casework: Casework) -> None:
    await casework.open()
    await put_in_force(casework, WITHOUT_DENIS)
    async with casework.database.read() as session:
        assert await untold_absences(session, "engine", now=LATER, limit=9) == ()
