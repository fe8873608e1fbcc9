"""When a case that nobody moved on the last level moves again: only what turns to the customer counts."""

from dataclasses import replace

from models.actions import Attempt, CallMe, Confirm, Contact
from models.case import Acted, CaseState, Event, Move
from models.notices import Audience


def moving_again(move: Move, event: Event) -> CaseState:
    """The state after the move: not stalled any more, where somebody turned to the customer."""
    state = move.state
    over = state.closed or faces_customer(move, event)
    return replace(state, stalled_since=None) if over and state.stalled_since else state


def faces_customer(move: Move, event: Event) -> bool:
    """An attempt, an answer of his, or words of ours to him. An acknowledgement, a hand-over or a
    note turns to nobody but colleagues; that he rang in vain, or wrote unasked, turns nobody to him.
    """
    match event:
        case Acted(act=Attempt() | Confirm() | CallMe(channel=Contact.WRITTEN, unasked=False)):
            return True
        case Acted():
            return any(notice.to is Audience.CUSTOMER for notice in move.notices)
        case _:
            return False
