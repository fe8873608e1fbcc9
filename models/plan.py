"""When each rung of a target is due: worked out once, when its clock starts, in opening hours."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from models.hours import add, between, next_open
from models.ladder import Clock, Policy, Rung, RungKind, Span, Target, length_of
from models.opening_hours import OpeningHours

MOST_REPEATED = 20
"""Nobody reads the twenty-first reminder of the same, and each is kept with the case until it is due."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`due` is when the target is missed; `rungs` are in order of time, the last ends the plan."""

    due: datetime
    rungs: tuple[Rung, ...]


def plan_rungs(policy: Policy, hours: OpeningHours, clock: Clock, *, level: int) -> Plan:
    """`level` is where on the ladder the owner stands; above the last one there is nobody."""
    if clock.target is Target.CONFIRMATION:
        due = add(hours, clock.start, length_of(policy, clock))
        return Plan(due, (Rung(RungKind.CLOSE_UNCONFIRMED, due),))
    if clock.again:
        due = add(hours, clock.start, length_of(policy, clock))
        return Plan(due, (Rung(RungKind.REPEAT, due),))
    if clock.by is not None:
        return _promised(policy, hours, clock, by=clock.by, level=level)
    return _awaited(policy, hours, clock, level=level)


def _awaited(policy: Policy, hours: OpeningHours, clock: Clock, *, level: int) -> Plan:
    """Who tried in vain is not overtaken before he may call again and has had the time to: the target
    may be missed by then, but the case stays his.
    """
    due = add(hours, clock.start, length_of(policy, clock))
    breach = max(due, _free_to_act(policy, hours, clock) or due)
    working = between(hours, clock.start, due)
    shares = [
        add(hours, clock.start, Span(time=working * share))
        for share in policy.level(level).remind_at
    ]
    again = _repeated(policy, hours, level, after=max(shares, default=clock.start), until=breach)
    end = Rung(when_missed(policy, level), breach)
    quiet = next_open(hours, clock.quiet_until) if clock.quiet_until else clock.start
    waiting = (max(at, quiet) for at in (*shares, *again))
    return Plan(due, (*_reminded(waiting, clock.start, breach), end))


def _free_to_act(policy: Policy, hours: OpeningHours, clock: Clock) -> datetime | None:
    """An acknowledgement's time after the next call is allowed; None where nothing holds it back."""
    if clock.quiet_until is None:
        return None
    return add(hours, next_open(hours, clock.quiet_until), policy.targets[Target.ACKNOWLEDGE])


def _promised(
    policy: Policy, hours: OpeningHours, clock: Clock, *, by: datetime, level: int
) -> Plan:
    """Nobody is nagged before the date; then its owner has the time of an acknowledgement.

    A repair is promised until its date, a call is asked for from its date on. A date that is watched
    by itself needs no reminder here.
    """
    asked = next_open(hours, max(by, clock.start))
    end = Rung(when_missed(policy, level), add(hours, asked, length_of(policy, clock)))
    due = by if clock.target is Target.REPAIR else end.at
    again = _repeated(policy, hours, level, after=asked, until=end.at)
    reminders = iter(()) if clock.watched else chain((asked,), again)
    return Plan(due, (*_reminded(reminders, clock.start, end.at), end))


def _repeated(
    policy: Policy, hours: OpeningHours, level: int, *, after: datetime, until: datetime
) -> Iterator[datetime]:
    """The reminders between `after` and the breach, on a level that is not the last."""
    every = policy.level(level).repeat_every if level < policy.last else None
    for _ in range(MOST_REPEATED if every else 0):
        after = next_open(hours, add(hours, after, every or Span()))
        if after >= until:
            return
        yield after


def _reminded(instants: Iterator[datetime], start: datetime, breach: datetime) -> tuple[Rung, ...]:
    """What would ring together with the start or with the breach is not worth saying."""
    return tuple(Rung(RungKind.REMIND, at) for at in sorted(set(instants)) if start < at < breach)


def when_missed(policy: Policy, level: int) -> RungKind:
    return RungKind.HAND_UP if level < policy.last else RungKind.REPEAT
