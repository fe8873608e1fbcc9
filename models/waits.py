"""Waits, in steps: kept as counts, and read as Kaplan and Meier do, so that nobody is left out."""

from bisect import bisect_left
from collections.abc import Mapping
from datetime import timedelta
from itertools import chain

from models.figures import MEAN_WITHIN, Wait

_HOUR, _DAY = 60, 24 * 60
STEPS = tuple(
    chain(
        range(0, _HOUR, 5),
        range(_HOUR, 4 * _HOUR, 15),
        range(4 * _HOUR, 12 * _HOUR, _HOUR),
        range(12 * _HOUR, _DAY, 2 * _HOUR),
        range(_DAY, 2 * _DAY, 4 * _HOUR),
        range(2 * _DAY, 4 * _DAY, 8 * _HOUR),
        range(4 * _DAY, 7 * _DAY, 12 * _HOUR),
        range(7 * _DAY, 30 * _DAY, _DAY),
        range(30 * _DAY, 720 * _DAY + 1, 30 * _DAY),
    )
)
"""Minutes. A wait counts as the first step that is not shorter; the last one holds all beyond it."""
_LIMIT = MEAN_WITHIN // timedelta(minutes=1)
_NEARLY = 1e-9
"""A share that is a product of fractions may miss its half by this."""


def step_of(wait: timedelta) -> int:
    """Minutes."""
    return STEPS[min(bisect_left(STEPS, wait.total_seconds() / 60), len(STEPS) - 1)]


def wait_of(
    happened: Mapping[int, int], waiting: Mapping[int, int], lost: Mapping[int, int]
) -> Wait:
    """By step: for whom it happened, who still waits, and whose case ended without it.

    `left` is the share that still waits after a step, by Kaplan and Meier: whoever was last seen
    waiting at a step was there when it happened to others.
    """
    at_risk = sum(map(_total, (happened, waiting, lost)))
    left, last, area = 1.0, 0, 0.0
    median = p90 = None
    for step in sorted({*happened, *waiting, *lost}):
        until = min(step, _LIMIT)
        area, last = area + (until - last) * left, until
        now = happened.get(step, 0)
        left *= 1 - now / at_risk
        at_risk -= now + waiting.get(step, 0) + lost.get(step, 0)
        if median is None and left <= 0.5 + _NEARLY:
            median = step * 60.0
        if p90 is None and left <= 0.1 + _NEARLY:
            p90 = step * 60.0
    return Wait(
        _total(happened),
        _total(waiting),
        median,
        p90,
        mean=area * 60 if happened or waiting or lost else None,
    )


def _total(steps: Mapping[int, int]) -> int:
    return sum(steps.values())
