"""What users of comparable systems complain of, each by the name of its failure.

The whole list, with the tests that stand elsewhere, is docs/failures-designed-out.md.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from models.actions import Acknowledge, Close, Confirm, Outcome
from models.ladder import CallPolicy, Level, Policy
from models.organisation import Organisation, Region, Route, Source
from models.people import Person
from models.topics import Topic
from tests.casework import MONDAY_MORNING, Casework
from tests.web.pages.reception import confirming

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "docs" / "failures-designed-out.md"
NAMED = re.compile(r"`(test_\w+)`")
A_WEEK = timedelta(days=7)
RULES = (Organisation, Policy, Level, CallPolicy, Region, Route, Source, Person, Topic)
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
