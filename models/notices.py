"""What is said of a case, and to whom: a notice becomes a message when its move is committed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Message(StrEnum):
    """What is said; each has a folder of this name under templates/messages."""

    ASK = "ask"
    REMINDER = "reminder"
    HANDED_UP = "handed_up"
    HANDED_OVER = "handed_over"
    MOVED_ON = "moved_on"
    HEARD_AGAIN = "heard_again"
    REOPENED = "reopened"
    CALL_WANTED = "call_wanted"
    REPEAT = "repeat"
    CONFIRM = "confirm"
    STARTS_ABOVE = "starts_above"
    RAISED = "raised"
    TRIED = "tried"
    UNREACHED = "unreached"
    PROMISED = "promised"
    PROMISE_BROKEN = "promise_broken"
    PAUSE_OVER = "pause_over"
    RESURVEY = "resurvey"

    @property
    def informs(self) -> bool:
        """It only says that somebody else has the case: nobody need hear that twice, or while away."""
        return self in {Message.MOVED_ON, Message.STARTS_ABOVE}

    @property
    def nags(self) -> bool:
        """It asks a colleague to act, and is obsolete once somebody acted."""
        return not self.informs and self not in TO_CUSTOMER


TO_CUSTOMER = frozenset(
    {
        Message.CONFIRM,
        Message.TRIED,
        Message.UNREACHED,
        Message.PROMISED,
        Message.RESURVEY,
    }
)


class Audience(StrEnum):
    """Who is told, resolved when the move is committed: people and addresses are live."""

    OWNER = "owner"
    FORMER_OWNER = "former_owner"
    ASSIGNEE = "assignee"
    THOSE_BEFORE = "those_before"
    """The assignee, and everybody who had the case between him and the former owner."""
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Notice:
    """`not_before` is set on what is for a later day: until then it lies in the outbox."""

    message: Message
    to: Audience
    not_before: datetime | None = None
