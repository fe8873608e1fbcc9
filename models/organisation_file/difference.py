"""What changed from one version of the file to the next, for people: addresses are masked."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

AROUND = 3
"""Unchanged lines that are shown around a change."""
EMAIL = re.compile(r"[^\s\"'<>{}\[\],:@]+@[^\s\"'<>{}\[\],]+")
PHONE = re.compile(r"\+\d[\d .()/-]{4,}\d|\b0\d(?:[ .]?\d){7,}\b")


class Side(StrEnum):
    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Line:
    side: Side
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Changes that stand close together; `first` and `last` are its lines in the newer text."""

    first: int
    last: int
    lines: tuple[Line, ...]


def difference(before: str, after: str) -> tuple[Passage, ...]:
    """Compared as it was written and masked then, so that a changed number is seen to have changed."""
    old, new = before.splitlines(), after.splitlines()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return tuple(
        Passage(
            group[0][3] + 1,
            group[-1][4],
            tuple(line for change in group for line in _lines(change, old, new)),
        )
        for group in matcher.get_grouped_opcodes(AROUND)
    )


def masked(text: str) -> str:
    """Enough is left to know one's own address by."""
    return PHONE.sub(_hidden_phone, EMAIL.sub(_hidden_email, text))


def _lines(
    change: tuple[str, int, int, int, int], old: Sequence[str], new: Sequence[str]
) -> Iterator[Line]:
    kind, old_first, old_end, new_first, new_end = change
    if kind == "equal":
        yield from (Line(Side.KEPT, masked(text)) for text in new[new_first:new_end])
        return
    yield from (Line(Side.REMOVED, masked(text)) for text in old[old_first:old_end])
    yield from (Line(Side.ADDED, masked(text)) for text in new[new_first:new_end])


def _hidden_email(found: re.Match[str]) -> str:
    return f"{found[0][0]}•••@•••"


def _hidden_phone(found: re.Match[str]) -> str:
    return f"{found[0][:3]}•••{found[0][-2:]}"
