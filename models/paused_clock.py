"""Working time without the pauses of a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from models.worked import WorkedTime

Pauses: TypeAlias = Sequence[tuple[datetime, datetime]]
"""From when until when each was; one that goes on ends where it is planned to."""


@dataclass(frozen=True, slots=True)
class PausedClock:
    """Counts as its clock does, and stands still in the pauses."""

    clock: WorkedTime
    pauses: Pauses = ()

    def between(self, start: datetime, end: datetime) -> timedelta:
        spans = ((max(start, since), min(end, until)) for since, until in self.pauses)
        rests = (self.clock.between(*span) for span in spans)
        return self.clock.between(start, end) - sum(rests, timedelta())
