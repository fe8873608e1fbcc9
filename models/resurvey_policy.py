"""The re-survey: who is asked again some time after his case was closed, and why somebody is not."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from models.actions import Outcome

SPOKEN_TO = frozenset({Outcome.RECOVERED, Outcome.NOT_RECOVERED})
"""With these a customer was called and something was decided; the others are left in peace."""
LAST = "last"
"""Said by a survey system that knows the customer, but not our case: the last one that was closed."""


@dataclass(frozen=True, slots=True)
class ResurveyPolicy:
    """`after` passes on the calendar from the closing on; `at_most_every` between two questions to
    the same customer. Asked are those whose case ended with one of `outcomes`.
    """

    after: timedelta
    at_most_every: timedelta = timedelta(days=90)
    outcomes: frozenset[Outcome] = SPOKEN_TO


class Withheld(StrEnum):
    """Why the question never left."""

    ANSWERED = "answered"
    """He answered another survey meanwhile: that is his answer."""
    CASE_OPEN = "case_open"
    ASKED_LATELY = "asked_lately"
    FORGOTTEN = "forgotten"
    REFUSED = "refused"
    """The carrier did not take it."""
