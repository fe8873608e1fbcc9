"""Shares: with what they were counted from, and how sure they are."""

from dataclasses import dataclass
from math import sqrt

Z = 1.959964
"""95 % of a standard normal lies within ± Z."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`n` of `d`: `value` and its Wilson 95 % interval, in 0 … 1. They are None where `d` is 0."""

    n: int
    d: int
    value: float | None
    low: float | None
    high: float | None


def rate(n: int, d: int) -> Rate:
    if d == 0:
        return Rate(n, d, None, None, None)
    share, spread = n / d, Z * Z / d
    centre = share + spread / 2
    margin = Z * sqrt(share * (1 - share) / d + spread / d / 4)
    low, high = (centre - margin) / (1 + spread), (centre + margin) / (1 + spread)
    return Rate(n, d, share, max(0.0, low), min(1.0, high))
