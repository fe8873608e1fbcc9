"""Counts the figures that `models.figures` defines. Pure: rows in, figures out."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import groupby

from models.actions import Outcome
from models.case import Confirmation
from models.figures import (
    SMALL,
    Attainment,
    CaseCourse,
    ClosedLoop,
    Coverage,
    Escalation,
    Figures,
    Lateness,
    Measured,
    OfPeriod,
    OfRegion,
    TargetRun,
    UnhappyResponse,
)
from models.ladder import Target
from models.rates import Rate, percentile, rate, rate_of
from models.targets import Fate

CLOSES_THE_LOOP = frozenset(
    {Outcome.RECOVERED, Outcome.NOT_RECOVERED, Outcome.DECLINED, Outcome.UNREACHABLE}
)
"""A case is not closed as one of the first three without a contact, nor as the last too early."""
UNEXPLAINED = "unexplained"


def measure(
    responses: Sequence[UnhappyResponse], *, days: int, now: datetime, zone: tzinfo
) -> Figures:
    """`days` is the d of the closed-loop rate. Months are those of `zone`."""
    levels = max((r.case.highest_level for r in responses if r.case), default=0)

    def measured(some: Sequence[UnhappyResponse]) -> Measured:
        return _measure(some, days=days, now=now, levels=levels)

    regions = _grouped(responses, lambda r: r.region or "")
    months = _grouped(responses, lambda r: f"{r.submitted_at.astimezone(zone):%Y-%m}")
    return Figures(
        measured(responses),
        tuple(OfRegion(name or None, len(some) < SMALL, measured(some)) for name, some in regions),
        tuple(OfPeriod(month, measured(some)) for month, some in months),
    )


def _grouped(
    responses: Sequence[UnhappyResponse], key: Callable[[UnhappyResponse], str]
) -> list[tuple[str, list[UnhappyResponse]]]:
    return [(name, list(some)) for name, some in groupby(sorted(responses, key=key), key)]


def _measure(
    responses: Sequence[UnhappyResponse], *, days: int, now: datetime, levels: int
) -> Measured:
    reachable = [r for r in responses if r.reachable]
    cases = [r.case for r in responses if r.case and r.opened]
    return Measured(
        responses=len(responses),
        reachable=len(reachable),
        cases=len(cases),
        coverage=_coverage(responses),
        contact=rate_of(_was_contacted(r) for r in reachable),
        closed_loop=_closed_loop(reachable, timedelta(days=days), now),
        attainment=_attainment(cases, now),
        escalation=tuple(
            Escalation(level, rate_of(case.highest_level >= level for case in cases))
            for level in range(1, levels + 1)
        ),
        lateness=_lateness(cases),
    )


def _coverage(responses: Sequence[UnhappyResponse]) -> Coverage:
    others = Counter(r.reason or UNEXPLAINED for r in responses if r.case is None)
    covered = rate(len(responses) - others.total(), len(responses))
    return Coverage(covered, dict(sorted(others.items())))


def _was_contacted(response: UnhappyResponse) -> bool:
    if response.case is None or response.case.last_contact is None:
        return False
    return response.case.last_contact > response.submitted_at


def _closed_loop(
    reachable: Sequence[UnhappyResponse], within: timedelta, now: datetime
) -> ClosedLoop:
    old_enough = [r for r in reachable if now - r.submitted_at >= within]
    ended = [case for r in old_enough if (case := _ended(r, within))]
    closed = [case for case in ended if case.outcome in CLOSES_THE_LOOP]

    def share(n: int) -> Rate:
        return rate(n, len(old_enough))

    return ClosedLoop(
        days=within.days,
        closed=share(len(closed)),
        confirmed=share(sum(c.confirmation is Confirmation.CONFIRMED for c in closed)),
        unreachable=share(sum(c.outcome is Outcome.UNREACHABLE for c in closed)),
        withdrawn=share(sum(c.outcome is Outcome.WITHDRAWN for c in ended)),
        reopened=share(sum(r.case is not None and r.case.reopened for r in old_enough)),
    )


def _ended(response: UnhappyResponse, within: timedelta) -> CaseCourse | None:
    case = response.case
    if case is None or case.closed_at is None:
        return None
    return case if case.closed_at - response.submitted_at <= within else None


def _attainment(cases: Sequence[CaseCourse], now: datetime) -> Attainment:
    judged = [
        (run.target, met)
        for case in cases
        for run in case.targets
        if (met := _was_met(run, now)) is not None
    ]
    return Attainment(
        rate_of(met for _, met in judged),
        {target: rate_of(met for of, met in judged if of is target) for target in Target},
    )


def _was_met(run: TargetRun, now: datetime) -> bool | None:
    """None where it cannot be said: dropped, or not due yet."""
    match run.fate:
        case Fate.MET:
            return True
        case Fate.MISSED:
            return False
        case None if run.due_at < now:
            return False
        case _:
            return None


def _lateness(cases: Sequence[CaseCourse]) -> Lateness:
    late = sorted(step.total_seconds() for case in cases for step in case.lateness)
    longest = late[-1] if late else None
    return Lateness(len(late), percentile(late, 0.5), percentile(late, 0.99), longest)
