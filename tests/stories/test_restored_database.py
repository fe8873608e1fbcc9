"""An old copy of the database is put back: the workflows know better, and the timeline says so."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from temporalio.client import WorkflowExecutionStatus

from models.messages import workflow_id
from tests.stories.callers import DEPUTY, Json, unhappy
from tests.stories.household import CALM, Household, eventually, quick

pytestmark = [
    pytest.mark.story,
    pytest.mark.parametrize("organisation", [quick({**CALM, "contact": "4s"})], ids=["quick"]),
]


async def test_the_next_act_writes_the_state_and_the_timeline_records_the_gap(
    household: Household,
) -> None:
    case, copy = await opened_and_copied(household)
    await household.office.act_surely(case, "attempts", outcome="reached")
    await household.office.act_surely(case, "cause", cause="price")

    await restore(household, copy)
    told = await household.office.act_surely(case, "actions", what="Refund the fee.")

    assert [entry["kind"] for entry in told["timeline"]] == [
        *("heard", "assigned", "asked", "gap", "action_added")
    ]
    assert told["timeline"][3]["facts"] == {"after": 1, "until": 3}
    assert (told["seq"], told["state"], told["cause"]) == (4, "repairing", "price")


async def test_the_next_rung_records_the_gap_too(household: Household) -> None:
    case, copy = await opened_and_copied(household)
    await household.office.act_surely(case, "acknowledge")

    await restore(household, copy)
    told = await eventually(lambda: with_entry(household, case, "handed_up"))

    kinds = [entry["kind"] for entry in told["timeline"]]
    assert kinds[:4] == ["heard", "assigned", "asked", "gap"]
    assert told["owner"] == DEPUTY


async def test_a_case_closed_after_the_copy_is_open_again_for_acts_and_responses(
    household: Household,
) -> None:
    case, copy = await opened_and_copied(household)
    await household.office.act_surely(case, "close", outcome="withdrawn", note="A test.")

    await restore(household, copy)
    again = await household.survey.deliver(unhappy("roy", response="again"))
    await eventually(lambda: with_entry(household, case, "heard_again"))
    told = await household.office.act_surely(case, "attempts", outcome="reached")

    assert again["case_id"] == case
    assert (told["open"], told["state"]) == (True, "contacted")


async def test_a_case_that_the_copy_does_not_know_waits_for_a_newer_copy(
    household: Household,
) -> None:
    _, copy = await opened_and_copied(household)
    newer = str((await household.survey.deliver(unhappy("brun")))["case_id"])
    await eventually(lambda: with_entry(household, newer, "asked"))
    await household.office.act_surely(newer, "acknowledge")
    newer_copy = copied(household, "newer.sqlite")

    await restore(household, copy)
    await eventually(lambda: commit_is_repeated(household, newer))
    missing = await household.office.act(newer, "acknowledge")
    healthy = await household.healthy()
    await restore(household, newer_copy)
    told = await eventually(lambda: with_entry(household, newer, "handed_up"))

    assert missing.status_code == 404
    assert healthy
    assert "gap" not in [entry["kind"] for entry in told["timeline"]]


async def opened_and_copied(household: Household) -> tuple[str, Path]:
    """A case that has been asked, and a copy of the database as it is then."""
    await household.up()
    case = str((await household.survey.deliver(unhappy("roy")))["case_id"])
    await eventually(lambda: with_entry(household, case, "asked"))
    return case, copied(household, "older.sqlite")


def copied(household: Household, name: str) -> Path:
    copy = household.folder / name
    with closing(sqlite3.connect(household.database)) as live, closing(sqlite3.connect(copy)) as to:
        live.backup(to)
    return copy


async def restore(household: Household, copy: Path) -> None:
    await household.stop("up")
    for file in household.folder.glob("rappel.sqlite*"):
        file.unlink()
    shutil.copy(copy, household.database)
    await household.up()


async def with_entry(household: Household, case: str, kind: str) -> Json | None:
    found = await household.office.case(case)
    return found if kind in [entry["kind"] for entry in found["timeline"]] else None


async def commit_is_repeated(household: Household, case: str) -> bool:
    temporal = await household.temporal()
    found = await temporal.get_workflow_handle(workflow_id(case)).describe()
    assert found.status is WorkflowExecutionStatus.RUNNING
    return any(pending.attempt > 1 for pending in found.raw_description.pending_activities)
