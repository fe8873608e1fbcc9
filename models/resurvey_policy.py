"""The re-survey: who is asked again some time after his case was closed, and why somebody is not."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from models.actions import Outcome

SPOKEN_TO = frozenset({Outcome.RECOVERED, Outcome.NOT_RECOVERED})
"""With these a customer was called and something was decided; the others are left in peace."""
OURS = "rappel:resurvey"
"""The source of the answers behind our link: none of an organisation's file can be called so."""
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


ANSWERED_WITHIN = timedelta(days=14)
"""So long a customer has to answer before his silence counts."""


class Resurveyed(StrEnum):
    """What of a case's re-survey counts, by the names of the board's numbers."""

    RESURVEYED = "resurveyed"
    """Answered, whoever asked: by our question, a survey system's, or by another survey meanwhile."""
    WON_BACK = "won_back"
    """… and unhappy no more."""
    ASKED_AGAIN = "asked_again"
    """By us, and `ANSWERED_WITHIN` ago or longer."""
    HEARD_AGAIN = "heard_again"
    """… and answered, whenever that was."""


class Withheld(StrEnum):
    """Why the question never left."""

    ANSWERED = "answered"
    """He answered another survey meanwhile: that is his answer."""
    CASE_OPEN = "case_open"
    ASKED_LATELY = "asked_lately"
    FORGOTTEN = "forgotten"
    REFUSED = "refused"
    """The carrier did not take it."""
