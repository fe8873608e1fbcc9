"""The large size: somebody else's Temporal and PostgreSQL, the same code."""

import sys
from collections.abc import AsyncIterator

import pytest

from tests.stories.callers import unhappy
from tests.stories.household import Household, eventually
from tests.stories.parts import Part

pytestmark = pytest.mark.story


@pytest.fixture
async def large(household: Household, empty_postgresql_url: str) -> AsyncIterator[Part]:
    """`rappel up` beside a server that it did not start, on an empty PostgreSQL."""
    await household.start("temporal")
    environment = {
        **household.environment,
        "TEMPORAL_ADDRESS": f"127.0.0.1:{household.temporal_port}",
        "RAPPEL_DATABASE_URL": empty_postgresql_url,
    }
    command = (sys.executable, "-m", "rappel", "up")
    part = Part(command, environment, household.folder / "large.log")
    household.parts["large"] = part
    await part.start()
    await eventually(household.healthy)
    yield part
    await part.stop()


async def test_a_case_is_lived_on_a_cluster_and_postgresql(
    household: Household, large: Part
) -> None:
    case = (await household.survey.deliver(unhappy("roy")))["case_id"]
    await household.office.act_surely(case, "attempts", outcome="reached")
    second = await household.survey.deliver(unhappy("roy", response="again"))
    assert second["case_id"] == case
    assert await eventually(lambda: heard_again(household, case))


async def test_no_server_is_started_and_no_file_is_made(household: Household, large: Part) -> None:
    assert not any("start-dev" in command for command in large.children.values())
    assert not household.database.exists()


async def heard_again(household: Household, case: str) -> bool:
    return "heard_again" in await household.office.told(case)
