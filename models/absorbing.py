"""Two open cases turn out to be one person's: the older goes on, and the younger ends in it."""

from dataclasses import replace
from datetime import datetime

from models.actions import Close, Outcome
from models.case import TO_CALL, Acted, CaseState, Confirmation, Move, Stage
from models.closing import close
from models.errors import WrongMove
from models.pausing import woken
from models.stalling import moving_again
from models.timeline import Entry, EntryKind


def absorb(state: CaseState, *, into: str, by: str, at: datetime) -> Move:
    """The end of the younger one, be it that its opening is not committed yet.

    Raises WrongMove where something would be lost with it: what was said with the customer, or what
    somebody has yet to do or to allow.
    """
    asked = state.again_at is not None
    if state.stage not in {Stage.HEARD, *TO_CALL} or state.open_actions or asked:
        raise WrongMove(
            "younger_under_way",
            f"Case {state.case_id} is the younger one, and it is under way: the customer was spoken to, he "
            "asked to be called, or something is to be done there. Bring it to its end, then link them.",
        )
    linked = Acted(Close(Outcome.ABSORBED), by, at, draft="")
    entry = Entry(EntryKind.ABSORBED, at, by, facts={"case": into})
    ended = close(state, Outcome.ABSORBED, at, confirmation=Confirmation.NOT_ASKED, by=by)
    move = woken(state, linked, replace(ended, entries=(entry, *ended.entries)))
    after = replace(moving_again(move, linked), seq=state.seq + 1, before=None)
    return replace(move, state=after)
