"""The cost of a case is a promise, so it is held here too and not only printed."""

import pytest

from bench.cost import AIMS, cost_of_a_life

pytestmark = pytest.mark.story


@pytest.mark.parametrize(("name", "silent_first"), [("happy", False), ("stalled", True)])
async def test_a_standard_case_costs_no_more_than_its_aim(name: str, silent_first: bool) -> None:  # noqa: FBT001 - a parameter of the test
    cost = await cost_of_a_life(silent_first=silent_first)
    assert cost.actions <= AIMS[name]
