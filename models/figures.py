"""The figures, defined once: what each means stands at its class.

`models.tallies` says what one answer counts for, `models.measuring` reads the figures from the sums.
D are the unhappy responses (no tests, no duplicates; each once, as its newest telling has it), E those of
D whose customer consents and can be reached, and is to be called. What was taken back or is unfinished
stays in D, and so does an answer with a case that the customer changed for the better: nobody leaves the
figures afterwards. What was heard too late to be called back never was
one of D. The reason why one of D has no case stands beside the coverage.
Both are grouped by when they were submitted, so that what is still open counts from the first day.
A case belongs where the response that opened it belongs. Regions stand in the order of their names,
and nothing is counted by person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from models.fetching import Unread
from models.ladder import Target
from models.money import Money
from models.rates import Rate
from models.submissions import Way
from models.survey import Origin

SMALL = 30
"""With fewer unhappy responses a region says too little to be compared."""
REOPENED_WITHIN = timedelta(days=30)
MEAN_WITHIN = timedelta(days=30)
DAYS = (7, 14, 30, 60, 90)
"""For which d the closed-loop rate is kept, in ascending order."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which responses are counted: submitted in these months (`2026-11`, of the head office's zone,
    both included; None is open), in this region and trade ("": named none; None: any); `days` is the
    d of the closed-loop rate.
    """

    first: str | None = None
    last: str | None = None
    region: str | None = None
    trade: str | None = None
    days: int = 30


@dataclass(frozen=True, slots=True)
class Coverage:
    """Responses with a case / D, and the others by reason; one without a reason is our fault.

    `unread` are answers that a survey system told of and that are not had: they wait for their fetch, or it
    was given up. Whether they are unhappy nobody knows, so they stand beside D, by the month in which they
    were told of.
    """

    covered: Rate
    others: Mapping[str, int]
    unread: Mapping[Unread, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClosedLoop:
    """All five are shares of the same: of E at least `days` days old.

    `closed` within that time with contact or exhausted attempts; of these, those `confirmed` by
    the customer and those `unreachable`. What was `withdrawn` within that time closes no loop.
    `reopened` at any time until now: the customer said no, or had to be called anew within 30 days
    of the end.
    """

    days: int
    closed: Rate
    confirmed: Rate
    unreachable: Rate
    withdrawn: Rate
    reopened: Rate


@dataclass(frozen=True, slots=True)
class Attainment:
    """Met / (met + missed + still running and past due). What is not due yet is in neither."""

    overall: Rate
    by_target: Mapping[Target, Rate]


@dataclass(frozen=True, slots=True)
class Escalation:
    """Cases that ever stood on this level or above / cases."""

    level: int
    reached: Rate


@dataclass(frozen=True, slots=True)
class Lateness:
    """Fired − due of every rung that a clock fired, in seconds, rounded up to a step."""

    count: int
    p50: float | None
    p99: float | None
    max: float | None


@dataclass(frozen=True, slots=True)
class Wait:
    """How long E waits for something on one clock, in seconds, from the submission.

    Who still waits counts with the time he has waited so far, and whose case ended without it with
    the time until then (Kaplan–Meier), so that slow cases are never left out. Each wait is rounded
    up to a step of `models.waits`. A percentile that is not reached yet is None. `mean` stops at
    `MEAN_WITHIN`: who waits longer counts as that long; it looks no further than the longest wait.
    """

    happened: int
    waiting: int
    median: float | None
    p90: float | None
    mean: float | None


@dataclass(frozen=True, slots=True)
class OnBothClocks:
    """On the customer's wall clock, and in the opening hours of the region."""

    wall: Wait
    working: Wait


@dataclass(frozen=True, slots=True)
class Waits:
    """Until the first attempt, the first two-way contact, the end of the case."""

    attempt: OnBothClocks
    contact: OnBothClocks
    close: OnBothClocks


@dataclass(frozen=True, slots=True)
class Recovery:
    """What the call-backs were worth, by the re-surveys of closed cases; the first answer counts.

    `recovered`: of the re-surveys answered, those that are not unhappy (nps 7 and more, csat 3, ces 4,
    by the thresholds of that day). `answered`: of our questions that left at least 14 days ago, those
    answered. `floor`: recovered / all closed cases, for who stays silent may be unhappy still.
    """

    recovered: Rate
    answered: Rate
    floor: Rate


@dataclass(frozen=True, slots=True)
class Measured:
    """`answers` counts every answer, the happy ones too; `responses` is D, `reachable` is E.

    `quality`: of the cases that are closed, those which the customer confirmed and which were not
    reopened. `service_level`: the attainment of the contact target. `backlog`: cases open now, `late`
    those of them whose running target is past due, `stalled` those that ran out of time on the last
    level of their ladder and whose customer nobody has turned to since.
    `contact`: of E, followed by a two-way contact.
    `promises`: kept by their date / kept, broken or overdue; one that can still be kept is in neither,
    nor one whose case ended before its date.
    `referrals`: of the cases closed as recovered, those whose customer recommends us.
    `in_time`: actions done by their date / done, or not done when it passed. A date that was moved before
    it came never was one; one that had passed stays missed; what was refused counts as done when it was
    done for good. `refusals`: refused / accepted or refused by the case's owner, each time it was.
    `by_hand`: of D, those that one of us heard and wrote down, by channel: followed by a two-way contact /
    all of them. They have no score, and count in every other figure as the rest of D does.
    `back_filed`: of the unhappy responses that a back-file or a backfill brought, by way: those with a case /
    all of them. Those with a case count in every other figure too; those that were too old to be called back
    count here alone, else a back-file of last year would be last year's coverage.
    `cost`: what the actions that were not dropped cost, as it was written down, by currency.
    """

    answers: int
    responses: int
    reachable: int
    cases: int
    backlog: int
    quality: Rate
    service_level: Rate
    coverage: Coverage
    contact: Rate
    waits: Waits
    closed_loop: ClosedLoop
    attainment: Attainment
    escalation: tuple[Escalation, ...]
    lateness: Lateness
    promises: Rate
    referrals: Rate
    recovery: Recovery
    in_time: Rate
    refusals: Rate
    cost: tuple[Money, ...] = ()
    late: int = 0
    stalled: int = 0
    by_hand: Mapping[Origin, Rate] = field(default_factory=dict)
    back_filed: Mapping[Way, Rate] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OfRegion:
    """`small`: fewer than 30 responses, to be pooled before comparing. `region` None is unknown."""

    region: str | None
    small: bool
    measured: Measured


@dataclass(frozen=True, slots=True)
class OfTrade:
    trade: str | None
    small: bool
    measured: Measured


@dataclass(frozen=True, slots=True)
class OfCause:
    """`cause` None: not named yet. The most frequent first.

    `played` counts those of the cases in which at least one action follows a playbook's suggestion; `cost`
    is that of their actions.
    """

    cause: str | None
    cases: int
    played: int = 0
    cost: tuple[Money, ...] = ()


@dataclass(frozen=True, slots=True)
class OfPeriod:
    """`period` is a month, as in `2026-11`."""

    period: str
    measured: Measured


@dataclass(frozen=True, slots=True)
class Figures:
    overall: Measured
    by_region: tuple[OfRegion, ...]
    by_trade: tuple[OfTrade, ...]
    by_period: tuple[OfPeriod, ...]
    causes: tuple[OfCause, ...]
