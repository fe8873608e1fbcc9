"""The calendar of a year: who answers what and when, who is away, who leaves. Pure, made from a seed.

All instants are whole minutes, so that a fraction of a second, by which a machine is quick or slow, changes
neither what comes first nor the digest of what happened.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TypeAlias
from zoneinfo import ZoneInfo

from demo.answers import SCORES, Answer, Json, Place
from demo.customers import Customer, invent
from demo.group import Habit
from demo.lives import Author
from demo.voices import PRAISE, SO_SO, THEMES, Theme
from year.group import NATIONAL_OWNER, REGIONS, Group, deputy, deputy_of
from year.lives import TEMPERS, Fates

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
HEAD_OFFICE = ZoneInfo("Europe/Paris")
ALARMING = {"fr": "Une fuite de gaz, et personne ne vient.", "en": "A gas leak, and nobody comes."}
THREATENING = {"fr": "Mon avocat vous écrira.", "en": "You will hear from my lawyer."}
CES: Mapping[str, Sequence[int]] = {"unhappy": (1, 2, 3), "neither": (4, 5), "happy": (6, 7)}


@dataclass(frozen=True, slots=True)
class Leave:
    """Recorded at `told`, for the days `first` to `last`; called off at `ends` if it ends early."""

    told: datetime
    person: str
    first: date
    last: date
    stand_in: str | None = None
    gives_back: bool = True
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reform:
    """From `at` on the organisation is this one."""

    at: datetime
    group: Group


@dataclass(frozen=True, slots=True)
class Loss:
    """A workflow is lost at `at`; the audit comes a while later."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Inspection:
    at: datetime


@dataclass(frozen=True, slots=True)
class Letters:
    """The weekly ones, on a Monday morning; only the first of a month are `written`, for they take long."""

    at: datetime
    written: bool


Thing: TypeAlias = Answer | Leave | Reform | Loss | Inspection | Letters


@dataclass(frozen=True, slots=True)
class Span:
    """What is played: the days from `first` up to `last`, with so many responses."""

    first: date
    last: date
    responses: int
    seed: int = 1

    @property
    def since(self) -> datetime:
        return _midnight(self.first)

    @property
    def until(self) -> datetime:
        return _midnight(self.last)


YEAR = Span(date(2035, 1, 1), date(2036, 1, 1), 1500)
"""It lies ahead: the server's clock can only skip forward. It begins on a Monday."""
SPRING = Span(date(2035, 3, 17), date(2035, 5, 17), 100)
"""With Easter, the change of clocks on Easter Sunday, three public holidays in May, and Whit Monday."""


@dataclass(frozen=True, slots=True)
class Plan:
    span: Span
    group: Group
    things: Sequence[Thing] = field(repr=False)


def plan_of(span: Span) -> Plan:
    rng = Random(span.seed)  # noqa: S311 - chance, not secrecy
    answers = _Crowd(rng, span).answers()
    things = [*answers, *_leaves(rng, span), *_reforms(span), *_routine(span)]
    return Plan(span, Group(), sorted(things, key=starts_at))


def starts_at(thing: Thing) -> datetime:
    return thing.told if isinstance(thing, Leave) else thing.at


