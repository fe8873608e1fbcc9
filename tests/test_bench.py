"""What a bench shows is a promise where it has an aim, so it is held here too and not only printed."""

import pytest

from bench import kills
from bench.cost import AIMS, cost_of_a_life
from bench.theatre import Moment

pytestmark = pytest.mark.story


@pytest.mark.parametrize(("name", "silent_first"), [("happy", False), ("stalled", True)])
async def test_a_standard_case_costs_no_more_than_its_aim(name: str, silent_first: bool) -> None:  # noqa: FBT001 - a parameter of the test
    cost = await cost_of_a_life(silent_first=silent_first)
    assert cost.actions <= AIMS[name]


@pytest.mark.timeout(300)
async def test_however_a_post_office_is_killed_no_customer_is_told_twice_and_nothing_is_lost() -> (
    None
):
    report = await kills.conduct(runs=25, seed=20261128)
    assert [verdict for verdict in report.verdicts if not verdict.good] == []
    assert {moment for verdict in report.verdicts for moment in verdict.deaths} == {*Moment}
