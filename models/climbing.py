"""What silence does to a case: it reminds, hands the case up, and repeats where nobody stands higher."""

from dataclasses import replace
from typing import assert_never

from models.actions import Outcome
from models.case import AWAITS, CaseState, Confirmation, Move, Silence, Stage, advance
from models.closing import close
from models.deadlines import passed_by, without
from models.errors import WrongMove
from models.gestures import nudge_approver
from models.ladder import Clock, Rung, RungKind, Subject
from models.late_actions import nudge_doer
from models.notices import Audience, Message, Notice
from models.pausing import end
from models.progress import clock_of
from models.promises import note_broken
from models.timeline import Entry, EntryKind
from models.transfers import UpTheLadder


def climb(state: CaseState, event: Silence) -> Move:
    """Raises WrongMove where the rung is planned no longer."""
    rung, at = event.rung, event.at
    if rung not in state.rungs:
        raise WrongMove("rung_gone", "That rung is no longer planned.")
    passed = replace(state, rungs=tuple(r for r in state.rungs if r != rung))
    if rung.of_action:
        return _nudge(passed, event)
    match rung.kind:
        case RungKind.REMIND:
            entry = Entry(EntryKind.REMINDED, at, due=rung.at, facts=_facts(rung))
            return Move(passed, (entry,), (Notice(Message.REMINDER, Audience.OWNER),))
        case RungKind.REPEAT:
            return _repeat(passed, event)
        case RungKind.HAND_UP:
            return _hand_up(passed, event)
        case RungKind.CLOSE_UNCONFIRMED:
            silent = Confirmation.UNCONFIRMED
            return close(passed, Outcome.RECOVERED, at, confirmation=silent, due=rung.at)
        case RungKind.RESUME:
            return end(passed, event)
        case RungKind.BREAK:
            return note_broken(passed, event)
        case _:
            assert_never(rung.kind)


def _nudge(state: CaseState, event: Silence) -> Move:
    of_gesture = event.rung.watch is not None and event.rung.watch.subject is Subject.GESTURE
    return nudge_approver(state, event) if of_gesture else nudge_doer(state, event)


def asked_anew(state: CaseState) -> CaseState:
    """A new owner has acknowledged nothing yet; past the contact the work goes on with him."""
    return advance(state, Stage.ASKED) if state.stage is Stage.ACKNOWLEDGED else state


def passed_on(message: Message) -> tuple[Notice, ...]:
    return Notice(message, Audience.OWNER), Notice(Message.MOVED_ON, Audience.FORMER_OWNER)


def passed_up(message: Message) -> tuple[Notice, ...]:
    """Everybody who had the case before is told, too."""
    return *passed_on(message), Notice(Message.MOVED_ON, Audience.THOSE_BEFORE)


def _repeat(state: CaseState, event: Silence) -> Move:
    """Nobody stands above: the stage's target is asked for again and again, another deadline once.

    From the first of them on the case is stalled.
    """
    rung, at = event.rung, event.at
    asked = _is_asked_anyway(state)
    state = replace(state, stalled_since=state.stalled_since or rung.at)
    entry = Entry(EntryKind.REPEATED, at, due=rung.at, facts=_facts(rung))
    told: tuple[Notice, ...] = (Notice(Message.REPEAT, Audience.OWNER),)
    if rung.watch is not None:
        told = () if asked else told
        return Move(passed_by(state, rung.watch), (entry,), told, overran=rung.watch)
    clock = Clock(AWAITS[state.stage], at, again=True)
    return Move(state, (entry,), told, clock=clock, breached=True)


def _is_asked_anyway(state: CaseState) -> bool:
    """Again and again, by the stage's own target: another deadline that runs out would only say the same."""
    planned = {rung.kind for rung in state.rungs if rung.watch is None}
    return state.stalled_since is not None and planned - {RungKind.BREAK} == {RungKind.REPEAT}


def _hand_up(state: CaseState, event: Silence) -> Move:
    """With a new target for the next level: of the stage, and of the deadline that ran out."""
    rung = event.rung
    after = asked_anew(without(state, rung.watch) if rung.watch else state)
    return Move(
        after,
        (Entry(EntryKind.HANDED_UP, event.at, due=rung.at, facts=_facts(rung)),),
        passed_up(Message.HANDED_UP),
        transfer=UpTheLadder(state.level + 1),
        clock=clock_of(after, event.at),
        breached=rung.watch is None,
        overran=rung.watch,
    )


def _facts(rung: Rung) -> dict[str, str | int]:
    """Which deadline it was, where it is not what the stage awaits."""
    return {"target": rung.watch.subject} if rung.watch else {}
