"""When who is asked to say yes to a gesture is reminded, and when the next level is asked in his place.

His clock counts, and he has the time of an acknowledgement. On the last level he is told again as often
as it repeats.
"""

from collections.abc import Iterator
from datetime import datetime

from models.case import CaseState
from models.deadlines import ToApprove
from models.hours import add, between
from models.ladder import Deadline, Policy, Rung, RungKind, Span, Target, repeat_every
from models.opening_hours import OpeningHours
from models.plan import when_missed
from models.remedy import found_in


def of_gesture(
    state: CaseState,
    called: ToApprove,
    before: Deadline | None,
    *,
    policy: Policy,
    hours: OpeningHours,
    at: datetime,
) -> tuple[Deadline, tuple[Rung, ...]]:
    """Laid once for each who is asked."""
    level = min(found_in(state, called.watch.number).asked_level, policy.last)
    if before is None or (before.person, before.level) != (called.person, level):
        due = add(hours, at, policy.targets[Target.ACKNOWLEDGE])
        now = Deadline(called.watch, at, due, called.person, level)
        return now, tuple(_laid(now, policy, hours))
    rungs = tuple(rung for rung in state.rungs if rung.watch == called.watch)
    if rungs:
        return before, rungs
    again = add(hours, at, repeat_every(policy))
    return before, (Rung(RungKind.REPEAT, again, called.watch),)


def _laid(deadline: Deadline, policy: Policy, hours: OpeningHours) -> Iterator[Rung]:
    start, due = deadline.start, deadline.due
    shares = policy.level(deadline.level).remind_at
    if shares:
        working = between(hours, start, due)
        reminder = add(hours, start, Span(time=working * max(shares)))
        if start < reminder < due:
            yield Rung(RungKind.REMIND, reminder, deadline.watch)
    yield Rung(when_missed(policy, deadline.level), due, deadline.watch)
