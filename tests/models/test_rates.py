"""Intervals against published values."""

import pytest

from models.rates import Rate, rate


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
