"""What is said of a case, and to whom: a notice becomes a message when its move is committed."""

from dataclasses import dataclass
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

    @property
    def nags(self) -> bool:
        """It asks a colleague to act, and is obsolete once somebody acted."""
        to_customer = {Message.CONFIRM, Message.TRIED, Message.UNREACHED, Message.PROMISED}
        return self not in {Message.MOVED_ON, Message.STARTS_ABOVE, *to_customer}


class Audience(StrEnum):
    """Who is told, resolved when the move is committed: people and addresses are live."""

    OWNER = "owner"
    FORMER_OWNER = "former_owner"
    ASSIGNEE = "assignee"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Notice:
    message: Message
    to: Audience
