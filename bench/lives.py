"""Invented cases by the hundred thousand: their answers, what became of them, and the tallies."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from models.actions import Outcome, Reached
from models.case import Confirmation, Stage
from models.courses import Attempted, CaseCourse, Heard, TargetRun
from models.ladder import Target
from models.survey import Feeling, Metric
from models.tallies import Place, Tally, WorkingTime, measures_of, places, standing_of
from models.targets import Fate

REGIONS, TRADES, CAUSES = (
    tuple(f"{what}_{n:02}" for n in range(1, many + 1))
    for what, many in (("region", 30), ("trade", 8), ("cause", 12))
)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONG = timedelta(days=3 * 365)
CUSTOMER = "customer"


Row: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Life:
    """The rows of one case, of the one answer that opened it, and of what that is counted for."""

    case: Row
    response: Row
    counted: Row


class Lives:
    """The same for the same `seed`. They fill three years up to `now`, evenly, in order of time."""

    def __init__(self, now: datetime, worked: WorkingTime, *, seed: int = 1) -> None:
        self._now = now
        self._worked = worked
        self._random = random.Random(seed)  # noqa: S311 - nothing is kept secret by it
        self.tallies: defaultdict[Place, Tally] = defaultdict(Counter)

    def lived(self, many: int) -> Iterator[Life]:
        for n in range(many):
            yield self._live(f"{n:08}", self._now - LONG * (1 - n / many))

    def _live(self, name: str, at: datetime) -> Life:
        place = {"region": self._random.choice(REGIONS), "trade": self._random.choice(TRADES)}
        course = self._course(at)
        heard = Heard(at, Feeling.UNHAPPY, case=course)
        measures, month = measures_of(heard, self._worked), f"{at:%Y-%m}"
        for each in places(month, place["region"], place["trade"]):
            self.tallies[each].update(measures)
        counted = {"response_id": name, "month": month, "submitted_at": at, "measures": measures}
        clock = {"clock_version": 1, "clock_region": place["region"]}
        return Life(
            _case(name, at, course) | place,
            _response(name, at) | place,
            counted | asdict(standing_of(heard)) | clock | place,
        )

    def _course(self, at: datetime) -> CaseCourse:
        """A contact within a day, an end within a week, both with long tails: one in a hundred open."""
        attempted = at + self._wait(5 * HOUR)
        contacted = attempted + self._wait(15 * HOUR)
        closed_at = contacted + self._wait(5 * DAY)
        reached = self._random.random() < 0.9
        outcome = Outcome.RECOVERED if reached else Outcome.UNREACHABLE
        yes = reached and self._random.random() < 0.6
        ended = closed_at <= self._now
        return CaseCourse(
            closed_at=closed_at if ended else None,
            outcome=outcome if ended else None,
            confirmation=(Confirmation.CONFIRMED if yes else Confirmation.UNCONFIRMED)
            if ended
            else None,
            highest_level=self._random.choices((0, 1, 2), (80, 15, 5))[0],
            cause=self._random.choice(CAUSES) if reached and contacted <= self._now else None,
            attempts=tuple(self._attempts(attempted, contacted, reached=reached)),
            said_no=ended and self._random.random() < 0.03,
            targets=tuple(self._targets(at, ended=ended)),
            lateness=(timedelta(seconds=self._random.expovariate(1)),),
        )

    def _wait(self, median: timedelta) -> timedelta:
        return median * self._random.lognormvariate(0, 0.9)

    def _attempts(
        self, attempted: datetime, contacted: datetime, *, reached: bool
    ) -> Iterator[Attempted]:
        if attempted <= self._now:
            yield Attempted(attempted, Reached.VOICEMAIL)
        if contacted <= self._now:
            yield Attempted(contacted, Reached.REACHED if reached else Reached.NO_ANSWER)

    def _targets(self, at: datetime, *, ended: bool) -> Iterator[TargetRun]:
        for target in (Target.ACKNOWLEDGE, Target.CONTACT, Target.PLAN):
            fate = Fate.MET if self._random.random() < 0.85 else Fate.MISSED
            yield TargetRun(target, at + DAY, fate)
        last = TargetRun(Target.REPAIR, at + 7 * DAY, Fate.MET if ended else None)
        yield last


def _case(name: str, at: datetime, course: CaseCourse) -> Row:
    return {
        "id": name,
        "case_key": name,
        "open": course.closed_at is None,
        "customer_id": CUSTOMER,
        "opened_at": at,
        "version": 1,
        "seq": 9,
        "stage": Stage.CLOSED if course.closed_at else Stage.REPAIRING,
        "level": 0,
        "highest_level": course.highest_level,
        "closed_at": course.closed_at,
        "outcome": course.outcome,
        "confirmation": course.confirmation,
    }


def _response(name: str, at: datetime) -> Row:
    return {
        "id": name,
        "source": "bench",
        "response_id": name,
        "revision": 1,
        "survey_id": "bench",
        "metric": Metric.NPS,
        "score": 2,
        "feeling": Feeling.UNHAPPY,
        "submitted_at": at,
        "received_at": at,
        "customer_id": CUSTOMER,
        "case_id": name,
        "joined": False,
        "consumed_seq": 1,
    }
