"""The comparison of regions: who stands outside what chance explains."""

import pytest

from models.rates import rate
from tests.templates.figures_by_hand import of_region
from web.board.comparison import Verdict, compare, limits

OVERALL = rate(800, 1000)


@pytest.mark.parametrize("d", [30, 100, 1000])
def test_a_region_is_outside_when_its_own_interval_leaves_out_the_whole(d: int) -> None:
    expected = limits(0.8, d)
    for n in range(d + 1):
        own = rate(n, d)
        assert own.value is not None
        assert own.low is not None
        assert own.high is not None
        assert (own.low <= 0.8 <= own.high) == (expected.low <= own.value <= expected.high)


@pytest.mark.parametrize(
    ("closed", "verdict"),
    [
        (60, Verdict.FAR_BELOW),
        (71, Verdict.BELOW),
        (80, Verdict.WITHIN),
        (89, Verdict.ABOVE),
        (97, Verdict.FAR_ABOVE),
    ],
)
def test_a_verdict_is_by_the_distance_that_chance_explains(closed: int, verdict: Verdict) -> None:
    [one] = compare([of_region("north", 100, closed)], OVERALL).compared
    assert one.verdict is verdict


def test_small_regions_stand_together_last() -> None:
    regions = [of_region("a", 29, 20), of_region("b", 30, 24), of_region("c", 4, 4)]

    seen = compare(regions, OVERALL).compared

    assert [
        (each.region, [small.region for small in each.pooled], each.closed.d) for each in seen
    ] == [
        ("b", [], 30),
        (None, ["a", "c"], 33),
    ]


def test_regions_keep_the_order_in_which_they_are_given() -> None:
    regions = [of_region("a", 50, 10), of_region("b", 50, 50), of_region("c", 50, 30)]
    assert [each.region for each in compare(regions, OVERALL).compared] == ["a", "b", "c"]


def test_nothing_is_compared_before_there_is_something() -> None:
    nothing = compare([of_region("a", 0, 0)], rate(0, 0))
    assert (nothing.compared, nothing.funnel) == ((), ())
