"""What stands on a case's timeline: events, and non-events that explain why nothing happened."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class EntryKind(StrEnum):
    HEARD = "heard"
    HEARD_AGAIN = "heard_again"
    ASSIGNED = "assigned"
    ASKED = "asked"
    ACKNOWLEDGED = "acknowledged"
    ATTEMPTED = "attempted"
    TIME_NAMED = "time_named"
    TAKEN_BACK = "taken_back"
    CAUSE_NAMED = "cause_named"
    ACTION_ADDED = "action_added"
    ACTION_DONE = "action_done"
    ACTION_ACCEPTED = "action_accepted"
    ACTION_REFUSED = "action_refused"
    ACTION_CHANGED = "action_changed"
    ACTION_DROPPED = "action_dropped"
    TIME_ASKED = "time_asked"
    ACTION_REMINDED = "action_reminded"
    ACTION_LATE = "action_late"
    GESTURE_ASKED = "gesture_asked"
    GESTURE_REMINDED = "gesture_reminded"
    GESTURE_PASSED_UP = "gesture_passed_up"
    GESTURE_APPROVED = "gesture_approved"
    GESTURE_REFUSED = "gesture_refused"
    PROMISE_BROKEN = "promise_broken"
    CONFIRMATION_ASKED = "confirmation_asked"
    CONFIRMED = "confirmed"
    REOPENED = "reopened"
    CALL_WANTED = "call_wanted"
    RANG = "rang"
    """And nobody took it, and it changes nothing: no case of his was open, for example."""
    REMINDED = "reminded"
    HANDED_UP = "handed_up"
    HANDED_OVER = "handed_over"
    ROSTER_CHANGED = "roster_changed"
    LEVEL_SKIPPED = "level_skipped"
    REPEATED = "repeated"
    CLOSED = "closed"
    NOT_SENT = "not_sent"
    WAITS_FOR_OPENING = "waits_for_opening"
    TOLD_OTHERWISE = "told_otherwise"
    """A message that did not arrive goes by the other channel."""
    TOLD_ALONE = "told_alone"
    """The one that told it together with others did not arrive."""
    NO_ADDRESS = "no_address"
    NO_CALLS = "no_calls"
    GAP = "gap"
    RESUMED = "resumed"
    ZERO_TOLERANCE = "zero_tolerance"
    REPLANNED = "replanned"
    PAUSED = "paused"
    PAUSE_OVER = "pause_over"
    CEILING_PASSED = "ceiling_passed"
    RESURVEY_SCHEDULED = "resurvey_scheduled"
    RESURVEY_ASKED = "resurvey_asked"
    RESURVEY_WITHHELD = "resurvey_withheld"
    RESURVEY_ANSWERED = "resurvey_answered"
    ABSORBED = "absorbed"
    """By an older case of the same person."""
    ABSORBS = "absorbs"


SYSTEM = "system"
CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Entry:
    """`by` is a person's id, `system` or `customer`. `facts` holds ids, numbers and enum words only.

    `due` is set on what a clock fired: `at` − `due` is the lateness.
    """

    kind: EntryKind
    at: datetime
    by: str = SYSTEM
    due: datetime | None = None
    facts: Mapping[str, str | int] = field(default_factory=dict)
