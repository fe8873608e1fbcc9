"""The time zones that are known by name."""

from collections.abc import Collection
from functools import cache
from zoneinfo import available_timezones


@cache
def known_zones() -> Collection[str]:
    """IANA. Found by walking through hundreds of files."""
    return frozenset(available_timezones())
