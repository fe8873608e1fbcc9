"""Why something is due then: the rule that the case page tells beside the instant."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.case import CaseState, next_turn
from models.deadlines import deadline_of, target_of
from models.inbox import awaited
from models.ladder import Deadline, Policy, Span, Target, length_of


@dataclass(frozen=True, slots=True)
class DueReason:
    """`length` runs from `start`, in working time of who must act, or of the region while the customer is
    asked; `paused` is left out of it. `by` is a date that somebody named, which counts instead: the
    length begins there. `again`: the last level is asked again so often.
    """

    target: Target
    length: Span
    start: datetime
    by: datetime | None
    again: bool
    paused: timedelta


def due_reason(state: CaseState, policy: Policy) -> DueReason | None:
    """Of the deadline that comes first: the first attempt or the closure, where one of them does.

    None for a case that rests or is closed, and for one of before, which does not tell it.
    """
    clock = state.clock
    if clock is None or state.closed or state.pause is not None:
        return None
    if beside := _beside(state):
        return _of_deadline(beside, policy)
    length = length_of(policy, clock)
    return DueReason(clock.target, length, clock.start, clock.by, clock.again, clock.paused)


def _beside(state: CaseState) -> Deadline | None:
    """Beside the target of the stage, if that is what the case awaits next."""
    turn, waiting = next_turn(state), awaited(state)
    if turn is None or turn.watch is None or waiting is None or waiting.by != turn.at:
        return None
    return deadline_of(state, turn.watch)


def _of_deadline(deadline: Deadline, policy: Policy) -> DueReason | None:
    target = target_of(deadline.watch)
    length = policy.targets.get(target) if target else None
    if target is None or length is None:
        return None
    return DueReason(target, length, deadline.start, None, again=False, paused=deadline.paused)
