"""What one answer counts for. Pure; the figures are sums of this over many answers.

A measure is a word, most with a detail behind a colon: `closed:30`, `contact.wall:90`, `level:2`.
Steps of waits are in minutes (`models.waits`), those of lateness in seconds.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import NamedTuple, TypeAlias

from models.actions import Outcome
from models.case import Confirmation
from models.courses import CaseCourse, Heard
from models.figures import DAYS
from models.money import sums
from models.promises import Word
from models.submissions import Way
from models.survey import Feeling, Origin
from models.targets import Fate
from models.waits import step_of

Tally: TypeAlias = Counter[str]
WorkingTime: TypeAlias = Callable[[datetime, datetime], timedelta]
"""From one instant to another, on the clock of the hours of the case's region."""

CLOSES_THE_LOOP = frozenset(
    {Outcome.RECOVERED, Outcome.NOT_RECOVERED, Outcome.DECLINED, Outcome.UNREACHABLE}
)
"""A case is not closed as one of the first three without a contact, nor as the last too early."""
_OF_THE_LOOP = {"reachable", "closed", "confirmed", "unreachable", "withdrawn", "reopened"}
UNEXPLAINED = "unexplained"
LATE_STEPS = (
    *(0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 450, 600, 900, 1200, 1800, 2700),
    *(hours * 3600 for hours in (1, 2, 3, 4, 6, 8, 12, 24, 48, 96, 192, 384, 768)),
)
"""Seconds. A lateness counts as the first step that is not shorter."""


class Cut(StrEnum):
    """What the tallies of a month are told apart by."""

    REGION = "region"
    TRADE = "trade"
    EACH = "each"
    """By both."""


class Place(NamedTuple):
    """Where something is counted. `region` and `trade` are "" where unknown, or not told apart."""

    cut: Cut
    month: str
    region: str
    trade: str


class Awaited(StrEnum):
    """What an unhappy customer waits for next; each one waits for the later ones too."""

    ATTEMPT = "attempt"
    CONTACT = "contact"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Standing:
    """What an answer counts for as time passes: to be judged when the figures are read.

    `awaited` is None when nothing is waited for any more. `loop` are the words of the closed loop
    that do not count while the answer is younger than d days. `due_at` is when the first of the case's
    running targets is due, beside the answer that opened it.
    """

    awaited: Awaited | None = None
    loop: str | None = None
    due_at: datetime | None = None


def places(month: str, region: str, trade: str) -> tuple[Place, ...]:
    """Each answer is counted in all of these, so that nobody must add up more than he asked for."""
    return (
        Place(Cut.REGION, month, region, ""),
        Place(Cut.TRADE, month, "", trade),
        Place(Cut.EACH, month, region, trade),
    )


def measures_of(heard: Heard, worked: WorkingTime) -> Tally:
    """What does not depend on when it is read."""
    found = Counter(_measures(heard, worked))
    if heard.unhappy and heard.case is not None and heard.opened:
        found.update(_costs(heard.case))
    return found


def standing_of(heard: Heard) -> Standing:
    of_case = heard.case if heard.opened and heard.unhappy else None
    return Standing(
        _awaited(heard),
        " ".join(("reachable", *_loop(heard))) if heard.reachable else None,
        of_case.due_at if of_case else None,
    )


@cache
def pending(awaited: Awaited, *, wall: int, working: int) -> tuple[str, ...]:
    """The measures of one who still waits, by the steps he has waited so far."""
    later = tuple(Awaited)[tuple(Awaited).index(awaited) :]
    return tuple(
        measure
        for each in later
        for measure in (f"{each}.wall.waiting:{wall}", f"{each}.working.waiting:{working}")
    )


def young(tally: Mapping[str, int]) -> Tally:
    """What of it does not count in the closed loop where all its answers are younger than d days."""
    found: Tally = Counter()
    for word, n in tally.items():
        measure, _, _ = word.partition(":")
        if measure in _OF_THE_LOOP:
            found[f"young.{measure}"] += n
    return found


def _measures(heard: Heard, worked: WorkingTime) -> Iterator[str]:
    yield "answers"
    if heard.back_filed and (heard.unhappy or heard.feeling is Feeling.UNHAPPY):
        yield from _back_filed(heard, heard.back_filed)
    if not heard.unhappy:
        return
    yield "responses"
    if heard.by_hand:
        yield from _by_hand(heard, heard.by_hand)
    if heard.case is None:
        yield f"other:{heard.reason or UNEXPLAINED}"
    if heard.reachable:
        yield "reachable"
        if heard.first_contact:
            yield "contacted"
        yield from _loop_within(heard)
        yield from _waits(heard, worked)
    if heard.case is not None and heard.opened:
        yield from _of_case(heard.case)


