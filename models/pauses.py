"""A case that rests for a while: what is kept of it, and how long it may be. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from models.labels import Label
from models.ladder import Rung, Span

IN_ALL = Span(days=20)
"""Where the organisation's file does not say it."""


@dataclass(frozen=True, slots=True)
class PauseReason:
    """`longest` is how long a pause for this reason may be; `label` its name by language."""

    id: str
    label: Label
    longest: Span


@dataclass(frozen=True, slots=True)
class PausePolicy:
    """For which reasons a case may rest, and how long all its pauses together."""

    reasons: Mapping[str, PauseReason] = field(default_factory=dict)
    longest_in_all: Span = IN_ALL


@dataclass(frozen=True, slots=True)
class Pause:
    """Working time of `owner` stands still from `since` on, until `until` at the latest.

    `held` are the rungs that come later by as much of his working time as the pause takes.
    """

    reason: str
    since: datetime
    until: datetime
    owner: str | None
    held: tuple[Rung, ...] = ()


@dataclass(frozen=True, slots=True)
class PauseOver:
    """A pause that was over at `at`."""

    pause: Pause
    at: datetime
