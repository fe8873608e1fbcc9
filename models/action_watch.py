"""When who has an action on somebody else's case is reminded of it, and told that it is late.

His clock counts: he is reminded at the shares of the ladder's first level, told at the date itself, and
from then on as often as the last level repeats. A letter waits for his working time anyway.
"""

from collections.abc import Iterator
from datetime import datetime

from models.case import CaseState
from models.deadlines import Dated
from models.hours import add, between
from models.ladder import Deadline, Policy, Rung, RungKind, Span, Watch, repeat_every
from models.opening_hours import OpeningHours


def of_action(
    state: CaseState,
    dated: Dated,
    before: Deadline | None,
    *,
    policy: Policy,
    hours: OpeningHours,
    at: datetime,
) -> tuple[Deadline, tuple[Rung, ...]]:
    """Laid once, and anew for another date or another person. What has rung is followed by the next."""
    due, watch = dated.due, dated.watch
    if before is None or (before.due, before.person) != (due, dated.person):
        now = Deadline(watch, at, due, dated.person)
        return now, tuple(_laid(now, policy, hours, broken=_is_promised(state, watch)))
    rungs = tuple(rung for rung in state.rungs if rung.watch == watch)
    if rungs or at < due:
        return before, rungs
    return before, (_again(watch, policy, hours, at),)


def _laid(
    deadline: Deadline, policy: Policy, hours: OpeningHours, *, broken: bool
) -> Iterator[Rung]:
    """`broken`: the date of the promise has a rung already, which tells him too."""
    watch, start, due = deadline.watch, deadline.start, deadline.due
    if due <= start:
        yield _again(watch, policy, hours, start)
        return
    working = between(hours, start, due)
    for share in policy.levels[0].remind_at:
        instant = add(hours, start, Span(time=working * share))
        if start < instant < due:
            yield Rung(RungKind.REMIND, instant, watch)
    if not broken:
        yield Rung(RungKind.REPEAT, due, watch)


def _again(watch: Watch, policy: Policy, hours: OpeningHours, after: datetime) -> Rung:
    return Rung(RungKind.REPEAT, add(hours, after, repeat_every(policy)), watch)


def _is_promised(state: CaseState, watch: Watch) -> bool:
    return any(a.number == watch.number and a.is_promised for a in state.actions)
