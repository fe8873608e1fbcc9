"""The file of the Temporal server is gone: every open case goes on from what the database knows."""

import pytest
from temporalio.client import WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from models.messages import workflow_id
from tests.stories.callers import DEPUTY, unhappy
from tests.stories.household import CALM, Household, eventually, quick

pytestmark = [
    pytest.mark.story,
    pytest.mark.parametrize("organisation", [quick({**CALM, "contact": "5s"})], ids=["quick"]),
]


async def test_every_open_case_goes_on_and_none_is_opened_twice(household: Household) -> None:
    await household.up()
    asked, late, closed = [await opened(household, name) for name in ("roy", "brun", "noel")]
    await household.office.act_surely(late, "acknowledge")
    await household.office.act_surely(closed, "close", outcome="withdrawn", note="A test.")

    await lose_the_file(household)
    await eventually(lambda: runs(household, asked))
    await eventually(lambda: runs(household, late))
    after = await household.office.act_surely(asked, "attempts", outcome="reached")
    handed = await eventually(lambda: handed_up(household, late))

    assert [entry["kind"] for entry in after["timeline"]] == [
        *("heard", "assigned", "asked", "resumed", "attempted")
    ]
    assert handed == DEPUTY
    assert not await runs(household, closed)
    assert household.select("SELECT count(*) FROM timeline WHERE kind = 'heard'") == [(3,)]


async def test_a_response_that_joined_before_the_loss_is_heard_after_it(
    household: Household,
) -> None:
    await household.prepare()
    await household.start("temporal", "worker", "web")
    case = await opened(household, "roy")
    await household.kill("temporal")
    await household.survey.deliver(unhappy("roy", response="again"))
    remove_the_file(household)

    await household.start("temporal")
    await eventually(lambda: heard_again(household, case))

    assert (await household.office.told(case)).count("heard_again") == 1


async def lose_the_file(household: Household) -> None:
    await household.stop("up")
    remove_the_file(household)
    await household.up()


def remove_the_file(household: Household) -> None:
    files = list(household.folder.glob("temporal.sqlite*"))
    assert files
    for file in files:
        file.unlink()


async def opened(household: Household, customer: str) -> str:
    case = str((await household.survey.deliver(unhappy(customer)))["case_id"])

    async def asked() -> bool:
        return "asked" in await household.office.told(case)

    await eventually(asked)
    return case


async def runs(household: Household, case: str) -> bool:
    """Whether the Temporal server of today has a running workflow for it."""
    temporal = await household.temporal()
    try:
        found = await temporal.get_workflow_handle(workflow_id(case)).describe()
    except RPCError as fault:
        if fault.status is RPCStatusCode.NOT_FOUND:
            return False
        raise
    return found.status is WorkflowExecutionStatus.RUNNING


async def handed_up(household: Household, case: str) -> str | None:
    found = await household.office.case(case)
    return str(found["owner"]) if found["level"] else None


async def heard_again(household: Household, case: str) -> bool:
    return "heard_again" in await household.office.told(case)
