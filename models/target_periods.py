"""Targets over time: how they were met while they were as long as they were. Pure: runs in, figures out.

A period are the versions of the organisation in which a target is equally long; they need not follow
one another. What a case was promised counts: the version by which its target ran.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from models.figures import OnBothClocks, Wait
from models.ladder import Policy, Span, Target
from models.paused_clock import PausedClock
from models.rates import Rate, rate
from models.survey import Origin
from models.targets import Fate
from models.waits import step_of, wait_of


@dataclass(frozen=True, slots=True)
class Run:
    """One running of a target. `fate` is None while it runs; `answered` says that its wait was over.

    `version` is the one by which it ran; `zero_tolerance`: its case has a topic, and may have targets
    of its own.
    """

    case_id: str
    target: Target
    round: int
    version: int
    origin: Origin
    zero_tolerance: bool
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None
    fate: Fate | None
    answered: bool


@dataclass(frozen=True, slots=True)
class Period:
    """`length` is what the versions have in common, for who has a case first; None: only a level has such
    a target. `origin` is the channel by which the customers were heard, where channels have targets of
    their own; None are all of them. `waits` go from the first start of the target to what it awaits,
    whoever owned the case meanwhile: who still waits counts with the time so far.
    """

    length: Span | None
    origin: Origin | None
    versions: tuple[int, ...]
    attainment: Rate
    waits: OnBothClocks


@dataclass(frozen=True, slots=True)
class OfTarget:
    """The oldest period first. The cases of zero-tolerance topics stand apart, whatever their version."""

    target: Target
    periods: tuple[Period, ...]
    zero_tolerance: Rate


@dataclass(frozen=True, slots=True)
class TargetsOverTime:
    targets: tuple[OfTarget, ...]


Policies: TypeAlias = Mapping[int, Policy]
"""By version."""


def over_time(
    runs: Iterable[Run], policies: Policies, clocks: Mapping[str, PausedClock], *, now: datetime
) -> TargetsOverTime:
    """`clocks` has the opening hours of each case's region. A target without a run is left out."""
    by_target: defaultdict[Target, list[Run]] = defaultdict(list)
    for run in runs:
        by_target[run.target].append(run)
    return TargetsOverTime(
        tuple(
            _of_target(target, by_target[target], policies, clocks, now=now)
            for target in Target
            if by_target[target]
        )
    )


def _of_target(
    target: Target,
    runs: Sequence[Run],
    policies: Policies,
    clocks: Mapping[str, PausedClock],
    *,
    now: datetime,
) -> OfTarget:
    by_length: defaultdict[tuple[Span | None, Origin | None], list[Run]] = defaultdict(list)
    apart_by_origin = _differs_by_origin(target, policies)
    for run in runs:
        if not run.zero_tolerance:
            length = policies[run.version].length(target, run.origin)
            by_length[length, run.origin if apart_by_origin else None].append(run)
    periods = (
        Period(
            length,
            origin,
            tuple(sorted({run.version for run in alike})),
            attained(alike, now),
            _waits(alike, clocks, now=now),
        )
        for (length, origin), alike in by_length.items()
    )
    apart = [run for run in runs if run.zero_tolerance]
    return OfTarget(
        target,
        tuple(sorted(periods, key=lambda period: (period.versions, str(period.origin)))),
        attained(apart, now),
    )


def _differs_by_origin(target: Target, policies: Policies) -> bool:
    return any(
        target in targets for policy in policies.values() for targets in policy.by_origin.values()
    )


def attained(runs: Iterable[Run], now: datetime) -> Rate:
    """Met / (met + missed + still running and past due)."""
    verdicts = [_verdict(run, now) for run in runs]
    met = verdicts.count(Fate.MET)
    return rate(met, met + verdicts.count(Fate.MISSED))


def _verdict(run: Run, now: datetime) -> Fate | None:
    return Fate.MISSED if run.fate is None and run.due_at < now else run.fate


class _End(StrEnum):
    HAPPENED = "happened"
    WAITING = "waiting"
    LOST = "lost"
    """The case ended, or was heard again, before anybody answered the target."""


def _waits(
    runs: Sequence[Run], clocks: Mapping[str, PausedClock], *, now: datetime
) -> OnBothClocks:
    wall: defaultdict[_End, Counter[int]] = defaultdict(Counter)
    working: defaultdict[_End, Counter[int]] = defaultdict(Counter)
    for chain in _chains(runs):
        start, end, how = chain[0].started_at, chain[-1].ended_at or now, _end_of(chain)
        wall[how][step_of(end - start)] += 1
        working[how][step_of(clocks[chain[0].case_id].between(start, end))] += 1
    return OnBothClocks(_wait(wall), _wait(working))


def _wait(steps: Mapping[_End, Counter[int]]) -> Wait:
    happened, waiting, lost = (steps.get(end, Counter()) for end in _End)
    return wait_of(happened, waiting=waiting, lost=lost)


def _chains(runs: Sequence[Run]) -> Iterable[Sequence[Run]]:
    """A target goes on over all who own the case until it is answered: in one round it is one wait."""
    waits: defaultdict[tuple[str, int], list[Run]] = defaultdict(list)
    for run in sorted(runs, key=lambda run: run.started_at):
        waits[run.case_id, run.round].append(run)
    return waits.values()


def _end_of(chain: Sequence[Run]) -> _End:
    if chain[-1].ended_at is None:
        return _End.WAITING
    return _End.HAPPENED if chain[-1].answered else _End.LOST
