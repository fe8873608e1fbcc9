"""What became of a message, by our own knowledge and by the carrier's news of it.

pending → sending (committed before the POST, one winner) → accepted → delivered or undelivered;
or failed, unknown, withdrawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Posting(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    ACCEPTED = "accepted"
    """The carrier has it: that says nothing of the one to whom it goes."""
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    """It left, and did not reach the phone."""
    FAILED = "failed"
    UNKNOWN = "unknown"
    """The process died, or the carrier's answer did not come, after the message may have left."""
    WITHDRAWN = "withdrawn"


TAKEN = (Posting.ACCEPTED, Posting.DELIVERED)
LOST = (Posting.FAILED, Posting.UNDELIVERED)
JUDGED = (*TAKEN, *LOST)
"""A carrier has said yes or no."""

SENT = 4
RANKS: Mapping[str, int] = MappingProxyType(
    {
        "accepted": 1,
        "scheduled": 1,
        "queued": 2,
        "sending": 3,
        "sent": SENT,
        "undelivered": 5,
        "canceled": 6,
        "failed": 6,
        "delivered": 7,
        "read": 8,
    }
)
"""How far each of the carrier's words goes. Of a message in several parts one may be undelivered before
the whole is delivered: what arrived, arrived.
"""
_POSTINGS: Mapping[int, Posting] = MappingProxyType(
    {5: Posting.UNDELIVERED, 6: Posting.FAILED, 7: Posting.DELIVERED, 8: Posting.DELIVERED}
)


@dataclass(frozen=True, slots=True, order=True)
class Standing:
    """How far the news of one message goes. The greater one is right, in whatever order they came."""

    rank: int = 0
    code: int = 0
    """Of the carrier's error; 0 is none."""

    @property
    def posting(self) -> Posting:
        return _POSTINGS.get(self.rank, Posting.ACCEPTED)

    @property
    def is_final(self) -> bool:
        return self.rank > SENT


@dataclass(frozen=True, slots=True)
class News:
    """`sid` is the carrier's own name for the message."""

    sid: str
    standing: Standing


def read_news(sid: str, status: str, code: str) -> News | None:
    """None for a word that says nothing of a message of ours. A code is told of what went wrong only."""
    rank = RANKS.get(status)
    if not sid or rank is None:
        return None
    wrong = Standing(rank).posting in LOST and code.isascii() and code.isdigit()
    return News(sid, Standing(rank, int(code[:9]) if wrong else 0))


def latest(stands: Standing, news: Standing) -> Standing:
    """Late news never goes backwards, and the same news twice is one."""
    return max(stands, news)
