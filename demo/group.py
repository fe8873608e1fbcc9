"""How each region of the invented group treats its customers, and what its seasons are like."""

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Habit:
    """Shares are of 1, `takes` and `repairs` the usual and the longest opening hours.

    `answers` weighs the region. What is forgotten waits until the ladder has handed it up.
    """

    answers: float
    unhappy: float
    takes: tuple[float, float]
    forgets: float
    reaches: float
    promises: tuple[int, int]
    """Days until a repair is due: the shortest and the longest."""
    late: float
    solves: float
    theme: str | None = None
    """The cause that stands out."""


HABITS: Mapping[str, Habit] = {
    "ile_de_france": Habit(34, 0.33, (2, 9), 0.08, 0.62, (3, 9), 0.16, 0.66),
    "nord": Habit(20, 0.28, (1, 7), 0.05, 0.66, (3, 7), 0.10, 0.70),
    "alsace": Habit(15, 0.20, (0.5, 4), 0.01, 0.76, (2, 5), 0.04, 0.82),
    "provence": Habit(22, 0.36, (4, 14), 0.26, 0.58, (4, 10), 0.24, 0.56),
    "la_reunion": Habit(9, 0.30, (1, 8), 0.06, 0.66, (3, 9), 0.12, 0.68),
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
        promises=(6, 14),
        late=0.34,
        solves=0.5,
        theme="delay_works",
    )
