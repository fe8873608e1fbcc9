"""A case rests and wakes again. Only our own working time stands still: what was promised to the
customer breaks all the same, and whatever is heard of him wakes the case at once.
"""

from collections.abc import Iterable
from dataclasses import replace

from models.actions import Attempt, Resume
from models.actions import Pause as PauseAct
from models.case import Acted, CaseState, Event, HeardAgain, Move, Silence, Stage
from models.deadlines import OUR_TIME
from models.errors import WrongMove
from models.ladder import Rung, RungKind
from models.notices import Audience, Message, Notice
from models.pauses import Pause, PauseOver
from models.timeline import CUSTOMER, SYSTEM, Entry, EntryKind


def stands_still(rung: Rung) -> bool:
    """In a pause: what the stage awaits, and what else counts our own working time."""
    own = rung.watch is None and rung.kind not in {RungKind.BREAK, RungKind.RESUME}
    return own or rung.watch in OUR_TIME


def rest(state: CaseState, event: Acted, act: PauseAct | Resume) -> Move:
    return _pause(state, event, act) if isinstance(act, PauseAct) else _resume(state, event)


def _pause(state: CaseState, event: Acted, act: PauseAct) -> Move:
    if state.pause is not None:
        raise WrongMove("paused", "The case rests already.")
    if state.stage is Stage.CONFIRMING:
        raise WrongMove("confirming", "The customer was asked: record what he answers.")
    if act.until <= event.at:
        raise WrongMove("due_in_the_past", "A pause ends later than it begins.")
    held = tuple(rung for rung in state.rungs if stands_still(rung))
    beside = (rung for rung in state.rungs if not stands_still(rung))
    resting = Pause(act.reason, event.at, act.until, state.owner, held)
    rungs = in_order((*beside, Rung(RungKind.RESUME, act.until)))
    facts = {"reason": act.reason, "until": act.until.isoformat()}
    entry = Entry(EntryKind.PAUSED, event.at, event.by, facts=facts)
    return Move(replace(state, rungs=rungs, pause=resting), (entry,))


def _resume(state: CaseState, event: Acted) -> Move:
    """By hand, before its time."""
    if state.pause is None:
        raise WrongMove("not_paused", "The case does not rest.")
    return Move(state, (Entry(EntryKind.PAUSE_OVER, event.at, event.by),))


def end(state: CaseState, event: Silence) -> Move:
    """At its end it goes on by itself, and its owner is told."""
    entry = Entry(EntryKind.PAUSE_OVER, event.at, due=event.rung.at)
    return Move(state, (entry,), (Notice(Message.PAUSE_OVER, Audience.OWNER),))


def woken(state: CaseState, event: Event, move: Move) -> Move:
    """The move of a case that rests: still resting, or awake again.

    Whoever owns it and does not hear of it by the move itself is told that the pause is over.
    """
    resting = state.pause
    if resting is None or not _wakes(event, move):
        return move
    at = event.rung.at if isinstance(event, Silence) and _ends(event) else event.at
    after = replace(move.state, pause=None)
    if not after.closed:
        going_on = (rung for rung in after.rungs if rung.kind is not RungKind.RESUME)
        after = replace(after, rungs=in_order((*going_on, *resting.held)))
    entries = move.entries
    if all(entry.kind is not EntryKind.PAUSE_OVER for entry in entries):
        entries = (*entries, Entry(EntryKind.PAUSE_OVER, event.at, _by(event)))
    return replace(move, state=after, entries=entries, over=PauseOver(resting, at))


def in_order(rungs: Iterable[Rung]) -> tuple[Rung, ...]:
    return tuple(sorted(rungs, key=lambda rung: rung.at))


def _wakes(event: Event, move: Move) -> bool:
    """Whatever starts another target, gives the case to somebody, or is heard of the customer."""
    if move.clock is not None or move.transfer is not None or move.state.closed:
        return True
    match event:
        case HeardAgain():
            return True
        case Acted(act=Attempt() | Resume()):
            return True
        case Acted(by=by):
            return by == CUSTOMER
        case Silence():
            return _ends(event)
        case _:
            return False


def _ends(event: Silence) -> bool:
    return event.rung.kind is RungKind.RESUME


def _by(event: Event) -> str:
    return event.by if isinstance(event, Acted) else SYSTEM
