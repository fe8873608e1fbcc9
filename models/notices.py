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
    MISSED_CALL = "missed_call"
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
    PROMISE_MOVED = "promise_moved"
    PROMISE_DROPPED = "promise_dropped"
    ACTION_GIVEN = "action_given"
    ACTION_MOVED = "action_moved"
    ACTION_TAKEN = "action_taken"
    ACTION_TO_ACCEPT = "action_to_accept"
    ACTION_REFUSED = "action_refused"
    TIME_ASKED = "time_asked"
    ACTION_REMINDER = "action_reminder"
    ACTION_LATE = "action_late"
    ACTION_OVERDUE = "action_overdue"
    """What `ACTION_LATE` tells who has it, for who has the case."""
    GESTURE_TO_APPROVE = "gesture_to_approve"
    GESTURE_REMINDER = "gesture_reminder"
    GESTURE_APPROVED = "gesture_approved"
    GESTURE_REFUSED = "gesture_refused"
    WROTE = "wrote"
    """The customer wrote by himself."""
    TEXT_HEARD = "text_heard"
    """What became of what he wrote."""

    @property
    def informs(self) -> bool:
        """It only says that somebody else has the case: nobody need hear that twice, or while away."""
        return self in {Message.MOVED_ON, Message.STARTS_ABOVE}

    @property
    def nags(self) -> bool:
        """It asks a colleague to act, and is obsolete once somebody acted on the case.

        What is said of one action is obsolete once somebody acts on that one.
        """
        return not self.informs and self not in TO_CUSTOMER | OF_ACTIONS


TO_CUSTOMER = frozenset(
    {
        Message.CONFIRM,
        Message.TRIED,
        Message.UNREACHED,
        Message.PROMISED,
        Message.PROMISE_MOVED,
        Message.PROMISE_DROPPED,
        Message.RESURVEY,
        Message.TEXT_HEARD,
    }
)
OF_ACTIONS = frozenset(
    {
        Message.ACTION_GIVEN,
        Message.ACTION_MOVED,
        Message.ACTION_TAKEN,
        Message.ACTION_TO_ACCEPT,
        Message.ACTION_REFUSED,
        Message.TIME_ASKED,
        Message.ACTION_REMINDER,
        Message.ACTION_LATE,
        Message.ACTION_OVERDUE,
        Message.GESTURE_TO_APPROVE,
        Message.GESTURE_REMINDER,
        Message.GESTURE_APPROVED,
        Message.GESTURE_REFUSED,
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
    DOER = "doer"
    """The person whom the notice names: somebody who has an action, or had it."""


@dataclass(frozen=True, slots=True)
class Notice:
    """`action` is the number of the one that it speaks of, if it speaks of one, and `person` whom it is
    for where the audience does not tell. `not_before` is set on what is for a later day: until then it
    lies in the outbox.
    """

    message: Message
    to: Audience
    action: int | None = None
    person: str | None = None
    not_before: datetime | None = None
