"""Where in the organisation's file something is wrong, and what was probably meant."""

from dataclasses import dataclass
from typing import TypeAlias

from ruamel.yaml.comments import CommentedMap, CommentedSeq

Place: TypeAlias = tuple[str | int, ...]
"""The way from the top of the file, such as `("regions", 1, "time_zone")`."""

KEY = "[key]"
"""As the last step of a place: the key itself is wrong, not its value. Pydantic's own mark."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A fault as the checks find it, before it is looked up in the file."""

    place: Place
    detail: str


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Line and column count from 1."""

    line: int
    column: int
    place: str
    detail: str

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{self.line}:{self.column}: {where}{self.detail}"


def located(document: object, remark: Remark) -> Fault:
    """What is missing is shown where it should stand: at the nearest thing around it."""
    line, column = 0, 0
    found = document
    wrong_key = remark.place[-1:] == (KEY,)
    steps = remark.place[:-1] if wrong_key else remark.place
    for depth, step in enumerate(steps, start=1):
        match found:
            case CommentedMap() if step in (found.lc.data or {}):
                at_key = wrong_key and depth == len(steps)
                line, column = found.lc.key(step) if at_key else found.lc.value(step)
            case CommentedSeq() if isinstance(step, int) and step < len(found):
                line, column = found.lc.item(step)
            case _:
                break
        found = found[step]
    return Fault(line + 1, column + 1, ".".join(map(str, steps)), remark.detail)
