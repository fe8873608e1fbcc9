"""What users of comparable systems complain of, each by the name of its failure.

The whole list, with the tests that stand elsewhere, is docs/failures-designed-out.md.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from sqlmodel import select

from models.absence import Absence
from models.access_tables import SessionRow
from models.actions import (
    Acknowledge,
    AddAction,
    Attempt,
    Close,
    Confirm,
    FinishAction,
    HandOver,
    NameCause,
    Outcome,
    Pause,
    Reached,
)
from models.case import next_turn
from models.errors import NotUnderstood, WrongMove
from models.hours import between
from models.ladder import CallPolicy, Level, Policy
from models.longest_pause import require_short
from models.mappings import Source
from models.organisation import Ladder, Organisation, Region, Route
from models.organisation_file.reading import read_as_known
from models.pauses import PausePolicy, PauseReason
from models.people import Person
from models.resurvey_policy import ResurveyPolicy
from models.store.absences import keep_absence
from models.store.database import Database
from models.store.stalled import list_stalled
from models.targets import Fate
from models.teams import Team
from models.timeline import EntryKind
from models.topics import Topic
from models.vault import Vault
from tests.casework import MONDAY_MORNING, SMALL, Casework
from tests.casework_fixture import casework_of
from tests.web.pages.reception import confirming

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "docs" / "failures-designed-out.md"
NAMED = re.compile(r"`(test_\w+)`")
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
RULES = (
    *(Organisation, Policy, Level, CallPolicy, Region, Route, Source, Person, Topic),
    *(Ladder, Team, PausePolicy, PauseReason, ResurveyPolicy),
)
"""What the organisation file becomes."""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """None of these failures depends on the engine below."""
    return sqlite_url


async def test_an_alarm_is_not_sent_after_the_case_was_closed(casework: Casework) -> None:
    """A reminder that was written but has not left comes to somebody who closed the case an hour ago."""
    state = await casework.open()
    state = await casework.stay_silent(state)
    state = await casework.act(state, Close(Outcome.WITHDRAWN), state.rungs[0].at)

    assert state.rungs == ()
    assert {m.status for m in (await casework.view(state.case_id)).messages} == {"withdrawn"}


async def test_a_case_acknowledged_and_then_forgotten_climbs_all_the_same(
    casework: Casework,
) -> None:
    """One click on "seen" silences every further alarm, and the customer waits for ever."""
    state = await casework.act(await casework.open(), Acknowledge(), MONDAY_MORNING)
    while state.level == 0:
        state = await casework.stay_silent(state)

    assert state.owner == "denis"


async def test_a_reopened_case_is_not_overdue_at_once(casework: Casework) -> None:
    """The old target runs on through the time in which the case was thought solved."""
    state = await confirming(casework)
    later = MONDAY_MORNING + A_WEEK
    state = await casework.act(state, Confirm(solved=False), later)

    running = [row for row in await casework.target_rows(state.case_id) if row.fate is None]
    assert running
    assert all(row.due_at > later for row in running)
    assert all(rung.at > later for rung in state.rungs)


def test_a_split_day_and_one_that_ends_at_midnight_are_not_a_minute_off() -> None:
    """One window a day is all that can be written, or a day until 24:00 loses its last minute."""
    north = read_as_known(SMALL.read_text(), name=SMALL.name, at=MONDAY_MORNING).hours_of("north")
    monday, saturday = (datetime(2027, 3, day, tzinfo=UTC) for day in (1, 6))

    assert between(north, monday, monday + A_DAY) == timedelta(hours=8)
    assert between(north, saturday, saturday + A_DAY) == timedelta(hours=4)


async def test_no_ladder_ends_in_silence(casework: Casework) -> None:
    """On the highest level nothing follows any more, and nobody sees the case that waits there."""
    state = await casework.open()
    for _ in range(20):
        state = await casework.stay_silent(state)

    assert state.owner == "nora"
    assert state.rungs
    async with casework.database.read() as session:
        assert [row.id for row in await list_stalled(session, limit=9)] == [state.case_id]


async def test_no_case_is_paused_for_ever_or_without_a_reason(casework: Casework) -> None:
    """A status stops the clock, and nobody has to say why, or until when."""
    state = await casework.act(await casework.open(), Acknowledge(), MONDAY_MORNING)
    async with casework.database.read() as session:
        today = (await casework.book.in_force(session)).organisation
    hours, unrested = today.hours_of("north"), timedelta()
    no_reason = Pause("", MONDAY_MORNING + A_DAY)
    with pytest.raises(NotUnderstood):
        require_short(no_reason, today.pauses, hours, rested=unrested, now=MONDAY_MORNING)
    endless = Pause("customer_away", MONDAY_MORNING + 60 * A_DAY)
    with pytest.raises(WrongMove, match="ends by"):
        require_short(endless, today.pauses, hours, rested=unrested, now=MONDAY_MORNING)

    state = await casework.act(
        state, Pause("customer_away", MONDAY_MORNING + A_DAY), MONDAY_MORNING
    )
    state = await casework.stay_silent(state)
    assert state.pause is None
    assert next_turn(state)


async def test_a_second_clock_does_not_override_the_first(database: Database, vault: Vault) -> None:
    """A case has one due date, and the latest rule that touches it wins."""
    text = SMALL.read_text().replace(
        "confirmation: 20s", "confirmation: 20s\n  attempt: 2h\n  closure: 4d"
    )
    casework = await casework_of(text, database, vault)
    state = await casework.act(await casework.open(), Acknowledge(), MONDAY_MORNING)
    first = {row.target: row.due_at for row in await casework.target_rows(state.case_id)}
    at = MONDAY_MORNING + timedelta(hours=1)
    state = await casework.act(state, Attempt(Reached.NO_ANSWER), at)
    rows = {row.target: row for row in await casework.target_rows(state.case_id)}

    assert {"attempt", "contact", "closure"} <= first.keys()
    assert {name: rows[name].due_at for name in first} == first
    assert {name for name, row in rows.items() if row.fate is None} == {"contact", "closure"}
    assert rows["attempt"].fate == Fate.MET


async def test_alarms_of_a_case_do_not_go_to_who_had_it_before(casework: Casework) -> None:
    """It was handed over, or joined with another one, and the reminders still go where they went."""
    state = await casework.act(await casework.open(), HandOver("nora"), MONDAY_MORNING)
    before = {m.id for m in (await casework.view(state.case_id)).messages}
    for _ in range(3):
        state = await casework.stay_silent(state)
    told = [m for m in (await casework.view(state.case_id)).messages if m.id not in before]

    assert {m.person for m in told if m.message in {"reminder", "repeat"}} == {"nora"}


async def test_a_repair_that_nobody_accepts_is_not_forgotten(casework: Casework) -> None:
    """Who repaired says that it is done, and there it stays: nobody looks, nobody asks the customer."""
    state = await casework.open()
    for act in (
        Attempt(Reached.REACHED),
        NameCause("delay"),
        AddAction("denis", MONDAY_MORNING + 2 * A_DAY),
    ):
        state = await casework.act(state, act, MONDAY_MORNING)
    state = await casework.act(state, FinishAction(1), MONDAY_MORNING, by="denis")
    owner = state.owner
    for _ in range(4):
        state = await casework.stay_silent(state) if state.owner == owner else state

    assert state.to_accept
    assert state.owner != owner


async def test_of_several_reminders_not_only_the_first_rings(casework: Casework) -> None:
    """There are three thresholds, the first one fires, and the others never do."""
    state = await casework.open()
    while state.level == 0:
        state = await casework.stay_silent(state)

    timeline = (await casework.view(state.case_id)).timeline
    reminded = [entry for entry in timeline if entry.kind is EntryKind.REMINDED]
    asked = [m for m in (await casework.view(state.case_id)).messages if m.message == "reminder"]
    assert [entry.due for entry in reminded] == [entry.at for entry in reminded]
    assert [len(reminded), len(asked)] == [2, 2]


async def test_reopened_work_does_not_return_to_somebody_who_is_away(casework: Casework) -> None:
    """The customer says no, and the case goes back to whom nobody will meet this week."""
    state = await confirming(casework)
    async with casework.database.write() as session:
        for person in ("dora", "denis"):
            absence = Absence(person, person, MONDAY_MORNING, MONDAY_MORNING + A_WEEK)
            keep_absence(session, absence, by="nora", key=person, at=MONDAY_MORNING)
    state = await casework.act(state, Confirm(solved=False), MONDAY_MORNING + A_DAY)

    assert state.owner == "nora"


async def test_what_was_late_gets_no_later_once_it_was_answered(casework: Casework) -> None:
    """The miss goes on growing after the work is done, until the case is closed."""
    state = await casework.open()
    late = state.rungs[-1].at - timedelta(seconds=1)
    state = await casework.act(state, Acknowledge(), late + timedelta(hours=2))
    [row] = [r for r in await casework.target_rows(state.case_id) if r.target == "acknowledge"]
    await casework.act(state, Close(Outcome.WITHDRAWN), late + A_WEEK)
    [after] = [r for r in await casework.target_rows(state.case_id) if r.target == "acknowledge"]

    assert (row.fate, row.ended_at) == (Fate.MISSED, late + timedelta(hours=2))
    assert after == row


async def test_nobody_counts_as_away_because_he_is_not_signed_in(casework: Casework) -> None:
    """Whoever switches to his dialler is offline, and his cases go to others."""
    state = await casework.open()
    async with casework.database.read() as session:
        assert (await session.exec(select(SessionRow))).all() == []

    assert state.owner == "dora"


@pytest.mark.parametrize(
    ("rule", "name"), [(rule, field.name) for rule in RULES for field in fields(rule)]
)
def test_a_rule_is_not_accepted_that_nothing_executes(rule: type, name: str) -> None:
    """The editor takes a rule, keeps and shows it, and no code ever looks at it."""
    assert name in _looked_at(), f"{rule.__name__}.{name} is read from the file and then by nothing"


def test_every_failure_in_the_table_has_one_test_of_its_name() -> None:
    rows = [row for row in TABLE.read_text().splitlines() if re.match(r"\| \d", row)]
    named = [name for row in rows for name in NAMED.findall(row)]
    known = Counter(_tests())

    assert rows
    assert all(NAMED.search(row) for row in rows)
    assert {name: known[name] for name in named} == dict.fromkeys(named, 1)
    assert len(named) == len(set(named))


@cache
def _looked_at() -> set[str]:
    """Every attribute that is read outside of where the file is read."""
    rooms = ("activities", "models", "surveys", "templates", "web", "workflows", "machine")
    files = (path for room in rooms for path in (ROOT / room).rglob("*.py"))
    return {
        node.attr
        for path in files
        if "organisation_file" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    }


def _tests() -> Iterator[str]:
    for path in (ROOT / "tests").rglob("test_*.py"):
        yield from re.findall(r"^(?:async )?def (test_\w+)", path.read_text(), re.MULTILINE)