class _Crowd:
    def __init__(self, rng: Random, span: Span) -> None:
        self._rng = rng
        self._span = span
        self._fates = Fates(rng, Author(rng))
        self._tempers = {region: rng.choice(list(TEMPERS.values())) for region in REGIONS}
        self._number = 0

    def answers(self) -> Sequence[Answer]:
        """So many responses; what is delivered twice, or garbled, comes besides."""
        told: list[Answer] = []
        while self._number < self._span.responses:
            told += self._of_one_customer()
        return [answer for answer in told if self._span.since <= answer.at < self._span.until]

    def _of_one_customer(self) -> Iterator[Answer]:
        chance = self._rng.random
        region, customer = self._rng.choice(REGIONS), invent(self._rng)
        habit, at = self._tempers[region], self._moment()
        theme = self._rng.choice(THEMES)
        if chance() >= habit.unhappy:
            answer = self._answer(customer, at, region, theme, feeling=self._content())
            yield answer
            if chance() < 0.01:
                yield replace(answer, body={**answer.body, "score": 11, "response_id": "garbled"})
            return
        if chance() < 0.03:
            customer = replace(customer, known=False)
        answer = self._unhappy(customer, at, region, theme)
        yield answer
        if chance() < 0.05:  # the survey system repeats what it has delivered
            yield replace(answer, at=at + self._rng.randint(1, 3000) * MINUTE, life=())
        if chance() < 0.06:
            soon = at + self._rng.randint(60, 6000) * MINUTE
            yield self._unhappy(customer, soon, region, theme)
        if chance() < 0.25:
            yield self._again(self._answer(customer, at, region, theme, feeling=self._content()))
        if chance() < 0.08:
            months_later = at + self._rng.randint(30, 120) * DAY + 7 * MINUTE
            yield self._unhappy(customer, months_later, region, theme)

    def _again(self, answer: Answer) -> Answer:
        """To a survey that asks by itself whether he is content by now."""
        at = answer.at + self._rng.randint(20, 60) * DAY + 11 * MINUTE
        context = {**answer.body["context"], "resurvey_of": True}
        later = {"submitted_at": at.isoformat(), "context": context}
        return replace(answer, at=at, body={**answer.body, **later})

    def _content(self) -> str:
        return "happy" if self._rng.random() < 0.65 else "neither"

    def _moment(self) -> datetime:
        minutes = (self._span.until - self._span.since) // MINUTE
        return self._span.since + self._rng.randrange(minutes) * MINUTE

    def _unhappy(self, customer: Customer, at: datetime, region: str, theme: Theme) -> Answer:
        answer = self._answer(customer, at, region, theme, feeling="unhappy")
        if not customer.known:
            return answer
        life = self._fates.draw(self._habit(region), theme, colleague=deputy_of(region))
        return replace(answer, life=life)

    def _habit(self, region: str) -> Habit:
        """Now and then somebody has a day that is not like him."""
        odd = self._rng.random() < 0.15
        return self._rng.choice(list(TEMPERS.values())) if odd else self._tempers[region]

    def _answer(
        self, customer: Customer, at: datetime, region: str, theme: Theme, *, feeling: str
    ) -> Answer:
        self._number += 1
        trade = self._rng.choice(theme.trades)
        metric = self._metric(trade)
        scores = CES[feeling] if metric == "ces" else SCORES[metric, feeling]
        place = Place(region, trade, self._rng.choice(theme.touchpoints))
        waited = self._rng.choice((0, 0, 0, 3, 240)) * MINUTE
        body: Json = {
            "response_id": f"year-{self._number:05}",
            "survey_id": f"after-{place.touchpoint.replace('_', '-')}",
            "submitted_at": (at - waited).isoformat(),
            "metric": metric,
            "score": self._rng.choice(scores),
            "comment": self._comment(customer.language, theme, feeling),
            "language": customer.language,
            "customer": customer.identity,
            "context": {**asdict(place), **self._channel()},
        }
        return Answer(at, region, body)

    def _channel(self) -> Mapping[str, str]:
        """By which he was heard, where it was no survey."""
        heard = self._rng.random() < 0.15
        return {"channel": self._rng.choice(("phone", "social"))} if heard else {}

    def _metric(self, trade: str) -> str:
        if self._rng.random() < 0.15:
            return "ces"
        return "csat" if trade == "after_sales" else "nps"

    def _comment(self, language: str, theme: Theme, feeling: str) -> str:
        if feeling != "unhappy":
            return self._rng.choice((PRAISE if feeling == "happy" else SO_SO)[language])
        share = self._rng.random()
        if share < 0.05:
            return (ALARMING if share < 0.03 else THREATENING)[language]
        return self._rng.choice(theme.en if language == "en" else theme.fr)


def _leaves(rng: Random, span: Span) -> Iterator[Leave]:
    """Everybody is away for two weeks or three, some on other days too, and deputies at the same time."""
    people = [*(f"director_{region}" for region in REGIONS), *map(deputy, range(8))]
    each = (span.last - span.first).days / 150
    for person in people:
        for _ in range(int(each + rng.random())):
            yield from _leave(rng, span, person, days=rng.choice((1, 4, 11, 18)))
    yield from _leave(rng, span, NATIONAL_OWNER, days=6, stand_in=deputy(1))


def _leave(
    rng: Random, span: Span, person: str, *, days: int, stand_in: str | None = None
) -> Iterator[Leave]:
    first = span.first + rng.randint(2, max(3, (span.last - span.first).days - days - 2)) * DAY
    told = max(span.since, _midnight(first) - rng.randint(1, 20) * DAY) + 541 * MINUTE
    early = rng.random() < 0.1
    yield Leave(
        told,
        person,
        first,
        first + days * DAY,
        stand_in,
        gives_back=rng.random() < 0.75,
        ends=_midnight(first) + rng.randint(1, days * 1440) * MINUTE if early else None,
    )


def _reforms(span: Span) -> Iterator[Reform]:
    """Directors leave, and after a third of the time the targets are tighter."""
    length, gone = (span.last - span.first).days, frozenset[str]()
    targets: Mapping[str, str] = {}
    for share, region in ((0.3, "lyon"), (0.36, None), (0.5, "alsace"), (0.8, "melbourne")):
        gone |= {region} if region else set()
        targets = targets if region else {"acknowledge": "3h", "plan": "1d"}
        at = _midnight(span.first + round(length * share) * DAY) + 607 * MINUTE
        yield Reform(at, Group(gone, targets))


def _routine(span: Span) -> Iterator[Thing]:
    """Letters on Mondays; the audit on two days a week, and after a workflow was lost."""
    for day in (span.first + n * DAY for n in range((span.last - span.first).days)):
        match day.isoweekday():
            case 1:
                yield Letters(_midnight(day) + 421 * MINUTE, written=day.day <= 7)
            case 2 | 5:
                yield Inspection(_midnight(day) + 743 * MINUTE)
            case 6 if day.day <= 7:
                yield Loss(_midnight(day) + 754 * MINUTE)
                yield Inspection(_midnight(day) + 757 * MINUTE)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=HEAD_OFFICE).astimezone(UTC)
