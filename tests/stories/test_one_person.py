"""Two open cases turn out to be one person's: the younger one's workflow ends, whatever comes to it."""

import pytest
from temporalio.client import WorkflowExecutionStatus

from models.messages import workflow_id
from tests.stories.asking import is_asked
from tests.stories.callers import DIRECTOR, NATIONAL, unhappy
from tests.stories.household import CALM, Household, eventually, quick

pytestmark = [
    pytest.mark.story,
    pytest.mark.parametrize("organisation", [quick(CALM)], ids=["quick"]),
]


async def test_the_older_case_hears_it_and_the_younger_takes_no_act_any_more(
    household: Household,
) -> None:
    await household.up()
    older, younger = [await opened(household, name) for name in ("roy", "brun")]
    linked = await household.office.link(older, younger, by=NATIONAL)
    late = await household.office.act(younger, "acknowledge", by=DIRECTOR)
    await eventually(lambda: heard_again(household, older))
    await eventually(lambda: has_ended(household, younger))

    assert linked.is_success
    assert late.status_code == 409
    assert (await household.office.case(younger))["outcome"] == "absorbed"
    assert len((await household.office.case(older))["responses"]) == 2


async def opened(household: Household, customer: str) -> str:
    case = str((await household.survey.deliver(unhappy(customer)))["case_id"])
    await eventually(lambda: is_asked(household, case))
    return case


async def heard_again(household: Household, case: str) -> bool:
    return "heard_again" in await household.office.told(case)


async def has_ended(household: Household, case: str) -> bool:
    temporal = await household.temporal()
    found = await temporal.get_workflow_handle(workflow_id(case)).describe()
    return found.status is WorkflowExecutionStatus.COMPLETED
