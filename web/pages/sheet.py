"""What stands on the page of a case: plain values, in the reader's language and local time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from models.actions import ActKind, Outcome
from models.case import Stage
from models.ladder import RungKind
from models.store.views import CustomerView
from models.timeline import EntryKind

Fact: TypeAlias = str | int | datetime


@dataclass(frozen=True, slots=True)
class Due:
    """What is awaited must come before `at`; `then` happens if it does not."""

    at: datetime
    then: RungKind


@dataclass(frozen=True, slots=True)
class Answer:
    """`low` and `high` are the ends of the metric's scale."""

    metric: str
    score: int
    low: int
    high: int
    at: datetime
    comment: str | None
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Promise:
    number: int
    what: str
    owner: str
    due: datetime
    done_at: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the timeline. Its facts hold names, labels and local instants instead of ids."""

    kind: EntryKind
    at: datetime
    by: str
    facts: Mapping[str, Fact]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """For the selects: (id, what is shown), the causes with their depth in the tree.

    `heirs` are the people but the owner.
    """

    people: tuple[tuple[str, str], ...]
    heirs: tuple[tuple[str, str], ...]
    causes: tuple[tuple[str, str, int], ...]
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """`customer` is None for a reader who may not know him; then nobody's words are here either."""

    case_id: str
    organisation: str
    stage: Stage
    outcome: str | None
    confirmation: str | None
    owner: str | None
    me: str
    mine: bool
    now: datetime
    due: Due | None
    customer: CustomerView | None
    labels: tuple[str, ...]
    answers: tuple[Answer, ...]
    cause: str | None
    promises: tuple[Promise, ...]
    lines: tuple[Line, ...]
    reopens: str | None
    acts: tuple[ActKind, ...]
    takes: bool
    choices: Choices

    @property
    def open_promises(self) -> tuple[Promise, ...]:
        return tuple(promise for promise in self.promises if promise.done_at is None)
