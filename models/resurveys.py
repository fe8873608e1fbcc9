"""When a closing leads to a re-survey: an entry, a letter that waits, and no workflow that stays open."""

from dataclasses import dataclass
from datetime import datetime

from models.case import CaseState
from models.hours import next_open
from models.notices import Audience, Message, Notice
from models.organisation import Organisation
from models.timeline import Entry, EntryKind


@dataclass(frozen=True, slots=True)
class Scheduled:
    """`ask_at` is None where nobody is asked again. He is not, if we asked him after `unless_since`."""

    ask_at: datetime | None = None
    unless_since: datetime | None = None
    entries: tuple[Entry, ...] = ()
    notices: tuple[Notice, ...] = ()


NOT_SCHEDULED = Scheduled()


def schedule(
    state: CaseState, pinned: Organisation, *, region: str | None, at: datetime
) -> Scheduled:
    """By the file that the case was opened under. `at` is the instant of the move."""
    policy = pinned.resurvey
    if policy is None or not state.closed or state.outcome not in policy.outcomes:
        return NOT_SCHEDULED
    ask_at = next_open(pinned.hours_of(region), at + policy.after)
    entry = Entry(EntryKind.RESURVEY_SCHEDULED, at, facts={"until": ask_at.isoformat()})
    asked = Notice(Message.RESURVEY, Audience.CUSTOMER, not_before=ask_at)
    return Scheduled(ask_at, ask_at - policy.at_most_every, (entry,), (asked,))
