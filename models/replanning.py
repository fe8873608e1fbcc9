"""What planning an open case anew comes to: for the preview and for the commit, the same.

Instants never move by themselves, neither by a new version of the organisation nor by an upgrade of a
library that knows other holidays or hours: only this, which somebody asks for, works them out again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile

from models.assignment import Circumstances
from models.case import CaseState
from models.deadlines import target_of
from models.decision import plan_of, policy_of
from models.hours import add, between
from models.ladder import Clock, Deadline, Policy, Rung, RungKind, Target
from models.opening_hours import OpeningHours
from models.paused_clock import Pauses
from models.paused_time import later
from models.plan import when_missed
from models.progress import clock_of
from models.promises import watched
from models.versions import Versions
from models.watching import with_deadlines
from models.workday import hours_at_work

A_MOMENT = timedelta(seconds=1)
"""What is due at once is still to come."""


@dataclass(frozen=True, slots=True)
class Course:
    """The stage's target that runs: since when, when it is due, and when its case has rested."""

    started_at: datetime
    due_at: datetime
    rests: Pauses = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """Those that the case follows now, and those that it is to follow.

    `overdue_now`: what they want in the past is due at once.
    """

    before: Versions
    after: Versions
    overdue_now: bool = False


@dataclass(frozen=True, slots=True)
class Anew:
    """`due` is when the stage's target is due now; None where none runs.

    `overdue`: by the new rules something that was still to come lies in the past.
    """

    state: CaseState
    due: datetime | None
    overdue: bool = False

    def changes_nothing(self, state: CaseState, course: Course | None) -> bool:
        """But for what the state of an older case did not tell yet."""
        same = replace(self.state, clock=state.clock, seq=state.seq, before=state.before) == state
        return same and self.due == (course.due_at if course else None)


def plan_anew(state: CaseState, course: Course | None, found: Circumstances, rules: Rules) -> Anew:
    """Every clock keeps its start. A reminder that was given is not given again, and one that should have
    been is not made up for. Who has the case keeps his post, where another ladder numbers it otherwise.
    A case that rests is left as it is.
    """
    if state.pause is not None:
        return Anew(state, course.due_at if course else None)
    decree = _decree(state, found, rules)
    own = _with_own_rungs(_with_call_policy(state, rules.after), course, found, rules, decree)
    after, overdue = _with_deadlines(own.state, found, rules, decree)
    return Anew(watched(after), own.due, own.overdue or overdue)


@dataclass(frozen=True, slots=True)
class _Decree:
    """Nobody is late by decree, unless somebody has said so; nobody gets more time than he had either."""

    now: datetime
    at_the_earliest: datetime

    def temper(self, wanted: datetime, before: datetime) -> tuple[datetime, bool]:
        """With whether it was still to come and would be overdue. What had passed before stays passed."""
        if wanted > self.now or wanted >= before or before <= self.now:
            return (wanted if wanted > self.now else max(wanted, before)), False
        return min(before, self.at_the_earliest), True


def _decree(state: CaseState, found: Circumstances, rules: Rules) -> _Decree:
    if rules.overdue_now:
        return _Decree(found.at, found.at + A_MOMENT)
    policy, region = policy_of(state, found, rules.after), found.region
    hours = hours_at_work(rules.after.pinned, rules.after.today, state.owner, region=region)
    return _Decree(found.at, add(hours, found.at, policy.targets[Target.ACKNOWLEDGE]))


def _with_call_policy(state: CaseState, versions: Versions) -> CaseState:
    """When the next call may come stays: it was told already."""
    calls = versions.pinned.policy.calls
    reach = replace(state.reach, write_after=calls.write_after)
    return replace(state, unreachable_after=calls.at_most, reach=reach)


def _with_own_rungs(
    state: CaseState, course: Course | None, found: Circumstances, rules: Rules, decree: _Decree
) -> Anew:
    """Those of what the stage awaits, with when that is due.

    A customer who is asked whether it is solved keeps the time that he was given. On the last level a
    case of before does not tell since when it waits: it goes on as it was planned.
    """
    clock, known = _running_clock(state, course), course.due_at if course else None
    own = [rung for rung in state.rungs if rung.watch is None and rung.kind is not RungKind.BREAK]
    placed = _on_same_post(state, found, rules)
    if clock is None or not own or clock.target is Target.CONFIRMATION:
        return Anew(placed, known)
    old = plan_of(clock, state, found, versions=rules.before)
    state, clock = placed, _asking(clock, placed.level, found, rules)
    new = plan_of(clock, state, found, versions=rules.after)
    given = _given(old.rungs, own)
    at, overdue = decree.temper(new.rungs[-1].at, own[-1].at)
    reminders = (
        rung for rung in new.rungs[given:-1] if rung.at < at and (rung.at > found.at or rung in own)
    )
    beside = (rung for rung in state.rungs if rung not in own)
    rungs = (*reminders, replace(new.rungs[-1], at=at), *beside)
    after = replace(state, rungs=rungs, clock=clock)
    if course is None:
        return Anew(after, None, overdue)
    hours = hours_at_work(rules.after.pinned, rules.after.today, state.owner, region=found.region)
    started = plan_of(_since(course, clock, hours), state, found, versions=rules.after)
    due, past = decree.temper(started.due, course.due_at)
    return Anew(after, due, overdue or past)


