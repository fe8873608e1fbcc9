"""Teams: people who answer for the same cases, and how these are shared among them. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from models.labels import Label


class Share(StrEnum):
    """Which member gets the next case, among those who are there and below their ceiling."""

    ROUND_ROBIN = "round_robin"
    """Whose latest turn lies farthest back, who never had one first; then in the order of the file."""
    LEAST_LOADED = "least_loaded"
    """Who has the fewest open cases; among equals as in a round robin."""


@dataclass(frozen=True, slots=True)
class Team:
    """`members` are ids of people. `ceiling` is that of members who have none of their own.

    `overflow` is a person or another team: who is asked when nobody here can take a case.
    """

    id: str
    label: Label
    members: tuple[str, ...]
    share: Share = Share.ROUND_ROBIN
    overflow: str | None = None
    ceiling: int | None = None


@dataclass(frozen=True, slots=True)
class Loads:
    """How many open cases are whose, and the number of each member's latest turn, by team.

    A turn is a case that the team's rule gave him. Numbers grow by one with every turn of the team,
    so they tell an order and no time. Who is not named has no case, or never had a turn.
    """

    open: Mapping[str, int] = field(default_factory=dict)
    turns: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def cases(self, person: str) -> int:
        return self.open.get(person, 0)

    def turn(self, team: str, person: str) -> int:
        return self.turns.get(team, {}).get(person, 0)


UNLOADED = Loads()
