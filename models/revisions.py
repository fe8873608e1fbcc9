"""What a later telling of a response is: older news, the same again, or another answer.

A system tells of one response when it is begun, completed, changed and taken back, and any of these may
come twice, late, or before the one that came about earlier.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from models.submissions import Progress

_FURTHER = tuple(Progress)


class Change(StrEnum):
    """What a case hears of a response, compared with what it heard of it before."""

    JOINED = "joined"
    """For the first time."""
    WORDS = "words"
    """As unhappy as before, with more or other words."""
    WORSE = "worse"
    BETTER = "better"
    WITHDRAWN = "withdrawn"
    """Taken back, while the case has another answer that stands."""
    ALL_WITHDRAWN = "all_withdrawn"
    """Taken back, and none is left."""


@dataclass(frozen=True, slots=True)
class Known:
    """How far a response is told. `withdrawn_at` is the latest instant at which it was taken back."""

    progress: Progress
    changed_at: datetime | None = None
    withdrawn_at: datetime | None = None

    @property
    def withdrawn(self) -> bool:
        """Until it is answered anew later than that; what has no date cannot show that it was."""
        if self.withdrawn_at is None:
            return False
        return self.changed_at is None or self.changed_at <= self.withdrawn_at

    def told(self, progress: Progress, changed_at: datetime | None) -> "Known | None":
        """After another telling, or None where it is older than what stands.

        By their dates; where one has none, or both the same, by how far the customer had come; else what
        arrives later is newer.
        """
        if changed_at and self.changed_at and changed_at != self.changed_at:
            older = changed_at < self.changed_at
        else:
            older = _FURTHER.index(progress) < _FURTHER.index(self.progress)
        if older:
            return None
        return replace(self, progress=progress, changed_at=changed_at or self.changed_at)

    def taken_back(self, at: datetime) -> "Known | None":
        """After it was, or None where that says nothing new."""
        before = self.withdrawn_at is not None and at <= self.withdrawn_at
        after = replace(self, withdrawn_at=at)
        return None if before or not after.withdrawn else after


def change_of(heard: int | None, score: int, *, withdrawn: bool, alone: bool) -> Change:
    """`heard` is the score of which the case heard last, None where it heard of none; on each scale the
    lower score is the worse one. `alone`: no other answer of the case stands.
    """
    if withdrawn:
        return Change.ALL_WITHDRAWN if alone else Change.WITHDRAWN
    if heard is None:
        return Change.JOINED
    if score == heard:
        return Change.WORDS
    return Change.WORSE if score < heard else Change.BETTER
