"""How each region of the invented group treats its customers, and what its seasons are like."""

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Habit:
    """Shares are of 1; `takes` are the usual and the longest opening hours until somebody moves.

    `answers` weighs the region. What is forgotten waits until the ladder has handed it up.
    """

    answers: float
    unhappy: float
    takes: tuple[float, float]
    forgets: float
    drops: float
    """The share of the cases that are begun and come to nothing."""
    reaches: float
    promises: tuple[int, int]
    """Days until a repair is due: the shortest and the longest."""
    late: float
    solves: float
    colleague: str
    """Who takes a case over now and then."""
    theme: str | None = None
    """The cause that stands out."""


HABITS: Mapping[str, Habit] = {
    "ile_de_france": Habit(
        34, 0.33, (2, 9), 0.08, 0.06, 0.62, (3, 9), 0.16, 0.66, "director_idf_works"
    ),
    "nord": Habit(20, 0.28, (1, 7), 0.05, 0.04, 0.64, (3, 7), 0.10, 0.70, "deputy_north"),
    "alsace": Habit(15, 0.22, (0.5, 4), 0.01, 0.0, 0.74, (2, 5), 0.04, 0.82, "deputy_alsace"),
    "provence": Habit(22, 0.36, (6, 26), 0.20, 0.26, 0.54, (4, 10), 0.26, 0.56, "deputy_south"),
    "la_reunion": Habit(9, 0.30, (1, 8), 0.06, 0.08, 0.64, (3, 9), 0.12, 0.68, "deputy_south"),
}

BAD_MONTH = (0.38, 0.70)
"""In the north, as shares of the days played: the works are late, and everybody calls at once."""


def habit_of(region: str, share: float) -> Habit:
    """At a share of the days played."""
    habit = HABITS[region]
    if region != "nord" or not BAD_MONTH[0] <= share < BAD_MONTH[1]:
        return habit
    return replace(
        habit,
        answers=habit.answers * 1.6,
        unhappy=0.58,
        takes=(4, 14),
        forgets=0.20,
        drops=0.28,
        promises=(6, 14),
        late=0.34,
        solves=0.5,
        theme="delay_works",
    )
