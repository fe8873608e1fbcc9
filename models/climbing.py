"""What silence does to a case: it reminds, hands the case up, and repeats where nobody stands higher."""

from dataclasses import replace
from typing import assert_never

from models.actions import Outcome
from models.case import (
    AWAITS,
    CaseState,
    Confirmation,
    Move,
    Silence,
    Stage,
    UpTheLadder,
    advance,
)
from models.closing import close
from models.errors import WrongMove
from models.ladder import Clock, RungKind
from models.notices import Audience, Message, Notice
from models.progress import clock_of
from models.promises import note_broken
from models.timeline import Entry, EntryKind


def climb(state: CaseState, event: Silence) -> Move:
    rung, at = event.rung, event.at
    if rung not in state.rungs:
        raise WrongMove("rung_gone", "That rung is no longer planned.")
    passed = replace(state, rungs=tuple(r for r in state.rungs if r != rung))
    match rung.kind:
        case RungKind.REMIND:
            entry = Entry(EntryKind.REMINDED, at, due=rung.at)
            return Move(passed, (entry,), (Notice(Message.REMINDER, Audience.OWNER),))
        case RungKind.REPEAT:
            return _repeat(passed, event)
        case RungKind.HAND_UP:
            return _hand_up(passed, event)
        case RungKind.CLOSE_UNCONFIRMED:
            silent = Confirmation.UNCONFIRMED
            return close(passed, Outcome.RECOVERED, at, confirmation=silent, due=rung.at)
        case RungKind.BREAK:
            return note_broken(passed, event)
        case _:
            assert_never(rung.kind)


def asked_anew(state: CaseState) -> CaseState:
    """A new owner has acknowledged nothing yet; past the contact the work goes on with him."""
    return advance(state, Stage.ASKED) if state.stage is Stage.ACKNOWLEDGED else state


def passed_up(message: Message) -> tuple[Notice, ...]:
    """The new owner, and everybody who had the case before him."""
    before = Notice(Message.MOVED_ON, Audience.THOSE_BEFORE)
    return Notice(message, Audience.OWNER), Notice(Message.MOVED_ON, Audience.FORMER_OWNER), before


def _repeat(state: CaseState, event: Silence) -> Move:
    """Nobody stands higher: from its breach on the case is stalled."""
    at, due = event.at, event.rung.at
    entry = Entry(EntryKind.REPEATED, at, due=due)
    clock = Clock(AWAITS[state.stage], at, again=True)
    stalled = replace(state, stalled_since=state.stalled_since or due)
    told = (Notice(Message.REPEAT, Audience.OWNER),)
    return Move(stalled, (entry,), told, clock=clock, breached=True)


def _hand_up(state: CaseState, event: Silence) -> Move:
    after = asked_anew(state)
    return Move(
        after,
        (Entry(EntryKind.HANDED_UP, event.at, due=event.rung.at),),
        passed_up(Message.HANDED_UP),
        transfer=UpTheLadder(state.level + 1),
        clock=clock_of(after, event.at),
        breached=True,
    )
