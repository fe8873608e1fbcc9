"""Waits, in steps: kept as counts, and read as Kaplan and Meier do, so that nobody is left out."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import chain
from math import ceil

from models.figures import MEAN_WITHIN, Wait

_HOUR, _DAY = 60, 24 * 60
STEPS = tuple(
    chain(
        range(0, _HOUR, 5),
        range(_HOUR, 8 * _HOUR, 15),
        range(8 * _HOUR, _DAY, _HOUR),
        range(_DAY, 4 * _DAY, 4 * _HOUR),
        range(4 * _DAY, 10 * _DAY, 12 * _HOUR),
        range(10 * _DAY, 1000 * _DAY + 1, _DAY),
    )
)
"""Minutes. A wait counts as the first step that is not shorter; the last one holds all beyond it."""
_NEARLY = 1e-9
"""A share that is a product of fractions may miss its half by this."""


def step_of(wait: timedelta) -> int:
    """Minutes."""
    return STEPS[min(bisect_left(STEPS, wait.total_seconds() / 60), len(STEPS) - 1)]


def wait_of(
    happened: Mapping[int, int], waiting: Mapping[int, int], lost: Mapping[int, int]
) -> Wait:
    """By step: for whom it happened, who still waits, and whose case ended without it."""
    curve = list(_still_waiting(happened, Counter(waiting) + Counter(lost)))
    return Wait(
        happened=sum(happened.values()),
        waiting=sum(waiting.values()),
        median=_reached(curve, 0.5),
        p90=_reached(curve, 0.1),
        mean=_mean(curve),
    )


def _still_waiting(
    happened: Mapping[int, int], censored: Mapping[int, int]
) -> Iterator[tuple[int, float]]:
    """At each step (minutes): the share that still waits after it, by Kaplan and Meier.

    Whoever was last seen waiting at a step was there when it happened to others.
    """
    at_risk, share = sum(happened.values()) + sum(censored.values()), 1.0
    for step in sorted(happened.keys() | censored.keys()):
        if now := happened.get(step, 0):
            share *= 1 - now / at_risk
        at_risk -= now + censored.get(step, 0)
        yield step, share


def _reached(curve: list[tuple[int, float]], share: float) -> float | None:
    return next((step * 60.0 for step, left in curve if left <= share + _NEARLY), None)


def _mean(curve: list[tuple[int, float]]) -> float | None:
    """The area under the curve in seconds, up to the longest wait seen or `MEAN_WITHIN`."""
    if not curve:
        return None
    limit, area, before, share = ceil(MEAN_WITHIN / timedelta(minutes=1)), 0.0, 0, 1.0
    for step, left in curve:
        area += (min(step, limit) - min(before, limit)) * share
        before, share = step, left
    return area * 60