def _by_hand(heard: Heard, channel: Origin) -> Iterator[str]:
    """Beside all else that it counts for."""
    yield f"by_hand:{channel}"
    if heard.first_contact:
        yield f"by_hand_contacted:{channel}"


def _back_filed(heard: Heard, way: Way) -> Iterator[str]:
    """Beside all else, or alone where it is too old to be called back."""
    yield f"back_filed:{way}"
    if heard.case is not None:
        yield f"back_filed_covered:{way}"


def _loop(heard: Heard) -> Iterator[str]:
    """How the loop was closed, whenever that was."""
    case = heard.case
    if case is None:
        return
    if case.reopened:
        yield "reopened"
    if case.outcome is Outcome.WITHDRAWN:
        yield "withdrawn"
    if case.outcome in CLOSES_THE_LOOP:
        yield "closed"
        if case.confirmation is Confirmation.CONFIRMED:
            yield "confirmed"
        if case.outcome is Outcome.UNREACHABLE:
            yield "unreachable"


def _loop_within(heard: Heard) -> Iterator[str]:
    """With the shortest of `DAYS` within which it was closed; without one where it took longer."""
    closed_at = heard.case.closed_at if heard.case else None
    passed = closed_at - heard.submitted_at if closed_at else timedelta.max
    within = next((days for days in DAYS if passed <= timedelta(days=days)), None)
    for word in _loop(heard):
        if word == "reopened":
            yield word
        elif within is not None:
            yield f"{word}:{within}"


def _waits(heard: Heard, worked: WorkingTime) -> Iterator[str]:
    """What happened, and what did not until the case ended."""
    ended_at = heard.case.closed_at if heard.case else None
    for awaited, at in _happened(heard):
        last = at or ended_at
        if last is None:
            continue
        lost = "" if at else ".lost"
        wall, working = last - heard.submitted_at, worked(heard.submitted_at, last)
        yield f"{awaited}.wall{lost}:{step_of(wall)}"
        yield f"{awaited}.working{lost}:{step_of(working)}"


def _happened(heard: Heard) -> Iterator[tuple[Awaited, datetime | None]]:
    yield Awaited.ATTEMPT, heard.first_attempt
    yield Awaited.CONTACT, heard.first_contact
    yield Awaited.CLOSE, heard.case.closed_at if heard.case else None


def _awaited(heard: Heard) -> Awaited | None:
    if not heard.reachable or (heard.case and heard.case.closed_at):
        return None
    return next(awaited for awaited, at in _happened(heard) if at is None)


def _of_case(case: CaseCourse) -> Iterator[str]:
    """Of the answer that opened it alone."""
    yield "cases"
    yield f"cause:{case.cause or ''}"
    if case.played:
        yield f"played:{case.cause or ''}"
    if case.highest_level:
        yield f"level:{case.highest_level}"
    if case.stalled:
        yield "stalled"
    yield from _of_end(case)
    yield from _of_clocks(case)


def _of_end(case: CaseCourse) -> Iterator[str]:
    if case.closed_at is None:
        yield "open"
    elif case.confirmation is Confirmation.CONFIRMED and not case.reopened:
        yield "good"
    if case.outcome is Outcome.RECOVERED:
        yield "recovered"
        if case.referral is not None:
            yield "referred"


def _of_clocks(case: CaseCourse) -> Iterator[str]:
    for run in case.targets:
        if run.fate in {Fate.MET, Fate.MISSED}:
            yield f"{run.fate}:{run.target}"
    for word in case.promises:
        if word is not Word.DROPPED:
            yield word
    yield from _of_actions(case)
    for late in case.lateness:
        yield f"late:{_late_step(late)}"


def _of_actions(case: CaseCourse) -> Iterator[str]:
    for action in case.actions:
        match action.word:
            case Word.KEPT:
                yield "in_time"
            case Word.BROKEN:
                yield "too_late"
        yield from ["refused"] * action.refused
        if action.accepted:
            yield "accepted"


def _costs(case: CaseCourse) -> Tally:
    """In cents, by currency, and by cause and currency."""
    found: Tally = Counter()
    for money in sums(action.cost for action in case.actions if action.cost is not None):
        if money.cents:
            found[f"cost:{money.currency}"] = money.cents
            found[f"cost_of:{case.cause or ''}:{money.currency}"] = money.cents
    return found


def _late_step(late: timedelta) -> int:
    nth = bisect_left(LATE_STEPS, late.total_seconds())
    return LATE_STEPS[min(nth, len(LATE_STEPS) - 1)]
