"""What a move comes to: the owner, the timeline and the rungs. What runs a case and what rehearses one."""

from dataclasses import dataclass, replace

from models.assignment import Circumstances, assign
from models.case import CaseState, Move, Notice
from models.ladder import Clock, Target
from models.opening_hours import OpeningHours
from models.plan import Plan, plan_rungs
from models.timeline import Entry
from models.versions import Versions
from models.workday import hours_at_work


@dataclass(frozen=True, slots=True)
class Decided:
    """`notices` go out besides those of the move; `plan` is None where the running target goes on."""

    state: CaseState
    entries: tuple[Entry, ...]
    notices: tuple[Notice, ...]
    plan: Plan | None


def decide(move: Move, found: Circumstances, versions: Versions) -> Decided:
    assigned = assign(move, found)
    state, plan = assigned.state, None
    if move.clock is not None:
        hours = _hours(move.clock, state, found, versions=versions)
        policy = versions.policy(state.topic)
        plan = plan_rungs(policy, hours, move.clock, level=state.level)
        state = replace(state, rungs=plan.rungs)
    first, *later = move.entries
    return Decided(state, (first, *assigned.entries, *later), assigned.notices, plan)


def _hours(
    clock: Clock, state: CaseState, found: Circumstances, *, versions: Versions
) -> OpeningHours:
    """Of whoever must act; a customer who is asked has the days on which his region works."""
    acts = None if clock.target is Target.CONFIRMATION else state.owner
    return hours_at_work(versions.pinned, versions.today, acts, region=found.region)
