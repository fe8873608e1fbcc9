"""To whom a move gives a case: by which rule; the commit finds out who that is today."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from models.absence import ByRoster


@dataclass(frozen=True, slots=True)
class ByRouting:
    """Whoever answers today for the case's region, trade, touchpoint and language."""

    how: Literal["routing"] = "routing"


@dataclass(frozen=True, slots=True)
class UpTheLadder:
    """The first level from `level` upwards on which somebody else than the owner stands."""

    level: int
    how: Literal["ladder"] = "ladder"


@dataclass(frozen=True, slots=True)
class ByHand:
    """`person` may be a team: its rule picks who gets the case."""

    person: str
    how: Literal["hand"] = "hand"


@dataclass(frozen=True, slots=True)
class ToTheTop:
    """Whoever stands on the last level today: the case has a zero-tolerance topic."""

    how: Literal["top"] = "top"


Transfer: TypeAlias = ByRouting | UpTheLadder | ByHand | ToTheTop | ByRoster
