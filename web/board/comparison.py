"""Regions beside each other as a funnel: who differs from the whole by more than chance.

A small region swings widely by chance alone, so it may stand far from the whole and mean nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from models.figures import SMALL, OfRegion
from models.rates import Rate, Z, rate

Z_998 = 3.090232
"""99.8 % of a standard normal lies within ± this."""
STEPS = 40


class Verdict(StrEnum):
    """Outside the 95 % limits stands one region of twenty by chance; outside 99.8 %, one of 500."""

    WITHIN = "within"
    ABOVE = "above"
    BELOW = "below"
    FAR_ABOVE = "far_above"
    FAR_BELOW = "far_below"


@dataclass(frozen=True, slots=True)
class Limits:
    """Between `low` and `high` lie 95 % of the rates of `d` responses, between the others 99.8 %."""

    d: float
    low: float
    high: float
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True)
class Small:
    """A region with too few responses to be compared."""

    region: str | None
    closed: Rate


@dataclass(frozen=True, slots=True)
class Compared:
    """`number` is the point's in the picture. `region` None is one that nobody named.

    `pooled` are the smaller regions that stand together here, by name: none for a region of its own.
    """

    number: int
    region: str | None
    pooled: tuple[Small, ...]
    closed: Rate
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Comparison:
    overall: Rate
    compared: tuple[Compared, ...]
    funnel: tuple[Limits, ...]


def compare(regions: Sequence[OfRegion], overall: Rate) -> Comparison:
    """By closed-loop rate, in the order given.

    Those with fewer than `SMALL` responses that are old enough stand together, last.
    """
    rates = [(each.region, each.measured.closed_loop.closed) for each in regions]
    points: list[tuple[str | None, tuple[Small, ...], Rate]] = [
        (region, (), closed) for region, closed in rates if closed.d >= SMALL
    ]
    if small := tuple(Small(*each) for each in rates if 0 < each[1].d < SMALL):
        pool = rate(sum(each.closed.n for each in small), sum(each.closed.d for each in small))
        points.append((None, small, pool))
    return Comparison(
        overall,
        tuple(
            Compared(number, region, pooled, closed, _judge(closed, overall))
            for number, (region, pooled, closed) in enumerate(points, start=1)
        ),
        _funnel(overall, widest=max((closed.d for *_, closed in points), default=0)),
    )


def limits(overall: float, d: float) -> Limits:
    """Where the rate of `d` responses falls if they are like the whole.

    These are Wilson's limits (E. B. Wilson, Probable inference, the law of succession, and
    statistical inference, JASA 22, 1927) read the other way round, as in D. J. Spiegelhalter,
    Funnel plots for comparing institutional performance, Statistics in Medicine 24, 2005: a rate
    lies outside exactly when its own Wilson interval leaves out the rate of the whole.
    """
    spread = sqrt(overall * (1 - overall) / d)

    def within(share: float) -> float:
        return min(1.0, max(0.0, share))

    return Limits(
        d,
        within(overall - Z * spread),
        within(overall + Z * spread),
        within(overall - Z_998 * spread),
        within(overall + Z_998 * spread),
    )


def _judge(closed: Rate, overall: Rate) -> Verdict:
    if closed.value is None or overall.value is None:
        return Verdict.WITHIN
    expected = limits(overall.value, closed.d)
    if closed.value < expected.lowest:
        return Verdict.FAR_BELOW
    if closed.value > expected.highest:
        return Verdict.FAR_ABOVE
    if closed.value < expected.low:
        return Verdict.BELOW
    return Verdict.ABOVE if closed.value > expected.high else Verdict.WITHIN


def _funnel(overall: Rate, *, widest: int) -> tuple[Limits, ...]:
    """Closer together where the limits bend."""
    if overall.value is None or not widest:
        return ()
    shares = ((step / STEPS) ** 2 for step in range(1, STEPS + 1))
    return tuple(limits(overall.value, 1 + share * (1.1 * widest - 1)) for share in shares)
