"""How often something may be tried. Counted in this process alone: two of them allow twice as much.

What is good always passes. Tokens and signatures here are too long to be guessed, so a limit has to
spare work and logs, not secrets; one that shut the good out with the bad would be a weapon.
"""

import math
import time
from collections.abc import Mapping
from enum import Enum
from ipaddress import IPv6Address, ip_address
from types import MappingProxyType

from fastapi import Request
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from models.errors import TooMany


class Limit(Enum):
    LETTERS_TO_PERSON = "letters_to_person"
    """Sign-in letters to one person, whoever asks for them."""
    LETTERS_BY_VISITOR = "letters_by_visitor"
    """Asking for sign-in letters, whether somebody is known by that name or not."""
    WRONG_LINKS = "wrong_links"
    WRONG_BEARERS = "wrong_bearers"
    WRONG_SIGNATURES = "wrong_signatures"
    DELIVERIES = "deliveries"
    """From one sender to one source, the good ones too: they come again."""
    OF_SOURCE = "of_source"
    """What is good of a source, from all its senders together."""


ALLOWED: Mapping[Limit, RateLimitItem] = MappingProxyType(
    {
        Limit.LETTERS_TO_PERSON: RateLimitItemPerHour(5),
        Limit.LETTERS_BY_VISITOR: RateLimitItemPerHour(30),
        Limit.WRONG_LINKS: RateLimitItemPerMinute(30),
        Limit.WRONG_BEARERS: RateLimitItemPerMinute(60),
        Limit.WRONG_SIGNATURES: RateLimitItemPerMinute(60),
    }
)


class Limits:
    def __init__(self, allowed: Mapping[Limit, RateLimitItem] = ALLOWED) -> None:
        self._allowed = allowed
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    async def allows(self, limit: Limit, *who: str) -> bool:
        """Counts this time too, unless it is one too many."""
        return await self._windows.hit(self._allowed[limit], limit.value, *who)

    async def count(self, limit: Limit, *who: str) -> None:
        """Raises TooMany."""
        await self._count(self._allowed[limit], limit, *who)

    async def count_within(self, per_minute: int, limit: Limit, *who: str) -> None:
        """By what the organisation's file allows. Raises TooMany."""
        await self._count(RateLimitItemPerMinute(per_minute), limit, *who)

    async def _count(self, allowed: RateLimitItem, limit: Limit, *who: str) -> None:
        if await self._windows.hit(allowed, limit.value, *who):
            return
        stats = await self._windows.get_window_stats(allowed, limit.value, *who)
        wait = max(1, math.ceil(stats.reset_time - time.time()))
        raise TooMany("This was tried too often.", wait=wait)


def visitor_of(request: Request) -> str:
    """His address, or the network that one household has: an IPv6 address is free to be changed."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Address(int(address) >> 64 << 64))
    return host
