"""What waits for a person: from whom something is awaited, until when, and who comes next."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.assignment import Circumstances, assign
from models.case import CaseState, Move, Stage, next_turn
from models.ladder import RungKind
from models.progress import waits_for_a_yes
from models.remedy import found_in
from models.timeline import CUSTOMER
from models.transfers import UpTheLadder


class Group(StrEnum):
    """In the order in which a person needs them."""

    NOW = "now"
    """Overdue, or due within the next working hour."""
    TODAY = "today"
    """Due before his working day ends."""
    LATER = "later"
    WAITING = "waiting"
    """His to watch, while somebody else must act."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """`who` is a person's id or `customer`; after `by` it is overdue.

    `after` is set where the customer is not to be called before.
    """

    who: str
    by: datetime
    after: datetime | None = None


@dataclass(frozen=True, slots=True)
class Horizons:
    """A reader's day: `soon` is one working hour away, `evening` ends his work or is `now`."""

    now: datetime
    soon: datetime
    evening: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """Later than `after`, and up to and including `until`; None is no limit."""

    after: datetime | None
    until: datetime | None


def awaited(state: CaseState) -> Awaited | None:
    """Reminders do not count: the first breach does, or in repair the date that was promised first.

    Of a case that rests nothing is awaited before the end of its pause. A repair that is to be accepted
    waits for the case's owner, a gesture above his authority for who is asked to say yes.
    """
    if waits_for_a_yes(state):
        return _yes_awaited(state)
    turn = next_turn(state)
    if state.closed or state.owner is None or turn is None:
        return None
    if state.stage is Stage.CONFIRMING:
        return Awaited(CUSTOMER, turn.at)
    if state.stage is Stage.REPAIRING and state.open_actions and not state.to_accept:
        to_do = (action for action in state.actions if action.to_do)
        first = min(to_do, key=lambda action: action.due)
        return Awaited(first.owner, first.due)
    if state.pause is not None:
        return Awaited(state.owner, state.pause.until, state.pause.until)
    return Awaited(state.owner, turn.at, state.reach.next_call_at or state.again_at)


def _yes_awaited(state: CaseState) -> Awaited | None:
    """From who is asked first, until the next level is asked in his place."""
    ends = (r for r in state.rungs if r.of_action and r.kind is not RungKind.REMIND)
    first = next(ends, None)
    if first is None or first.watch is None:
        return None
    gesture = found_in(state, first.watch.number)
    return Awaited(gesture.approver or "", first.at)


def span_of(group: Group, horizons: Horizons) -> Span:
    """When that is due which waits in a group. The groups share no instant and leave none out."""
    evening = max(horizons.soon, horizons.evening)
    match group:
        case Group.NOW:
            return Span(None, horizons.soon)
        case Group.TODAY:
            return Span(horizons.soon, evening)
        case Group.LATER:
            return Span(evening, None)
        case Group.WAITING:
            return Span(None, None)


def next_owner(state: CaseState, found: Circumstances) -> str | None:
    """Who gets the case if nobody acts; None where it goes to nobody else."""
    turn = next_turn(state)
    if turn is None or turn.kind is not RungKind.HAND_UP:
        return None
    above = assign(Move(state, (), transfer=UpTheLadder(state.level + 1)), found).state.owner
    return above if above != state.owner else None
