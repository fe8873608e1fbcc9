"""A case lived without a database: moves are committed with fixed people and fixed lengths."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from models.absence import ByRoster
from models.actions import (
    Acknowledge,
    Act,
    AddAction,
    Attempt,
    Confirm,
    FinishAction,
    NameCause,
    Reached,
)
from models.case import Acted, CaseState, Event, HeardAgain, Move, Opened, Silence
from models.ladder import Clock, Rung, RungKind, Target
from models.moves import apply
from models.promises import watched
from models.revisions import Change
from models.transfers import ByHand, ByRouting, ToTheTop, UpTheLadder

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
DIRECTOR, DEPUTY, NATIONAL = "director", "deputy", "national"
LAST_LEVEL = 2
TOPIC = "safety"
UNREACHABLE_AFTER = 3
REPEAT_EVERY = 24 * HOUR
LENGTHS = {
    Target.ACKNOWLEDGE: 4 * HOUR,
    Target.CONTACT: 24 * HOUR,
    Target.PLAN: 48 * HOUR,
    Target.REPAIR: 120 * HOUR,
    Target.CONFIRMATION: 72 * HOUR,
}

REACHED = Attempt(Reached.REACHED)
NO_ANSWER = Attempt(Reached.NO_ANSWER)
LATER = Attempt(Reached.LATER)
CAUSE = NameCause("late_delivery")
REPAIR = AddAction("plumber", MONDAY + 72 * HOUR)
DONE, YES, NO = FinishAction(1), Confirm(solved=True), Confirm(solved=False)
HAPPY: tuple[Act, ...] = (Acknowledge(), REACHED, CAUSE, REPAIR, DONE, YES)
"""The six acts of a life in which nothing goes wrong."""


def minted() -> CaseState:
    return CaseState("case-1", MONDAY)


def opened() -> CaseState:
    return lived(minted(), [Opened(MONDAY)])


def after(*acts: Act) -> CaseState:
    """An opened case after these acts, all of them at the instant of its opening."""
    return lived(opened(), [did(act) for act in acts])


def did(act: Act, *, at: datetime = MONDAY, by: str = DIRECTOR) -> Acted:
    return Acted(act, by, at, draft="draft-1")


def words(
    *,
    submitted_at: datetime,
    at: datetime | None = None,
    topic: str | None = None,
    change: Change = Change.JOINED,
) -> HeardAgain:
    return HeardAgain("response-2", 1, submitted_at, at or submitted_at, topic, change=change)


def silence(state: CaseState, *, late: timedelta = timedelta()) -> Silence:
    rung = state.rungs[0]
    return Silence(rung, rung.at + late)


def lived(state: CaseState, events: Iterable[Event]) -> CaseState:
    for event in events:
        state = committed(apply(state, event))
    return state


def committed(move: Move) -> CaseState:
    """The state as the database would keep it: with its owner, and the rungs of a started clock."""
    state = _transferred(move)
    rungs = _planned(move.clock, state.level) if move.clock else state.rungs
    return watched(replace(state, rungs=rungs))


def _transferred(move: Move) -> CaseState:
    match move.transfer:
        case None:
            return move.state
        case ByRouting():
            named = replace(move.state, unreachable_after=UNREACHABLE_AFTER)
            return replace(named, assignee=DIRECTOR, owner=DIRECTOR, level=0)
        case ByHand(person):
            return replace(move.state, assignee=person, owner=person, level=0, raised=False)
        case ToTheTop():
            return replace(move.state, owner=NATIONAL, level=LAST_LEVEL, topic=TOPIC, raised=True)
        case ByRoster():
            return move.state
        case UpTheLadder(level):
            level = min(level, LAST_LEVEL)
            owner = (move.state.assignee, DEPUTY, NATIONAL)[level]
            return replace(move.state, owner=owner, level=level)


def _planned(clock: Clock, level: int) -> tuple[Rung, ...]:
    end = clock.by or clock.start + LENGTHS[clock.target]
    if clock.target is Target.CONFIRMATION:
        return (Rung(RungKind.CLOSE_UNCONFIRMED, end),)
    if clock.again:
        return (Rung(RungKind.REPEAT, clock.start + REPEAT_EVERY),)
    half_way = Rung(RungKind.REMIND, clock.start + (end - clock.start) / 2)
    last = RungKind.REPEAT if level == LAST_LEVEL else RungKind.HAND_UP
    return half_way, Rung(last, end)
