"""Asking a vendor for what a lost delivery left behind: what travels, and where it stands.

New fields of what travels get defaults: a history must be readable weeks later.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

NIGHTLY_REACH = timedelta(days=3)
"""A night's backfill asks for so much: two nights may be missed."""
SHARE = 2
"""A backfill takes that part of a day's budget at most: what has just been pointed at goes before."""
STILL_CALLED = timedelta(days=30)
"""Whose answer is older when it is asked for, or read from a file, is not called back for it."""


@dataclass(frozen=True, slots=True)
class BackfillAsked:
    """Of all sources that can be asked where `source` is None. `since` None reaches back from `at`."""

    at: datetime
    source: str | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class PageAsked:
    """`after` is what the page before said; None is the first one. Of ANY_SURVEY it is a page of the list of
    all surveys.
    """

    source: str
    survey: str
    since: datetime
    after: str | None = None


@dataclass(frozen=True, slots=True)
class BackfillPlan:
    pages: tuple[PageAsked, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """Responses: `found` is how many the vendor told of, `new` how many nobody had told of, or not so late,
    and `quarantined` how many of these were not understood.
    """

    found: int = 0
    new: int = 0
    quarantined: int = 0

    def __add__(self, more: "Tally") -> "Tally":
        return Tally(
            self.found + more.found, self.new + more.new, self.quarantined + more.quarantined
        )


@dataclass(frozen=True, slots=True)
class PageEnd:
    """`after` None: it was the last one. `problem`, a word: the survey is left for another day. `surveys` are
    those that were found in a list.
    """

    tally: Tally = Tally()
    after: str | None = None
    ready: bool = True
    problem: str | None = None
    surveys: tuple[str, ...] = ()

    def opened(self, page: PageAsked) -> tuple[PageAsked, ...]:
        """The first page of each survey that was found."""
        return tuple(replace(page, survey=survey, after=None) for survey in self.surveys)

    def following(self, page: PageAsked) -> PageAsked | None:
        return replace(page, after=self.after) if self.after is not None else None


@dataclass(frozen=True, slots=True)
class BackfillStart:
    """`left` and what follows carry a long one over into its next run."""

    source: str | None = None
    since: datetime | None = None
    left: tuple[PageAsked, ...] | None = None
    tally: Tally = Tally()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BackfillEnd:
    """`problems` are `source/survey: word` of each survey that could not be read to its end."""

    tally: Tally = Tally()
    problems: tuple[str, ...] = ()
