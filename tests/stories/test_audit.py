"""A workflow is ended, or its timer lost, behind our back: the audit finds it, and the case goes on."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from temporalio.client import WorkflowHandle

from models.messages import workflow_id
from tests.stories.asking import asked
from tests.stories.callers import happened, unhappy
from tests.stories.household import Household, eventually
from tests.workflows.auditor import audit_by_schedule
from workflows.callback import CallbackWorkflow

pytestmark = pytest.mark.story


async def test_a_workflow_that_was_terminated_is_found_started_again_and_goes_on(
    household: Household,
) -> None:
    await household.up()
    sound, lost = [await asked(household, unhappy(name)) for name in ("roy", "brun")]
    await (await workflow(household, lost)).terminate("behind our back")

    await audit(household, finds=1)
    await eventually(lambda: resumed(household, lost))
    told = await household.office.act_surely(lost, "acknowledge")

    assert happened(told)[-2:] == ["resumed", "acknowledged"]
    assert f"{lost}: missing, started again" in printed(household)
    assert await alarms(household) == 1
    await audit(household, finds=0)
    assert await alarms(household) == 0
    assert "resumed" not in await household.office.told(sound)


async def test_a_case_whose_timer_was_lost_is_nudged(household: Household) -> None:
    """For us it is late while its workflow waits, as if a timer had never rung."""
    await household.up()
    case = await asked(household, unhappy("roy"))
    make_late(household, case)

    await audit(household, finds=1)

    assert f"{case}: overdue, nudged" in printed(household)
    history = await (await workflow(household, case)).fetch_history()
    signals = [event.workflow_execution_signaled_event_attributes for event in history.events]
    assert [signal.signal_name for signal in signals if signal.signal_name] == ["nudge"]


async def test_the_schedule_audits_by_itself(household: Household) -> None:
    """The household counts as healthy only once an audit has ended."""
    await household.up()

    run = await audit_by_schedule(await household.temporal())

    assert (await run.result()).found == {}
    assert household.select("SELECT looked_at FROM audits WHERE ended_at IS NOT NULL")


async def audit(household: Household, *, finds: int) -> None:
    """`rappel audit`, which says by its exit code whether it found anything."""
    part = household.rappel("audit")
    await part.start()
    assert part._process is not None
    assert await part._process.wait() == (1 if finds else 0), printed(household)


def printed(household: Household) -> str:
    return (household.folder / "audit.log").read_text()


async def workflow(household: Household, case: str) -> WorkflowHandle[CallbackWorkflow, object]:
    temporal = await household.temporal()
    return temporal.get_workflow_handle(workflow_id(case))


async def resumed(household: Household, case: str) -> bool:
    return "resumed" in await household.office.told(case)


async def alarms(household: Household) -> int:
    return int((await household.http.get("/healthz")).json()["open_alarms"])


def make_late(household: Household, case: str) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=400)
    with closing(sqlite3.connect(household.database, timeout=30)) as connection, connection:
        connection.execute(
            "UPDATE cases SET due_at = ? WHERE id = ?",
            (long_ago.strftime("%Y-%m-%d %H:%M:%S.%f"), case),
        )
