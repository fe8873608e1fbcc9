"""The deadlines beside the stage's target: started when the facts call for one, each with its own rungs.

They are worked out in the commit, as those of the target are, and recorded. When somebody else must act the
reminders are laid anew, and the instant stays: it moves after a pause and by planning anew only (ADR 23).
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from models.action_watch import of_action
from models.case import CaseState
from models.deadlines import Called, Dated, ToApprove, called_for, deadline_of
from models.gesture_watch import of_gesture
from models.hours import add, between, next_open
from models.ladder import Deadline, Policy, Rung, RungKind, Span
from models.opening_hours import OpeningHours
from models.plan import when_missed
from models.versions import Versions
from models.workday import hours_at_work


def with_deadlines(
    state: CaseState, versions: Versions, policy: Policy, *, region: str | None, at: datetime
) -> CaseState:
    """After the move of `at`: those that are called for no longer are gone, with their rungs.

    Where the case rests, attempt and closure stand as they stood, and the pause holds their rungs.
    """
    rungs = [rung for rung in state.rungs if rung.watch is None]
    deadlines: list[Deadline] = []
    for called in called_for(state):
        if isinstance(called, Called) and called.target not in policy.targets:
            continue
        hours = hours_at_work(versions.pinned, versions.today, called.person, region=region)
        before = deadline_of(state, called.watch)
        if state.pause is not None and isinstance(called, Called):
            deadlines.extend((before,) if before else ())
            continue
        match called:
            case Dated():
                deadline, laid = of_action(state, called, before, policy=policy, hours=hours, at=at)
            case ToApprove():
                deadline, laid = of_gesture(
                    state, called, before, policy=policy, hours=hours, at=at
                )
            case Called():
                deadline, laid = _of_case(state, called, before, policy=policy, hours=hours, at=at)
            case _:
                assert_never(called)
        deadlines.append(deadline)
        rungs.extend(laid)
    in_order = sorted(_reminding_once(rungs), key=lambda rung: rung.at)
    return replace(state, rungs=tuple(in_order), deadlines=tuple(deadlines))


def _reminding_once(rungs: Iterable[Rung]) -> Iterator[Rung]:
    """Of two reminders at one instant the first is said: where it is the stage's, that one."""
    said = set[datetime]()
    for rung in rungs:
        if rung.kind is RungKind.REMIND and rung.at in said:
            continue
        said |= {rung.at} if rung.kind is RungKind.REMIND else set()
        yield rung


def _of_case(
    state: CaseState,
    called: Called,
    before: Deadline | None,
    *,
    policy: Policy,
    hours: OpeningHours,
    at: datetime,
) -> tuple[Deadline, tuple[Rung, ...]]:
    now = _running(state, called, before, policy=policy, hours=hours, at=at)
    if now == before:
        return now, tuple(rung for rung in state.rungs if rung.watch == called.watch)
    return now, tuple(_laid(now, policy, hours, after=at))


def _running(
    state: CaseState,
    called: Called,
    before: Deadline | None,
    *,
    policy: Policy,
    hours: OpeningHours,
    at: datetime,
) -> Deadline:
    """One that ran out while nobody of ours was awaited starts anew: nobody is late at once."""
    person, quiet_until = called.person, called.quiet_until
    if before is not None:
        now = replace(before, person=person, level=state.level, quiet_until=quiet_until)
        if before.passed or now == before or max(before.due, quiet_until or at) > at:
            return before if before.passed else now
    due = add(hours, at, policy.targets[called.target])
    return Deadline(called.watch, at, due, person, state.level, quiet_until)


def _laid(
    deadline: Deadline, policy: Policy, hours: OpeningHours, *, after: datetime
) -> Iterator[Rung]:
    """One reminder, at the last share of the level: the stage's own target has the others.

    What is waited for may be due at night: who is to act hears of this one when he works again.
    """
    if deadline.person is None:
        return
    heard = next_open(hours, deadline.quiet_until or deadline.start)
    end = max(deadline.due, heard)
    shares = policy.level(deadline.level).remind_at
    if shares:
        working = between(hours, deadline.start, deadline.due)
        reminder = add(hours, deadline.start, Span(time=working * max(shares)))
        instant = max(reminder, heard)
        if after < instant < end:
            yield Rung(RungKind.REMIND, instant, deadline.watch)
    yield Rung(when_missed(policy, deadline.level), end, deadline.watch)
