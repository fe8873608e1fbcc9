"""A practice: what helped in one case, told so that colleagues who may not see the case can read it.

So it names nobody. `traces` finds what can be recognised; the rest is up to who writes.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.actions import Outcome
from models.case import CaseState
from models.errors import WrongMove
from models.people import Person, Role
from models.spelling import plain

LONGEST_TITLE = 120
LONGEST_TEXT = 2000
QUOTED = 30
"""Signs. A run of the customer's words that is longer is told again, not summed up."""
SHORTEST_NAME = 3
EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
PHONE = re.compile(r"\+?\d(?:[\s.()/-]{0,2}\d){8,}")
NUMBER = re.compile(r"\d{5,}|\b[^\W\d_]\d{3,}\b")
"""As in files and contracts, or of a flat: a long one, or a letter and three figures."""


class Trace(StrEnum):
    """What would lead to somebody."""

    EMAIL = "email"
    PHONE = "phone"
    NUMBER = "number"
    NAME = "name"
    WORDS = "words"
    """The customer's own."""


@dataclass(frozen=True, slots=True)
class Known:
    """What must not be told: how the customer is called, by which names and numbers, and his words.

    `colleagues` are whole names: a surname alone may be a word like any other.
    """

    names: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    colleagues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Practice:
    """`changed_by` is who last wrote in it. A withdrawn one is shown to nobody."""

    id: str
    case_id: str
    cause: str
    region: str | None
    trade: str | None
    title: str
    helped: str
    marked_by: str
    marked_at: datetime
    changed_by: str | None = None
    changed_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None


def traces(text: str, known: Known) -> tuple[Trace, ...]:
    """Each once, in the order of `Trace`."""
    found = set(_traces(text, known))
    return tuple(trace for trace in Trace if trace in found)


def require_worth_sharing(state: CaseState | None) -> str:
    """Returns the case's cause. Raises WrongMove unless the customer is satisfied again, for a reason
    that is known.
    """
    if state is None or not state.closed or state.outcome is not Outcome.RECOVERED:
        raise WrongMove("not_recovered", "Only a case that was closed as recovered can be shared.")
    if state.cause is None:
        raise WrongMove("no_cause", "The case names no root cause.")
    return state.cause


def may_mark(me: Person, *, owner: str | None) -> bool:
    return me.takes_cases and (me.id == owner or me.role is Role.NATIONAL_OWNER)


def may_change(me: Person, practice: Practice) -> bool:
    return may_mark(me, owner=practice.marked_by)


def _traces(text: str, known: Known) -> Iterator[Trace]:
    if EMAIL.search(text):
        yield Trace.EMAIL
    if PHONE.search(text):
        yield Trace.PHONE
    if NUMBER.search(PHONE.sub(" ", text)):
        yield Trace.NUMBER
    said = f" {plain(text)} "
    if any(f" {name} " in said for name in _names(known)):
        yield Trace.NAME
    if any(f" {run} " in said for comment in known.comments for run in _runs(plain(comment))):
        yield Trace.WORDS


def _names(known: Known) -> Iterator[str]:
    """Each of the customer's names by itself, and those of colleagues as a whole."""
    yield from filter(None, map(plain, known.colleagues))
    for name in known.names:
        words = plain(name).split()
        yield from (word for word in words if len(word) >= SHORTEST_NAME)


def _runs(comment: str) -> Iterable[str]:
    """The shortest runs of whole words that are long enough to be his."""
    words: Sequence[str] = comment.split()
    end = 0
    for start in range(len(words)):
        while end < len(words) and len(" ".join(words[start:end])) < QUOTED:
            end += 1
        run = " ".join(words[start:end])
        if len(run) >= QUOTED:
            yield run
