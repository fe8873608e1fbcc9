"""What to do about each error of Twilio's, whether it answers a POST or comes with later news."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Remedy(StrEnum):
    LATER = "later"
    """It was not processed, or thrown out of a full queue: the same message is posted again after a while."""
    FIX_NUMBER = "fix_number"
    """No SMS reaches this number; another number, or another channel, will do."""
    SUPPRESS = "suppress"
    """Whoever has this number asked for silence."""
    NOT_REACHED = "not_reached"
    """Nobody was there in time; the number may be good."""
    BLOCKED = "blocked"
    """A network took it for what it does not let through: repeating makes it worse."""
    OPERATOR = "operator"
    """Settings of ours or of the account are in the way of this message."""
    BREAK = "break"
    """The account itself is refused: nothing can leave until somebody has seen to it."""


OURS = (Remedy.LATER, Remedy.OPERATOR, Remedy.BREAK)
"""What fails so says nothing of the one to whom it went."""


_CODES: Mapping[Remedy, frozenset[int]] = MappingProxyType(
    {
        Remedy.LATER: frozenset({10004, 20429, 21611, 30001}),
        Remedy.FIX_NUMBER: frozenset(
            {21201, 21211, 21214, 21217, 21612, 21614, 21635, 30005, 30006}
        ),
        Remedy.SUPPRESS: frozenset({21610}),
        Remedy.NOT_REACHED: frozenset({30003, 30008, 30036}),
        Remedy.BLOCKED: frozenset({30004, 30007}),
        Remedy.OPERATOR: frozenset(
            {13227, 21210, 21212, 21215, 21408, 21603, 21606, 21657, 21659, 21703, 30024, 30042}
        ),
        Remedy.BREAK: frozenset({20003, 20005, 30002}),
    }
)
_REMEDIES = {code: remedy for remedy, codes in _CODES.items() for code in codes}


def remedy_of(code: int) -> Remedy:
    """Of a code that nobody has met yet, the operator is told."""
    return _REMEDIES.get(code, Remedy.OPERATOR)


def is_listed(code: int) -> bool:
    """Whether we know what it means."""
    return code in _REMEDIES


def remedy_of_answer(status: int, code: int) -> Remedy | None:
    """What an HTTP answer to a POST asks for; None where nobody can say whether it was processed.

    `code` is 0 where the body tells none. Too many requests are never processed, says Twilio; of an
    error of its own it says that the message may have left.
    """
    if status == 429:
        return Remedy.LATER
    if not 400 <= status < 500 or status == 408:
        return None
    if status == 401 or (status in {403, 404, 407} and code not in _REMEDIES):
        return Remedy.BREAK
    return remedy_of(code)


class Silence(StrEnum):
    """Why nothing is sent to a number."""

    OPTED_OUT = "opted_out"
    DEAD_NUMBER = "dead_number"


def silence_after(code: int) -> Silence | None:
    match remedy_of(code):
        case Remedy.SUPPRESS:
            return Silence.OPTED_OUT
        case Remedy.FIX_NUMBER:
            return Silence.DEAD_NUMBER
        case _:
            return None
