"""What runs beside the target that a stage awaits: which deadlines the facts of a case call for, and what
comes of one that runs out. Their instants are worked out in `models.watching`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from models.action import Stand
from models.case import CaseState, Stage
from models.ladder import Deadline, Subject, Target, Watch
from models.progress import waits_for_a_yes

CLOSURE = Watch(Subject.CLOSURE)
ATTEMPT = Watch(Subject.ATTEMPT)
OUR_TIME = frozenset({ATTEMPT, CLOSURE})
"""Those that count our own working time, which stands still in a pause; a date that was named does not."""


@dataclass(frozen=True, slots=True)
class Called:
    """`person` must act; None: nobody of ours is awaited, so that nobody is reminded and nothing moves.

    `target` tells its length. Before `quiet_until` nothing is said: something else that was promised is
    waited for first.
    """

    watch: Watch
    target: Target
    person: str | None
    quiet_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """An action of `person`, who does not own the case: its date was named, and no target tells it."""

    watch: Watch
    person: str
    due: datetime


@dataclass(frozen=True, slots=True)
class ToApprove:
    """A gesture to which `person` has yet to say yes or no: he has the time of an acknowledgement."""

    watch: Watch
    person: str


def called_for(state: CaseState) -> Iterator[Called | Dated | ToApprove]:
    """Everything that has a deadline where the case stands."""
    if state.closed or state.stage is Stage.HEARD:
        return
    yield _closure(state)
    if awaits_attempt(state):
        yield Called(ATTEMPT, Target.ATTEMPT, state.owner)
    yield from _actions(state)
    yield from _gestures(state)


def _closure(state: CaseState) -> Called:
    """Who closes waits for the customer while he is asked, for what was promised to him, and for a yes."""
    asked = state.stage is Stage.CONFIRMING or waits_for_a_yes(state)
    promised = max((action.due for action in state.open_actions), default=None)
    return Called(CLOSURE, Target.CLOSURE, None if asked else state.owner, promised)


def _actions(state: CaseState) -> Iterator[Dated]:
    """Of others: who has the case is on its ladder already. The date of a promise has a rung of its own."""
    for action in state.actions:
        if action.to_do and action.owner != state.owner:
            yield Dated(Watch(Subject.ACTION, action.number), action.owner, action.due)


def _gestures(state: CaseState) -> Iterator[ToApprove]:
    for action in state.actions:
        if action.stand is Stand.TO_APPROVE and action.approver is not None:
            yield ToApprove(Watch(Subject.GESTURE, action.number), action.approver)


def awaits_attempt(state: CaseState) -> bool:
    """Somebody has the case in hand and nobody has tried yet. A time that the customer named comes first."""
    return state.stage is Stage.ACKNOWLEDGED and state.attempts == 0 and state.again_at is None


def deadline_of(state: CaseState, watch: Watch) -> Deadline | None:
    return next((each for each in state.deadlines if each.watch == watch), None)


def target_of(watch: Watch) -> Target | None:
    """Whose length it has where nobody named a date, and for which it counts; None for neither."""
    match watch.subject:
        case Subject.ATTEMPT:
            return Target.ATTEMPT
        case Subject.CLOSURE:
            return Target.CLOSURE
        case Subject.ACTION | Subject.GESTURE:
            return None
        case _:
            assert_never(watch.subject)


def watch_of(target: Target) -> Watch | None:
    """None for a target that a stage awaits."""
    match target:
        case Target.ATTEMPT:
            return ATTEMPT
        case Target.CLOSURE:
            return CLOSURE
        case _:
            return None


def is_answered(state: CaseState, target: Target) -> bool:
    """What the deadline waited for has come, whoever did it."""
    match target:
        case Target.ATTEMPT:
            return state.attempts > 0
        case Target.CLOSURE:
            return state.closed
        case _:
            return False


def without(state: CaseState, watch: Watch) -> CaseState:
    """It ran out and starts anew for whoever has the case next."""
    kept = tuple(each for each in state.deadlines if each.watch != watch)
    return replace(state, deadlines=kept)


def passed_by(state: CaseState, watch: Watch) -> CaseState:
    """It ran out where nobody stands above: once is said, the stage's own ladder goes on."""
    deadlines = tuple(replace(d, passed=True) if d.watch == watch else d for d in state.deadlines)
    return replace(state, deadlines=deadlines)
