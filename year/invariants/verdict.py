"""What an invariant is, and what comes of one.

Nothing in this folder asks the product what it would have decided: a rule that is wrong there would be
found right here. Each invariant is told as a sentence by its name, and yields for each thing it looks at
what is wrong with it, or None.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from models.tables import CaseRow
from year.tables import Tables

Wrong: TypeAlias = str | None
Invariant: TypeAlias = Callable[[Tables], Iterator[Wrong]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of so many things that were looked at, these are wrong."""

    name: str
    checked: int
    wrong: Sequence[str] = ()

    @property
    def holds(self) -> bool:
        return not self.wrong


def verdict_of(invariant: Invariant, tables: Tables) -> Verdict:
    found = list(invariant(tables))
    name = invariant.__name__.replace("_", " ").capitalize()
    return Verdict(name, len(found), [wrong for wrong in found if wrong])


def unless(good: bool, told: str) -> Wrong:  # noqa: FBT001 - it reads as a sentence
    return None if good else told


def name_of(case: CaseRow) -> str:
    return f"case {case.id}"


def open_cases(tables: Tables) -> Iterator[CaseRow]:
    return (case for case in tables.cases.values() if case.open)
