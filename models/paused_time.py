"""What comes later by a pause: by exactly the working time that it took, of who owned the case."""

from dataclasses import replace
from datetime import datetime, timedelta

from models.case import CaseState
from models.deadlines import OUR_TIME
from models.hours import add, between
from models.ladder import Clock, Deadline, Rung, Span
from models.opening_hours import OpeningHours
from models.pauses import PauseOver
from models.pausing import in_order, stands_still


def later(hours: OpeningHours, at: datetime, by: timedelta) -> datetime:
    """Nothing moves by a pause that took no working time."""
    return add(hours, at, Span(time=by)) if by else at


def taken(hours: OpeningHours, over: PauseOver, clock: Clock | None = None) -> timedelta:
    """A pause before a date that somebody named takes nothing from the time after it."""
    since = over.pause.since
    named = clock.by if clock and clock.by else since
    return between(hours, max(since, named), over.at)


def gone_on(state: CaseState, over: PauseOver, hours: OpeningHours, *, anew: bool) -> CaseState:
    """Awake: what was held comes later. `anew`: the stage's own clock was just started anyway."""
    for_all, for_own = taken(hours, over), taken(hours, over, state.clock)
    deadlines = tuple(
        _postponed(each, hours, for_all) if stands_still_beside(each) else each
        for each in state.deadlines
    )
    rungs = []
    for rung in state.rungs:
        by = for_all if rung.watch else timedelta() if anew else for_own
        rungs.append(_moved(rung, hours, by, over) if stands_still(rung) else rung)
    clock = state.clock
    if clock is not None and not anew:
        clock = replace(clock, paused=clock.paused + for_own)
    return replace(
        state,
        rungs=in_order(rungs),
        deadlines=deadlines,
        clock=clock,
        paused=state.paused + for_all,
    )


def stands_still_beside(deadline: Deadline) -> bool:
    return not deadline.passed and deadline.watch in OUR_TIME


def _postponed(deadline: Deadline, hours: OpeningHours, by: timedelta) -> Deadline:
    due = later(hours, deadline.due, by)
    return replace(deadline, due=due, paused=deadline.paused + by)


def _moved(rung: Rung, hours: OpeningHours, by: timedelta, over: PauseOver) -> Rung:
    """What was still to come when the rest began is not overdue when it ends, though it took a night only."""
    at = later(hours, rung.at, by)
    return replace(rung, at=max(at, over.at) if rung.at >= over.pause.since else at)
