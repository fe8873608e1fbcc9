"""What may be done with an action once it is there, besides doing it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from models.money import Money


@dataclass(frozen=True, slots=True)
class AcceptAction:
    """What somebody else did is good: it is finished as of when it was done."""

    number: int
    kind: Literal["action_accept"] = "action_accept"


@dataclass(frozen=True, slots=True)
class RefuseAction:
    """What somebody else did is not good: it goes back to him, and is due anew."""

    number: int
    due: datetime
    kind: Literal["action_refuse"] = "action_refuse"


@dataclass(frozen=True, slots=True)
class AskTime:
    """Who has the action cannot keep its date, and names one that he can keep."""

    number: int
    due: datetime
    kind: Literal["action_time"] = "action_time"


@dataclass(frozen=True, slots=True)
class ChangeAction:
    """A new date, another owner, another cost; None is as before. `beyond` as in `AddAction`."""

    number: int
    due: datetime | None = None
    owner: str | None = None
    cost: Money | None = None
    beyond: bool = False
    kind: Literal["action_change"] = "action_change"


@dataclass(frozen=True, slots=True)
class DropAction:
    """It will not be done. `agreed`: the customer to whom it was promised was told, and agrees."""

    number: int
    agreed: bool = False
    kind: Literal["action_drop"] = "action_drop"


@dataclass(frozen=True, slots=True)
class ApproveGesture:
    """Yes to a gesture above the authority of who promised it. `due` is needed where its date has passed."""

    number: int
    due: datetime | None = None
    kind: Literal["gesture_approve"] = "gesture_approve"


@dataclass(frozen=True, slots=True)
class RefuseGesture:
    """No to such a gesture: the customer never hears of it."""

    number: int
    kind: Literal["gesture_refuse"] = "gesture_refuse"
