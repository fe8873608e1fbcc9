"""The wire between the edges, the workflow and its activities: one frozen value in, one out.

New fields get defaults: an open case must be able to read what it was sent weeks ago.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.actions import Act
from models.case import CaseState, HeardAgain, Move
from models.revisions import Change
from models.timelapse import Timelapse


def workflow_id(case_id: str) -> str:
    """By which all who speak to a case find its workflow."""
    return f"case/{case_id}"


@dataclass(frozen=True, slots=True)
class CaseStart:
    """`state` is None for a case just minted, and the snapshot for one whose workflow was lost.

    `lapse` is set in a demonstration only: then the case lives by the played clock.
    """

    case_id: str
    opened_at: datetime
    state: CaseState | None = None
    lapse: Timelapse | None = None


@dataclass(frozen=True, slots=True)
class ResponseHeard:
    """Signal: a response joined the case, or stands otherwise than the case heard. The id is ours, not
    the survey system's.
    """

    response_id: str
    revision: int
    submitted_at: datetime
    topic: str | None = None
    new_phone: bool = False
    change: Change = Change.JOINED


@dataclass(frozen=True, slots=True)
class ActRequest:
    """Update: a person acts. `received_at` is when the web took it."""

    act: Act
    by: str
    draft: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class ActReceipt:
    seq: int


@dataclass(frozen=True, slots=True)
class CommitRequest:
    """A move to write. `commit_id` names its event: the same commit run twice is known by it.

    `draft` is the row of what a person typed, `response` the one that was heard, as it stood at
    `revision` (None: an older worker asks): the move consumes them.
    """

    commit_id: str
    move: Move
    at: datetime
    draft: str | None = None
    response: str | None = None
    revision: int | None = None


class Verdict(StrEnum):
    APPLIED = "applied"
    STALE = "stale"
    """The event was consumed before: nothing was written."""
    AHEAD = "ahead"
    """The database knows more than the workflow: take its state and judge the event again."""
    UNHEARD = "unheard"
    """A response joined that the workflow has not heard: hear it before closing."""


@dataclass(frozen=True, slots=True)
class CommitReceipt:
    """`state` is the case as it now stands in the database."""

    verdict: Verdict
    state: CaseState
    unheard: tuple[HeardAgain, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseEnd:
    """What the workflow returns: enough to read a history without the database."""

    case_id: str
    seq: int
    outcome: str
