"""Where the facts put a case, and which clock runs there."""

from dataclasses import replace
from datetime import datetime

from models.action import Stand
from models.case import AWAITS, CaseState, Move, Stage, advance
from models.ladder import Clock, RungKind, Target
from models.notices import Audience, Message, Notice
from models.timeline import Entry, EntryKind


def waits_for_a_yes(state: CaseState) -> bool:
    """And for nothing else: whose yes it is has a deadline of his own, and nobody else is late."""
    left = {action.stand for action in state.open_actions}
    return state.stage is Stage.REPAIRING and left == {Stand.TO_APPROVE}


def clock_stopped(state: CaseState) -> CaseState:
    """What the stage awaited is waited for no longer; deadlines, promises and a pause stay."""
    stay = {RungKind.BREAK, RungKind.RESUME}
    rungs = tuple(rung for rung in state.rungs if rung.watch or rung.kind in stay)
    return replace(state, rungs=rungs, clock=None)


def clock_of(state: CaseState, start: datetime) -> Clock | None:
    """What is awaited now, and by which date, if somebody named one that has not passed yet."""
    if waits_for_a_yes(state):
        return None
    target = AWAITS[state.stage]
    named = _named_date(state, target)
    if named is None or named <= start:
        return Clock(target, start)
    return Clock(target, start, by=named, watched=_is_watched(state, target, named))


def _is_watched(state: CaseState, target: Target, date: datetime) -> bool:
    """By a rung of its own: that of a promise to the customer, or of an action that somebody else has."""
    of_repair = state.actions if target is Target.REPAIR else ()
    due = (a for a in of_repair if a.to_do and a.due == date)
    return any(action.is_promised or action.owner != state.owner for action in due)


def _named_date(state: CaseState, target: Target) -> datetime | None:
    """In repair the earliest promise, before the contact the time at which the customer wants a call.

    Where a repair is to be accepted, its owner has done his part: the case's owner is awaited.
    """
    match target:
        case Target.REPAIR:
            to_do = (action.due for action in state.actions if action.to_do)
            return None if state.to_accept else min(to_do)
        case Target.CONTACT:
            return state.again_at
        case _:
            return None


def call_again(state: CaseState, to: Stage = Stage.ASKED) -> CaseState:
    """A new round: whatever was said before, the customer must be called.

    `to` is where the owner who has the case in hand already need not take it once more.
    """
    after = advance(state, to)
    return replace(
        after,
        round=state.round + 1,
        attempts=0,
        postponed=0,
        again_at=None,
        reached_at=None,
        refused=False,
        reach=replace(state.reach, next_call_at=None, written=0, uncounted=0),
    )


def settle(
    before: CaseState,
    state: CaseState,
    entry: Entry,
    *,
    promised: bool = False,
    asks: bool = True,
) -> Move:
    """Put the case on the stage its facts call for, and start that stage's clock if it changed.

    `promised` restarts it on the same stage too: a promise with a date moves the stall clock, but not
    that of a repair which waits to be accepted meanwhile.
    `asks` is false where the customer need not be asked whether it is solved.
    """
    at = entry.at
    after = advance(state, _stage_by_facts(state))
    entries: tuple[Entry, ...] = (entry,)
    notices: tuple[Notice, ...] = ()
    newly = after.stage is not before.stage
    if asks and newly and after.stage is Stage.CONFIRMING:
        entries = (entry, Entry(EntryKind.CONFIRMATION_ASKED, at))
        notices = (Notice(Message.CONFIRM, Audience.CUSTOMER),)
    same_target = AWAITS[after.stage] is AWAITS[before.stage]
    still_judged = before.stage is after.stage and before.to_accept and after.to_accept
    if same_target and (still_judged or not (promised and after.stage is Stage.REPAIRING)):
        return Move(after, entries, notices)
    clock = clock_of(after, at)
    return Move(after, entries, notices, clock=clock, answered=_was_answered(before, after))


def _was_answered(before: CaseState, after: CaseState) -> bool:
    """One more action promises more and keeps nothing; only the customer answers a confirmation."""
    if before.stage is Stage.CONFIRMING:
        return False
    judged = len(after.to_accept) < len(before.to_accept)
    return before.stage is not after.stage or judged or _to_do(after) < _to_do(before)


def _to_do(state: CaseState) -> int:
    return sum(action.to_do for action in state.actions)


def _stage_by_facts(state: CaseState) -> Stage:
    if state.reached_at is None:
        return state.stage
    if state.cause is None:
        return Stage.CONTACTED
    if state.open_actions:
        return Stage.REPAIRING
    return Stage.CONFIRMING if state.remedied else Stage.UNDERSTOOD
