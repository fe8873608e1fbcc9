"""Gestures that needed nobody's yes are free, and a share of them is looked at afterwards.

It is about gestures, not about who gave them: nothing here counts by person.
"""

from enum import StrEnum

from models.action import Action
from models.actions import PromiseKind
from models.case import Move
from models.timeline import EntryKind

GRAIN = 2**64
DIGITS = 16
"""So many hexadecimal ones are one of `GRAIN` numbers."""


class ReviewVerdict(StrEnum):
    FINE = "fine"
    TO_TALK_ABOUT = "to_talk_about"


def newly_given(move: Move) -> Action | None:
    """The gesture that this very move promised, where nobody else had to say yes."""
    first = move.entries[0]
    changed = first.kind is EntryKind.ACTION_CHANGED and "within" in first.facts
    if first.kind is not EntryKind.ACTION_ADDED and not changed:
        return None
    found = (a for a in move.state.actions if a.number == first.facts["number"])
    return next((a for a in found if a.promise is PromiseKind.GESTURE and a.approval is None), None)


def is_drawn(index: str, share: float) -> bool:
    """`index` is a keyed hash in hexadecimal: the same gesture is drawn again, and nobody can foresee it."""
    return int(index[:DIGITS], 16) < share * GRAIN
