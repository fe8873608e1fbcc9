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


@dataclass(frozen=True, slots=True)
class Acknowledge:
    kind: Literal["acknowledge"] = "acknowledge"


@dataclass(frozen=True, slots=True)
class Attempt:
    """`again_at` goes with `LATER` only: when the customer asked to be called."""

    outcome: Reached
    channel: Contact = Contact.PHONE
    again_at: datetime | None = None
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
    """Asked whether it is solved, the customer would rather talk: neither a yes nor a no."""

    kind: Literal["call_me"] = "call_me"


@dataclass(frozen=True, slots=True)
class Close:
    """`referral` is set where a customer who is satisfied again recommends us: how many names he gave,
    never whose.
    """

    outcome: Outcome
    referral: int | None = None
    kind: Literal["close"] = "close"


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


class Approval(StrEnum):
    """Of a gesture above the authority of who promised it."""

    AWAITED = "awaited"
    GIVEN = "given"
    REFUSED = "refused"


class Stand(StrEnum):
    """Whose turn it is with an action."""

    TO_APPROVE = "to_approve"
    """A gesture above the authority of who promised it: nobody does it before somebody higher says yes."""
    TO_DO = "to_do"
    TO_ACCEPT = "to_accept"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Action:
    """A remedial action; `number` counts from 1, `round` is the one it was added or finished in.

    With `promise` the customer was told of it in writing. `broken_at` is when it was noted that the
    date of such a promise had passed; whether it was kept is told by `done_at`, `due` and `missed` alone.
    `done_at` is set while it is still `to_accept`; `refused` counts how often it was not accepted.
    `missed` is the first date of its own that had passed when it got another one. `asked_for` is the
    date that its owner would rather have. It was `agreed` with the customer to drop it.
    `approval` is None where nobody need say yes; `approver` is who is asked, on the level `asked_level`,
    and `answered_by` who said yes or no. `promised_by` is set for a gesture: his limit counts.
    """

    number: int
    owner: str
    due: datetime
    round: int = 1
    done_at: datetime | None = None
    promise: PromiseKind | None = None
    broken_at: datetime | None = None
    cost: Money | None = None
    done_by: str | None = None
    to_accept: bool = False
    accepted_by: str | None = None
    refused: int = 0
    missed: datetime | None = None
    asked_for: datetime | None = None
    dropped_at: datetime | None = None
    agreed: bool = False
    approval: Approval | None = None
    approver: str | None = None
    asked_level: int = 0
    answered_by: str | None = None
    promised_by: str | None = None

    @property
    def stand(self) -> Stand:
        if self.dropped_at is not None:
            return Stand.DROPPED
        if self.approval is Approval.AWAITED:
            return Stand.TO_APPROVE
        if self.done_at is None:
            return Stand.TO_DO
        return Stand.TO_ACCEPT if self.to_accept else Stand.DONE

    @property
    def to_do(self) -> bool:
        return self.stand is Stand.TO_DO

    @property
    def is_open(self) -> bool:
        """Somebody has yet to say yes to it, to do it, or to accept it."""
        return self.stand in {Stand.TO_APPROVE, Stand.TO_DO, Stand.TO_ACCEPT}

    @property
    def counts(self) -> bool:
        """Nobody need say yes to it, or somebody did."""
        return self.approval in {None, Approval.GIVEN}

    @property
    def is_promised(self) -> bool:
        """The customer has it in writing: a gesture without a yes he never hears of."""
        return self.promise is not None and self.counts
