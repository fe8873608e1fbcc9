"""Why something is due then: the rule that the case page tells beside the instant."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.case import CaseState
from models.ladder import Policy, Span, Target


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
    """None for a case that rests or is closed, and for one of before, which does not tell it."""
    clock = state.clock
    if clock is None or state.closed or state.pause is not None:
        return None
    length = policy.targets[_that_runs(clock.target, named=clock.by is not None)]
    if clock.again:
        length = policy.levels[-1].repeat_every or length
    return DueReason(clock.target, length, clock.start, clock.by, clock.again, clock.paused)


def _that_runs(target: Target, *, named: bool) -> Target:
    """After a named date its owner has the time of an acknowledgement, as he has for a repair without one."""
    return Target.ACKNOWLEDGE if named or target is Target.REPAIR else target
