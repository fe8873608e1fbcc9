"""What a move comes to: the owner, the timeline and the rungs. What runs a case and what rehearses one."""

from dataclasses import dataclass, replace

from models.approvers import ask
from models.assignment import Circumstances, assign
from models.calls import in_time_for, with_next_call
from models.case import CaseState, Move
from models.hours import next_shared
from models.ladder import Clock, Policy, Target
from models.notices import Notice
from models.opening_hours import OpeningHours
from models.paused_time import gone_on, later
from models.plan import Plan, plan_rungs
from models.progress import clock_stopped, waits_for_a_yes
from models.promises import watched
from models.resurveys import NOT_SCHEDULED, Scheduled, schedule
from models.timeline import Entry
from models.versions import Versions
from models.watching import with_deadlines
from models.workday import hours_at_work


@dataclass(frozen=True, slots=True)
class Decided:
    """`notices` go out besides those of the move; `plan` is None where the running target goes on."""

    state: CaseState
    entries: tuple[Entry, ...]
    notices: tuple[Notice, ...]
    plan: Plan | None
    resurvey: Scheduled = NOT_SCHEDULED


def decide(move: Move, found: Circumstances, versions: Versions) -> Decided:
    assigned = assign(move, found)
    asked = ask(assigned.state, found)
    state, plan = _tried(move, asked.state, found, versions=versions), None
    if move.clock is not None:
        clock = _kept_quiet(move.clock, state, found, versions=versions)
        plan = plan_of(clock, state, found, versions=versions)
        beside = (rung for rung in state.rungs if rung.watch is not None)
        state = replace(state, rungs=(*plan.rungs, *beside), clock=clock)
    if move.over is not None:
        resting = move.over.pause
        hours = hours_at_work(versions.pinned, versions.today, resting.owner, region=found.region)
        state = gone_on(state, move.over, hours, anew=move.clock is not None)
    if waits_for_a_yes(state):
        state = clock_stopped(state)
    policy = policy_of(state, found, versions)
    state = with_deadlines(state, versions, policy, region=found.region, at=found.at)
    first, *others = move.entries
    again = schedule(state, versions.pinned, region=found.region, at=found.at)
    return Decided(
        watched(state),
        (first, *assigned.entries, *others, *asked.entries, *again.entries),
        (*assigned.notices, *asked.notices, *again.notices),
        plan,
        again,
    )


def _tried(move: Move, state: CaseState, found: Circumstances, *, versions: Versions) -> CaseState:
    """With the instant from which the customer may be called again."""
    if move.tried_at is None:
        return state
    awaited = policy_of(state, found, versions).targets[Target.CONTACT]
    calls = in_time_for(awaited, versions.pinned.policy.calls)
    hours = versions.pinned.calling_hours(found.region, found.zone)
    return with_next_call(state, calls, hours, tried_at=move.tried_at)


def _kept_quiet(
    clock: Clock, state: CaseState, found: Circumstances, *, versions: Versions
) -> Clock:
    """Until who calls works while the customer may be called; where the two never meet, until he works."""
    earliest = state.reach.next_call_at
    if clock.target is not Target.CONTACT or earliest is None or earliest == state.again_at:
        return clock
    hours = hours_at_work(versions.pinned, versions.today, state.owner, region=found.region)
    calling = versions.pinned.calling_hours(found.region, found.zone)
    return replace(clock, quiet_until=next_shared(hours, calling, earliest) or earliest)


def plan_of(clock: Clock, state: CaseState, found: Circumstances, *, versions: Versions) -> Plan:
    """A customer who is asked has the days on which his region works."""
    acts = None if clock.target is Target.CONFIRMATION else state.owner
    hours = hours_at_work(versions.pinned, versions.today, acts, region=found.region)
    if clock.target is Target.CONTACT and clock.quiet_until is None:
        clock = replace(clock, quiet_until=state.reach.next_call_at)
    plan = plan_rungs(policy_of(state, found, versions), hours, clock, level=state.level)
    return plan if not clock.paused else _after_pauses(plan, clock, hours)


def _after_pauses(plan: Plan, clock: Clock, hours: OpeningHours) -> Plan:
    """A date that was promised does not move, but what comes of it later does."""
    due = plan.due if clock.by == plan.due else later(hours, plan.due, clock.paused)
    rungs = (replace(rung, at=later(hours, rung.at, clock.paused)) for rung in plan.rungs)
    return Plan(due, tuple(rungs))


def policy_of(state: CaseState, found: Circumstances, versions: Versions) -> Policy:
    return versions.policy(state.topic, found.about, level=state.level, origin=found.origin)
