"""What a person may do with a case: one small value per act, ids, enums and instants only.

What he typed (notes, words, reasons) never travels here: it stays in the database as the act's draft.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, TypeAlias

from models.handling import (
    AcceptAction,
    ApproveGesture,
    AskTime,
    ChangeAction,
    DropAction,
    RefuseAction,
    RefuseGesture,
)
from models.money import Money


class ActKind(StrEnum):
    ACKNOWLEDGE = "acknowledge"
    ATTEMPT = "attempt"
    TAKE_BACK = "take_back"
    CAUSE = "cause"
    ACTION = "action"
    ACTION_DONE = "action_done"
    ACTION_ACCEPT = "action_accept"
    ACTION_REFUSE = "action_refuse"
    ACTION_TIME = "action_time"
    ACTION_CHANGE = "action_change"
    ACTION_DROP = "action_drop"
    GESTURE_APPROVE = "gesture_approve"
    GESTURE_REFUSE = "gesture_refuse"
    HAND_OVER = "hand_over"
    CONFIRMATION = "confirmation"
    CALL_ME = "call_me"
    CLOSE = "close"
    PAUSE = "pause"
    RESUME = "resume"


class Contact(StrEnum):
    """The channel of an attempt."""

    PHONE = "phone"
    MEETING = "meeting"
    VISIT = "visit"
    WRITTEN = "written"


class Reached(StrEnum):
    """What came out of an attempt. Only `REACHED` is a contact: a voicemail is not."""

    REACHED = "reached"
    VOICEMAIL = "voicemail"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    WRONG_NUMBER = "wrong_number"
    REFUSED = "refused"
    """He asked not to be called: from now on nobody calls him, about this case or another."""
    LATER = "later"
    """The customer asked to be called at another time: no contact, and nothing that failed either."""


class PromiseKind(StrEnum):
    """What the customer is promised in writing."""

    REPAIR = "repair"
    CALL = "call"
    ENQUIRY = "enquiry"
    GESTURE = "gesture"
    COMMITMENT_TO_REPAIR = "commitment_to_repair"
    """It binds the company for years: not everybody may."""


MOST_NAMES = 20
"""That a customer gives in a talk: more is a slip of the finger."""


class Outcome(StrEnum):
    RECOVERED = "recovered"
    NOT_RECOVERED = "not_recovered"
    UNREACHABLE = "unreachable"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ABSORBED = "absorbed"
    """It goes on in an older case of the same person; nobody closes one so by hand."""


@dataclass(frozen=True, slots=True)
class Acknowledge:
    kind: Literal["acknowledge"] = "acknowledge"


@dataclass(frozen=True, slots=True)
class Attempt:
    """`again_at` goes with `LATER` only: when the customer asked to be called. `whom` is the id of somebody
    who shares the case; None is the case's own customer. `inbound`: it was he who rang.
    """

    outcome: Reached
    channel: Contact = Contact.PHONE
    again_at: datetime | None = None
    whom: str | None = None
    inbound: bool = False
    kind: Literal["attempt"] = "attempt"


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Undo of the latest attempt, by whoever recorded it.

    `seq` is the commit that recorded it, so that an old page takes back no newer one; None is the
    latest, whichever that is.
    """

    seq: int | None = None
    kind: Literal["take_back"] = "take_back"


@dataclass(frozen=True, slots=True)
class NameCause:
    cause: str
    kind: Literal["cause"] = "cause"


@dataclass(frozen=True, slots=True)
class AddAction:
    """`due` was promised by the person, or worked out by the web from the repair target.

    `promise` is None for an action of ours that the customer is not written to about. `suggested`
    names the suggestion of a playbook that it follows, as in `delay:2`. `cost` is what it is planned to
    cost. `beyond`: it is a gesture above his authority, and waits for a yes.
    """

    owner: str
    due: datetime
    promise: PromiseKind | None = None
    suggested: str | None = None
    cost: Money | None = None
    beyond: bool = False
    kind: Literal["action"] = "action"


@dataclass(frozen=True, slots=True)
class FinishAction:
    """`asks` is false where the customer has answered already: he is not asked whether it is solved.

    `cost` takes the place of what was planned. `settled` is set where it was done in the talk with the
    customer himself: then nobody else need accept it.
    """

    number: int
    asks: bool = True
    cost: Money | None = None
    settled: bool = False
    kind: Literal["action_done"] = "action_done"


@dataclass(frozen=True, slots=True)
class HandOver:
    """`to` is a person or a team."""

    to: str
    kind: Literal["hand_over"] = "hand_over"


@dataclass(frozen=True, slots=True)
class Confirm:
    """The customer's own answer to "is it solved?". `referral` goes with a yes, as in `Close`."""

    solved: bool
    referral: int | None = None
    kind: Literal["confirmation"] = "confirmation"


@dataclass(frozen=True, slots=True)
class CallMe:
    """The customer would rather talk. In writing he says so when he is asked whether it is solved: neither a
    yes nor a no. By phone he rang us, wherever the case stands, and nobody took the call.

    `unasked`: he wrote by himself, whatever his case waits for. Whoever has it reads his words and calls
    him; only what he wished before still stands, for his words may be anything.
    """

    channel: Contact = Contact.WRITTEN
    unasked: bool = False
    kind: Literal["call_me"] = "call_me"


@dataclass(frozen=True, slots=True)
class Close:
    """`referral` is set where a customer who is satisfied again recommends us: how many names he gave,
    never whose.
    """

    outcome: Outcome
    referral: int | None = None
    kind: Literal["close"] = "close"


@dataclass(frozen=True, slots=True)
class Pause:
    """Our working time stands still, for a reason of the organisation's file, until then at the latest."""

    reason: str
    until: datetime
    kind: Literal["pause"] = "pause"


@dataclass(frozen=True, slots=True)
class Resume:
    kind: Literal["resume"] = "resume"


Act: TypeAlias = (
    Acknowledge
    | Attempt
    | NameCause
    | AddAction
    | FinishAction
    | HandOver
    | Confirm
    | CallMe
    | Close
    | TakeBack
    | Pause
    | Resume
    | AcceptAction
    | RefuseAction
    | AskTime
    | ChangeAction
    | DropAction
    | ApproveGesture
    | RefuseGesture
)

OnAction: TypeAlias = (
    FinishAction
    | AcceptAction
    | RefuseAction
    | AskTime
    | ChangeAction
    | DropAction
    | ApproveGesture
    | RefuseGesture
)
"""Acts on one of the case's actions, which their `number` names."""
