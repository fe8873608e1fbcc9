"""What planning an open case anew comes to: for the preview and for the commit, the same.

Instants never move by themselves, neither by a new version of the organisation nor by an upgrade of a
library that knows other holidays or hours: only this, which somebody asks for, works them out again.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from models.assignment import Circumstances
from models.case import AWAITS, CaseState, next_due
from models.decision import plan_of
from models.hours import add
from models.ladder import Clock, Rung, RungKind, Span, Target
from models.progress import clock_of
from models.promises import watched
from models.versions import Versions
from models.workday import hours_at_work


@dataclass(frozen=True, slots=True)
class Course:
    """The target that runs: since when, and when it is due."""

    started_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Rules:
    """Those that the case follows now, and those that it is to follow."""

    before: Versions
    after: Versions


@dataclass(frozen=True, slots=True)
class Anew:
    """`due` is when the running target is due now; None where none runs.

    `overdue`: by the new rules its end lies in the past.
    """

    state: CaseState
    due: datetime | None
    overdue: bool = False

    def changes_nothing(self, state: CaseState, course: Course | None) -> bool:
        """But for what the state of an older case did not tell yet."""
        same = replace(self.state, clock=state.clock, seq=state.seq, before=state.before) == state
        return same and self.due == (course.due_at if course else None)


@dataclass(frozen=True, slots=True)
class Changed:
    """One case: when its running target, and its next rung, were due and are to be."""

    case_id: str
    target: Target
    before: Span
    after: Span
    due_before: datetime | None
    due_after: datetime | None
    next_before: datetime | None
    next_after: datetime | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """`changed` by the id of the case."""

    looked_at: int
    changed: tuple[Changed, ...]

    @property
    def overdue(self) -> tuple[Changed, ...]:
        return tuple(each for each in self.changed if each.overdue)

    @property
    def by_target(self) -> Mapping[tuple[Target, Span, Span], int]:
        """How many cases, by their running target and its length before and after."""
        found = Counter((each.target, each.before, each.after) for each in self.changed)
        order = list(Target)
        return dict(sorted(found.items(), key=lambda of: (order.index(of[0][0]), -of[1])))


def difference_of(state: CaseState, course: Course | None, anew: Anew, rules: Rules) -> Changed:
    target = AWAITS[state.stage]
    return Changed(
        state.case_id,
        target,
        rules.before.policy(state.topic).targets[target],
        rules.after.policy(state.topic).targets[target],
        course.due_at if course else None,
        anew.due,
        next_due(state),
        next_due(anew.state),
        anew.overdue,
    )


def plan_anew(
    state: CaseState,
    course: Course | None,
    found: Circumstances,
    rules: Rules,
    *,
    overdue_now: bool,
) -> Anew:
    """Every running clock keeps its start. A reminder that was given is not given again, and one that
    should have been is not made up for.
    """
    after = _with_call_policy(state, rules.after)
    clock = _running_clock(state, course)
    if clock is None:
        return Anew(after, course.due_at if course else None)
    old = plan_of(clock, state, found, versions=rules.before)
    new = plan_of(clock, after, found, versions=rules.after)
    pending = [rung for rung in state.rungs if rung.kind is RungKind.REMIND]
    given = len(old.rungs) - 1 - len(pending)
    end, planned = _own_end(state), new.rungs[-1]
    at = _not_by_decree(planned.at, end.at, after, found, rules, overdue_now=overdue_now)
    reminders = (
        rung
        for rung in new.rungs[max(given, 0) : -1]
        if rung.at < at and (rung.at > found.at or rung in pending)
    )
    rungs = (*reminders, replace(planned, at=at))
    due = _due(clock, course, after, found, rules, end=at, overdue_now=overdue_now)
    overdue = planned.at <= found.at and planned.at < end.at
    return Anew(watched(replace(after, rungs=rungs, clock=clock)), due, overdue)


def _with_call_policy(state: CaseState, versions: Versions) -> CaseState:
    """When the next call may come stays: it was told already."""
    calls = versions.pinned.policy.calls
    reach = replace(state.reach, write_after=calls.write_after)
    return replace(state, unreachable_after=calls.at_most, reach=reach)


def _running_clock(state: CaseState, course: Course | None) -> Clock | None:
    """Of a case of before, whose state does not tell it, that of the target which runs.

    None where neither tells it: on the last level, which repeats. It goes on as it was planned.
    """
    if state.clock is not None or course is None:
        return state.clock
    return clock_of(state, course.started_at)


def _own_end(state: CaseState) -> Rung:
    """Of the stage's own plan; a promise's date is watched beside it."""
    return [rung for rung in state.rungs if rung.kind is not RungKind.BREAK][-1]


def _not_by_decree(
    wanted: datetime,
    before: datetime,
    state: CaseState,
    found: Circumstances,
    rules: Rules,
    *,
    overdue_now: bool,
) -> datetime:
    """Nobody is late by decree, unless somebody has said so; nobody gets more time than he had either.

    A customer who is asked whether it is solved keeps the time that he was given.
    """
    if wanted > found.at or wanted >= before:
        return wanted
    if overdue_now:
        return found.at
    if AWAITS[state.stage] is Target.CONFIRMATION:
        return before
    hours = hours_at_work(rules.after.pinned, rules.after.today, state.owner, region=found.region)
    span = rules.after.policy(state.topic).targets[Target.ACKNOWLEDGE]
    return min(before, add(hours, found.at, span))


def _due(
    clock: Clock,
    course: Course | None,
    state: CaseState,
    found: Circumstances,
    rules: Rules,
    *,
    end: datetime,
    overdue_now: bool,
) -> datetime | None:
    """The target runs from its own start, which a voicemail does not move."""
    if course is None:
        return None
    started = replace(clock, start=course.started_at)
    due = plan_of(started, state, found, versions=rules.after).due
    if due > found.at or due >= course.due_at or overdue_now:
        return due
    return min(course.due_at, end) if course.due_at > found.at else course.due_at
