"""Intervals against published values, and percentiles by nearest rank."""

import pytest

from models.rates import Rate, percentile, rate, rate_of


@pytest.mark.parametrize(
    ("n", "d", "low", "high"),
    [
        (8, 10, 0.4902, 0.9433),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_the_interval_is_wilsons(n: int, d: int, low: float, high: float) -> None:
    found = rate(n, d)

    assert found.value == pytest.approx(n / d)
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)


def test_a_share_of_nothing_is_no_number() -> None:
    assert rate(0, 0) == Rate(0, 0, None, None, None)


def test_a_rate_of_answers_is_the_share_of_yes() -> None:
    assert rate_of([True, False, True, True]) == rate(3, 4)


@pytest.mark.parametrize(("share", "found"), [(0.0, 1), (0.5, 5), (0.51, 6), (0.99, 10), (1.0, 10)])
def test_a_percentile_is_a_value_that_occurred(share: float, found: float) -> None:
    assert percentile(range(1, 11), share) == found


def test_nothing_has_no_percentile() -> None:
    assert percentile([], 0.5) is None
