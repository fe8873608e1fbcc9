"""How many messages one person gets within a time: what comes faster waits, or is told together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from models.people import Channel

FLOOD = 3
"""Cases of which one message is told: two still fit on a screen by themselves."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many within that time."""

    messages: int
    within: timedelta


BY_PHONE = (
    Limit(1, timedelta(minutes=1)),
    Limit(5, timedelta(minutes=15)),
    Limit(11, timedelta(hours=1)),
)
"""As an alerting service of others settled on after a carrier had blocked its number
(GoAlert, its issue 1084).
"""
BY_MAIL = (Limit(5, timedelta(minutes=15)), Limit(20, timedelta(hours=1)))
"""Our own: no mail server minds so few, but who reads them does."""
LIMITS: Mapping[Channel, Sequence[Limit]] = MappingProxyType(
    {Channel.SMS: BY_PHONE, Channel.EMAIL: BY_MAIL}
)
LONGEST = max(limit.within for limits in LIMITS.values() for limit in limits)
"""What was sent longer ago counts no more."""


def next_turn(channel: Channel, sent: Sequence[datetime], now: datetime) -> datetime:
    """When one more may leave, after those `sent`: `now`, if it may at once."""
    newest = sorted(sent, reverse=True)
    waits = (
        newest[limit.messages - 1] + limit.within
        for limit in LIMITS[channel]
        if len(newest) >= limit.messages
    )
    return max((now, *waits))


def is_flood(cases: int, bundles: int) -> bool:
    """So many `cases` that wait to be told at once; bundles that have not left each further one joins."""
    return cases >= FLOOD or (cases > 0 and bundles > 0)
