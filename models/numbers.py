"""The numbers of the board by name, and what each is a share of."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Literal, TypeAlias


class Which(StrEnum):
    """The number, by its name in `models.figures`."""

    ANSWERS = "answers"
    """The happy ones too."""
    RESPONSES = "responses"
    """All of D, with a case or without."""
    COVERED = "covered"
    """Those of D that have a case, with those that joined one."""
    UNCOVERED = "uncovered"
    """Those that have none."""
    REACHABLE = "reachable"
    """All of E: whom the waits are counted from."""
    CASES = "cases"
    OPEN = "open"
    """The backlog."""
    LATE = "late"
    STALLED = "stalled"
    ENDED = "ended"
    GOOD = "good"
    """Closed, confirmed and not reopened: the quality."""
    CONTACTED = "contacted"
    NOT_CONTACTED = "not_contacted"
    """Until now, or until the case ended."""
    WAITING = "waiting"
    """Now."""
    OLD_ENOUGH = "old_enough"
    """Those of E that the closed loop is counted from."""
    CLOSED = "closed"
    """The closed loop, and beside it the next four."""
    CONFIRMED = "confirmed"
    UNREACHABLE = "unreachable"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"
    MET = "met"
    MISSED = "missed"
    """With those that still run and are past due."""
    JUDGED = "judged"
    """Both."""
    KEPT = "kept"
    """Promises to customers that were kept by their date."""
    BROKEN = "broken"
    """With those that are open and past their date."""
    PROMISED = "promised"
    IN_TIME = "in_time"
    """Actions that were done by their date."""
    TOO_LATE = "too_late"
    """With those that are open and past their date."""
    DUE = "due"
    """Both."""
    REFUSED = "refused"
    """Repairs that were sent back, each time they were."""
    JUDGED_WORK = "judged_work"
    """Accepted or sent back."""
    RESURVEYED = "resurveyed"
    """Answers to re-surveys."""
    WON_BACK = "won_back"
    """Those of them that are unhappy no more."""
    ASKED_AGAIN = "asked_again"
    """Long enough ago for an answer."""
    HEARD_AGAIN = "heard_again"
    """Those of them that were answered."""
    LEVEL = "level"
    """That one or above."""
    CAUSE = "cause"
    PLAYED = "played"
    """Cases of a cause in which an action follows a playbook."""
    UNPLAYED = "unplayed"
    BY_HAND = "by_hand"
    """Those of D that one of us wrote down, of one channel."""
    BY_HAND_CONTACTED = "by_hand_contacted"
    BACK_FILED = "back_filed"
    """Unhappy answers that a back-file or a backfill brought, of one way; those too old to call back too."""
    BACK_FILED_COVERED = "back_filed_covered"
    RECOVERED = "recovered"
    REFERRED = "referred"
    """Those of them whose customer recommends us."""


OfTheLoop: TypeAlias = Literal[
    Which.OLD_ENOUGH,
    Which.CLOSED,
    Which.CONFIRMED,
    Which.UNREACHABLE,
    Which.WITHDRAWN,
    Which.REOPENED,
]


OfActions: TypeAlias = Literal[
    Which.BROKEN,
    Which.PROMISED,
    Which.TOO_LATE,
    Which.DUE,
    Which.JUDGED_WORK,
]


AsTallied: TypeAlias = Literal[
    Which.ANSWERS,
    Which.RESPONSES,
    Which.REACHABLE,
    Which.CASES,
    Which.OPEN,
    Which.STALLED,
    Which.GOOD,
    Which.CONTACTED,
    Which.KEPT,
    Which.IN_TIME,
    Which.REFUSED,
    Which.RECOVERED,
    Which.REFERRED,
]
"""A tally has that very name. A new word is placed here, or says how it is counted."""


COUNTED_FROM: Mapping[Which, Which] = MappingProxyType(
    {
        Which.COVERED: Which.RESPONSES,
        Which.GOOD: Which.ENDED,
        Which.CONTACTED: Which.REACHABLE,
        Which.NOT_CONTACTED: Which.REACHABLE,
        Which.CLOSED: Which.OLD_ENOUGH,
        Which.CONFIRMED: Which.OLD_ENOUGH,
        Which.UNREACHABLE: Which.OLD_ENOUGH,
        Which.WITHDRAWN: Which.OLD_ENOUGH,
        Which.REOPENED: Which.OLD_ENOUGH,
        Which.MET: Which.JUDGED,
        Which.MISSED: Which.JUDGED,
        Which.KEPT: Which.PROMISED,
        Which.BROKEN: Which.PROMISED,
        Which.IN_TIME: Which.DUE,
        Which.TOO_LATE: Which.DUE,
        Which.REFUSED: Which.JUDGED_WORK,
        Which.WON_BACK: Which.RESURVEYED,
        Which.HEARD_AGAIN: Which.ASKED_AGAIN,
        Which.LEVEL: Which.CASES,
        Which.REFERRED: Which.RECOVERED,
        Which.BY_HAND_CONTACTED: Which.BY_HAND,
        Which.BACK_FILED_COVERED: Which.BACK_FILED,
    }
)
"""What a number is a share of."""


@dataclass(frozen=True, slots=True)
class Number:
    """`detail` is the target met or missed ("" is any; `contact:1-3`: by these versions), the level,
    the cause ("" is not named yet), what is awaited, the channel, the way, or the reason why there
    is no case.
    """

    which: Which
    detail: str = ""

    @property
    def counted_from(self) -> "Number | None":
        whole = COUNTED_FROM.get(self.which)
        kept = whole in {Which.JUDGED, Which.BY_HAND, Which.BACK_FILED}
        return Number(whole, self.detail if kept else "") if whole else None
