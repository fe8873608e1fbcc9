"""What a move comes to: the owner, the timeline and the rungs. What runs a case and what rehearses one."""

from dataclasses import dataclass, replace

from models.assignment import Circumstances, assign
from models.case import CaseState, Move
from models.ladder import Clock, Target
from models.opening_hours import OpeningHours
from models.organisation import Organisation
from models.plan import Plan, plan_rungs
from models.timeline import Entry
from models.workday import hours_at_work


@dataclass(frozen=True, slots=True)
class Decided:
    """`plan` is None where the running target goes on."""

    state: CaseState
    entries: tuple[Entry, ...]
    plan: Plan | None


def decide(move: Move, found: Circumstances, pinned: Organisation) -> Decided:
    """`pinned` is the case's own version: its targets, its ladder and its calendars."""
    assigned = assign(move, found)
    state, plan = assigned.state, None
    if move.clock is not None:
        hours = _hours(move.clock, state, found, pinned=pinned)
        plan = plan_rungs(found.policy, hours, move.clock, level=state.level)
        state = replace(state, rungs=plan.rungs)
    first, *later = move.entries
    return Decided(state, (first, *assigned.entries, *later), plan)


def _hours(
    clock: Clock, state: CaseState, found: Circumstances, *, pinned: Organisation
) -> OpeningHours:
    """Of whoever must act; a customer who is asked has the days on which his region works."""
    acts = None if clock.target is Target.CONFIRMATION else state.owner
    return hours_at_work(pinned, found.today, acts, region=found.region)
