"""What makes a request the same as the one that was sent before, also by the version before."""

from collections.abc import Mapping

SINCE_0_1_0 = frozenset({"promise", "suggested", "cost", "referral"})
"""Fields that requests have got since. An act that was kept by an older version did not know them."""


def left_out(said: Mapping[str, object]) -> set[str]:
    """The newer fields that say nothing: without them it is written as the older version wrote it."""
    return {name for name in SINCE_0_1_0 if said.get(name) is None}
