"""Why something is due then: the rule that the case page tells beside the instant."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.case import CaseState
from models.ladder import Policy, Span, Target, length_of


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
    length = length_of(policy, clock)
    return DueReason(clock.target, length, clock.start, clock.by, clock.again, clock.paused)
