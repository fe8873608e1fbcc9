"""What could not be done and is let rest, so that it stands before nothing that can be."""

from collections.abc import Sequence
from datetime import datetime, timedelta

REST = timedelta(minutes=10)
MOST = 1_000
"""So many are remembered, the newest: the oldest is tried again instead."""


class Setbacks:
    """By id. Of this process alone: another one, or the next one, tries once by itself."""

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}

    def note(self, which: str, *, now: datetime) -> None:
        self._until.pop(which, None)
        self._until[which] = now + REST
        if len(self._until) > MOST:
            del self._until[next(iter(self._until))]

    def resting(self, now: datetime) -> Sequence[str]:
        self._until = {which: until for which, until in self._until.items() if until > now}
        return tuple(self._until)
