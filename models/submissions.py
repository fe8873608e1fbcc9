"""What a delivery says of a response, in the survey system's own references: nothing is judged yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias


class Progress(StrEnum):
    """How far the customer has come with one response. A later word of these outdoes an earlier one of
    the same instant.
    """

    PARTIAL = "partial"
    COMPLETED = "completed"
    UPDATED = "updated"
    WITHDRAWN = "withdrawn"


class Way(StrEnum):
    """How something came to us."""

    DELIVERED = "delivered"
    """By the hook: the system sent it."""
    FETCHED = "fetched"
    """The system had told that there is something."""
    BACKFILLED = "backfilled"
    """It was asked for what a lost delivery left behind."""
    IMPORTED = "imported"
    """In a back-file."""


BACK_FILED = (Way.BACKFILLED, Way.IMPORTED)
"""Late, and not by the system itself."""


class Trial(StrEnum):
    """Why no customer stands behind a response."""

    TEST = "test"
    PREVIEW = "preview"


@dataclass(frozen=True, slots=True)
class Submission:
    """One response as far as it has come. `values` are the answers, and what was sent beside them, by the
    references with which a mapping names them: a text, a number, a truth value, or a list of such.

    `submitted_at` None is when it was received; `changed_at` orders what is told of one response, None
    where the system does not say. Both are aware.
    """

    response_id: str
    survey_id: str
    progress: Progress = Progress.COMPLETED
    submitted_at: datetime | None = None
    changed_at: datetime | None = None
    language: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    trial: Trial | None = None


@dataclass(frozen=True, slots=True)
class Pointer:
    """Says only which response there is: its answers must be fetched. `at` is aware; `mark` tells two events
    of one response apart where they have no such instant, and orders nothing.
    """

    response_id: str
    survey_id: str
    progress: Progress = Progress.COMPLETED
    at: datetime | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Ping:
    """The system only tries whether somebody listens."""


Heard: TypeAlias = Submission | Pointer | Ping
