"""Whether a message has arrived, or its reader is to be told otherwise: by his other way, or once more."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from models.posting import LOST, Posting
from models.reconciliation import GRACE, LAST_LOOK

PATIENCE = timedelta(minutes=10)
"""So long a text message may be on its way, unless the organisation says otherwise."""
SETTLED = (Posting.DELIVERED, Posting.WITHDRAWN)
ON_ITS_WAY = (Posting.PENDING, Posting.SENDING)


class Next(Enum):
    WAIT = auto()
    ENOUGH = auto()
    """Nothing more is to be done for it."""
    OTHERWISE = auto()


@dataclass(frozen=True, slots=True)
class Sent:
    """A message, or the one that said it once more. `asked_after`: its carrier tells later what became of
    it; of an e-mail nobody does. `other_way`: its reader has one that was not tried. `given_back_at` is
    since when its carrier takes nothing, if it waits for that.
    """

    status: Posting
    since: datetime
    asked_after: bool
    to_customer: bool = False
    other_way: bool = True
    given_back_at: datetime | None = None


def what_next(sent: Sent, now: datetime, patience: timedelta) -> Next:
    """`patience` is for what is neither known to have arrived nor to be lost. It may arrive yet, and then a
    colleague reads it twice; a customer never does. What was given back has not left at all.
    """
    if sent.status is Posting.PENDING and sent.other_way and sent.given_back_at is not None:
        return Next.OTHERWISE if now - sent.given_back_at >= patience else Next.WAIT
    if sent.status in ON_ITS_WAY:
        return Next.WAIT
    if sent.status in SETTLED or (sent.status is Posting.ACCEPTED and not sent.asked_after):
        return Next.ENOUGH
    age = now - sent.since
    if sent.status in LOST:
        return Next.OTHERWISE if _is_lost_for_good(sent, age, patience) else Next.WAIT
    if not sent.to_customer and _is_given_up(sent, age, patience):
        return Next.OTHERWISE
    return Next.ENOUGH if age >= LAST_LOOK else Next.WAIT


def _is_lost_for_good(sent: Sent, age: timedelta, patience: timedelta) -> bool:
    """Of several parts one may be undelivered before the whole is delivered."""
    return sent.status is Posting.FAILED or not sent.to_customer or age >= patience


def _is_given_up(sent: Sent, age: timedelta, patience: timedelta) -> bool:
    """What may have left is looked for first; what has left is not sent again by the same way."""
    if sent.status is Posting.UNKNOWN:
        return age >= max(patience, GRACE)
    return sent.other_way and age >= patience


def other_id(intent: str) -> str:
    """Of the intent that tells it otherwise: there is one at most."""
    return f"{intent}:2"
