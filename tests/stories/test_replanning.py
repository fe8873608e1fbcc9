"""A tighter target for the cases that are open, with a kill -9 of who tells them and of who does it."""

import os
import signal
import sys
from datetime import datetime, timedelta

import pytest

from tests.stories.asking import asked
from tests.stories.callers import unhappy
from tests.stories.household import CALM, Household, eventually, quick
from tests.stories.parts import Part

CASES = 30
REMINDED_SOON = quick({**CALM, "acknowledge": "600s"}).replace("[50%, 90%]", "[1%, 90%]")
"""Everybody is reminded six seconds after he was asked, and then not again during a story."""
TIGHTER = REMINDED_SOON.replace("acknowledge: 600s", "acknowledge: 500s")
TIGHTER_AND_LATE = TIGHTER.replace("contact: 1h", "contact: 1s")

pytestmark = [
    pytest.mark.story,
    pytest.mark.timeout(300),
    pytest.mark.parametrize("organisation", [REMINDED_SOON], ids=["reminded-soon"]),
]


async def test_killed_half_way_the_same_command_plans_every_case_anew_once(
    household: Household,
) -> None:
    await open_cases(household)
    (household.folder / "organisation.yaml").write_text(TIGHTER_AND_LATE)

    killed, second, third = (command(household, n) for n in range(3))
    await killed.start()
    await eventually(lambda: somebody_has_followed(household))
    assert killed.runs
    await killed.kill()
    await kill_worker(household)
    assert 0 < len(times(household, "replanned")) < CASES
    await second.finish()
    await third.finish()

    assert f"Version 2: 0 of {CASES} open cases would change." in third.log.read_text()
    assert household.select("SELECT DISTINCT version FROM cases") == [(2,)]
    assert times(household, "replanned") == [(1,)] * CASES
    assert times(household, "reminded") == [(1,)] * CASES
    assert lengths(household, "acknowledge") == {timedelta(seconds=500)}


async def open_cases(household: Household) -> None:
    """Each owner was reminded; one has taken his case, and would be late by the new target."""
    await household.up()
    first = await asked(household, unhappy("first"))
    for n in range(1, CASES):
        await household.survey.deliver(unhappy(f"customer-{n}"))
    await eventually(lambda: everybody_is_reminded(household))
    await household.office.act_surely(first, "acknowledge")


def command(household: Household, n: int) -> Part:
    """Whatever becomes of it, it does not outlive the household."""
    words = (sys.executable, "-m", "rappel", "org", "apply", "--replan", "--yes")
    return household.parts.setdefault(f"replan-{n}", household.part(f"replan-{n}", words))


async def kill_worker(household: Household) -> None:
    async def living() -> list[int]:
        children = household.parts["up"].children.items()
        return [process for process, command in children if "rappel worker" in command]

    (process,) = await eventually(living)
    os.kill(process, signal.SIGKILL)


async def somebody_has_followed(household: Household) -> bool:
    return bool(times(household, "replanned"))


async def everybody_is_reminded(household: Household) -> bool:
    return times(household, "reminded") == [(1,)] * CASES


def times(household: Household, kind: str) -> list[tuple[object, ...]]:
    """How often it stands on each timeline that has it."""
    return household.select("SELECT count(*) FROM timeline WHERE kind = ? GROUP BY case_id", kind)


def lengths(household: Household, target: str) -> set[timedelta]:
    """Of those that run."""
    running = household.select(
        "SELECT started_at, due_at FROM targets WHERE fate IS NULL AND target = ?", target
    )
    instants = ([datetime.fromisoformat(str(at)) for at in row] for row in running)
    return {due - start for start, due in instants}