def _given(laid: Sequence[Rung], left: Sequence[Rung]) -> int:
    """How many of the first reminders were given; one that a replan before left out is no such one."""
    first = sum(1 for _ in takewhile(lambda rung: rung not in left, laid[:-1]))
    return min(first, max(0, len(laid) - len(left)))


def _ladders(found: Circumstances, rules: Rules) -> tuple[Policy, Policy]:
    before, after = rules.before.pinned, rules.after.pinned
    return before.policy_for(found.about), after.policy_for(found.about)


def _on_same_post(state: CaseState, found: Circumstances, rules: Rules) -> CaseState:
    before, after = _ladders(found, rules)
    return replace(state, level=after.number_as(state.level, before))


def _asking(clock: Clock, level: int, found: Circumstances, rules: Rules) -> Clock:
    """Who has somebody above him now, though he stood on the last level, is asked as everybody is."""
    _, after = _ladders(found, rules)
    return replace(clock, again=clock.again and level == after.last)


def _since(course: Course, clock: Clock, hours: OpeningHours) -> Clock:
    """An attempt in vain plans the rungs anew, but the target runs on, with the rests that it had before."""
    if clock.start == course.started_at:
        return clock
    rested = (between(hours, max(since, course.started_at), until) for since, until in course.rests)
    return replace(clock, start=course.started_at, paused=sum(rested, timedelta()))


def _running_clock(state: CaseState, course: Course | None) -> Clock | None:
    """Of a case of before, whose state does not tell it, that of the target which runs."""
    if state.clock is not None or course is None:
        return state.clock
    return clock_of(state, course.started_at)


def _with_deadlines(
    state: CaseState, found: Circumstances, rules: Rules, decree: _Decree
) -> tuple[CaseState, bool]:
    """One that the new rules add starts now; one that they do not know ends. And whether one is overdue."""
    policy = policy_of(state, found, rules.after)
    moved = tuple(_moved(each, state.topic, found, rules, decree) for each in state.deadlines)
    reminded = {d.watch for d in state.deadlines} - {
        rung.watch for rung in state.rungs if rung.kind is RungKind.REMIND
    }
    after = replace(state, deadlines=tuple(each for each, _ in moved))
    after = with_deadlines(after, rules.after, policy, region=found.region, at=found.at)
    rungs = (r for r in after.rungs if r.kind is not RungKind.REMIND or r.watch not in reminded)
    return replace(after, rungs=tuple(rungs)), any(overdue for _, overdue in moved)


def _moved(
    deadline: Deadline, topic: str | None, found: Circumstances, rules: Rules, decree: _Decree
) -> tuple[Deadline, bool]:
    """Only where the rules differ: it may have started on the clock of who had the case before.

    Its rungs are laid anew because they were laid for nobody.
    """
    before, after = _ladders(found, rules)
    level = after.number_as(deadline.level, before)
    was = _due(deadline, topic, found, rules.before)
    is_now = _due(replace(deadline, level=level), topic, found, rules.after)
    if deadline.passed or is_now is None:
        return deadline, False
    if is_now != was:
        due, overdue = decree.temper(is_now, deadline.due)
        return replace(deadline, due=due, person=None), overdue
    ends_alike = when_missed(before, deadline.level) is when_missed(after, level)
    return deadline if ends_alike else replace(deadline, person=None), False


def _due(
    deadline: Deadline, topic: str | None, found: Circumstances, versions: Versions
) -> datetime | None:
    """None where no target tells its length."""
    target = target_of(deadline.watch)
    level, origin = deadline.level, found.origin
    policy = versions.policy(topic, found.about, level=level, origin=origin)
    span = policy.targets.get(target) if target else None
    person, region = deadline.person, found.region
    hours = hours_at_work(versions.pinned, versions.today, person, region=region)
    return later(hours, add(hours, deadline.start, span), deadline.paused) if span else None
