"""After an unclear answer: which of the carrier's messages is ours, and when to look again."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.carrier_errors import Remedy, remedy_of
from models.posting import LOST, News, Posting, Standing

SKEW = timedelta(minutes=1)
"""The carrier's clock is not ours."""
GRACE = timedelta(minutes=3)
"""A message that has left is seen by then, in the news or in the list."""
TOO_LATE = timedelta(hours=1)
"""What nobody could ask about for so long is not sent again: the ladder has spoken meanwhile."""
THROWN_OUT_WAITS = timedelta(minutes=5)
"""After a queue threw a message out, which it had taken: it was fuller than when it takes none."""
FIRST_LOOK_UNCLEAR = timedelta(seconds=30)
FIRST_LOOK_ACCEPTED = timedelta(minutes=5)
LAST_LOOK = timedelta(days=1)
LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Listed:
    """A message as the carrier lists it. `repr` shows no words."""

    news: News
    body: str
    created_at: datetime

    def __repr__(self) -> str:
        return f"Listed({self.news.sid})"


def find_ours(
    listed: Sequence[Listed], body: str, *, since: datetime, taken: Collection[str]
) -> News | None:
    """The oldest since then that holds each link of ours, or all our words where there is none.

    `taken` are the names of those that are known to be other messages.
    """
    marks = [_squeezed(mark) for mark in LINK.findall(body) or [body]]
    ours = [
        each
        for each in listed
        if each.created_at >= since - SKEW
        and each.news.sid not in taken
        and all(mark in _squeezed(each.body) for mark in marks)
    ]
    return min(ours, key=lambda each: each.created_at).news if ours else None


def next_look(posted_at: datetime, now: datetime, *, clear: bool) -> datetime | None:
    """Ever less often, but once as the grace ends; None once nothing new is to be expected."""
    age = now - posted_at
    if age >= LAST_LOOK:
        return None
    pause = max(FIRST_LOOK_ACCEPTED if clear else FIRST_LOOK_UNCLEAR, age)
    end = GRACE if not clear and age < GRACE else LAST_LOOK
    return min(now + pause, posted_at + end)


def may_resend(posted_at: datetime, now: datetime, *, to_customer: bool, resent: bool) -> bool:
    """Asked once the carrier's list does not have it. The same link twice harms no colleague; a customer
    is told a thing once or not at all.
    """
    return not to_customer and not resent and GRACE <= now - posted_at < TOO_LATE


def may_repeat(stands: Standing, *, to_customer: bool, resent: bool) -> bool:
    """After news that a queue was full: what failed so never left. Of what is merely undelivered a part may
    have arrived, so that a customer is not told again.
    """
    never_left = stands.posting is Posting.FAILED or not to_customer
    full = stands.posting in LOST and remedy_of(stands.code) is Remedy.LATER
    return full and never_left and not resent


def _squeezed(words: str) -> str:
    return " ".join(words.split())
