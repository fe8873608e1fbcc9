"""The answers of the invented customers, over the days that are played."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any, TypeAlias

from demo import notes
from demo.customers import Customer, buy_together, invent
from demo.group import HABITS, habit_of
from demo.lives import Author, Life
from demo.voices import PRAISE, SO_SO, THEMES, Theme

PLAYED = ("delay_works", "delay_snags", "information_silence")
"""The causes of demo/organisation.yaml that have a playbook of their own."""
ONE_DAY = timedelta(days=1)
A_WEEK = 30
"""Customers who answer, on average."""

Json: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """`life` is what becomes of the case that it opens. `by_hand`: one of the company heard it, and wrote it
    down.
    """

    at: datetime
    region: str
    body: Json
    life: Life = ()
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """The narrow end of a routing rule, so that nobody's inbox is empty."""

    region: str
    trade: str
    language: str = "fr"


DESKS = (
    Desk("ile_de_france", "sales"),
    Desk("ile_de_france", "works"),
    Desk("nord", "works"),
    Desk("alsace", "after_sales"),
    Desk("provence", "choices"),
    Desk("la_reunion", "works"),
    Desk("nord", "after_sales", "en"),
)


@dataclass(frozen=True, slots=True)
class Place:
    region: str
    trade: str
    touchpoint: str

    @property
    def metric(self) -> str:
        return "csat" if self.trade == "after_sales" else "nps"


SCORES: Mapping[tuple[str, str], Sequence[int]] = {
    ("nps", "unhappy"): (0, 1, 2, 3, 3, 4, 5, 6, 6),
    ("csat", "unhappy"): (1, 1, 2),
    ("nps", "neither"): (7, 8, 8),
    ("csat", "neither"): (3, 4),
    ("nps", "happy"): (9, 10, 10),
    ("csat", "happy"): (4, 5, 5),
}


@dataclass(frozen=True, slots=True)
class Crowd:
    """The same chance gives the same customers with the same words."""

    rng: Random
    author: Author

    def over(self, since: datetime, until: datetime) -> Sequence[Answer]:
        """In order of time; after two months or more there is something to do on every desk."""
        days = (until - since).days
        passing = [a for _ in range(A_WEEK * days // 7) for a in self._some(since, until)]
        last = [a for desk in DESKS[: days // 10] for a in self._left_open(desk, until)]
        last += self._of_all_kinds(until)
        garbled = [self._garbled(since + days * share * ONE_DAY) for share in (0.4, 0.93)]
        told = (*passing, *last, *garbled)
        in_time = (answer for answer in told if since <= answer.at < until)
        return sorted(in_time, key=lambda answer: answer.at)

    def one(self, at: datetime) -> Answer:
        """Somebody answers just now; every other one is unhappy."""
        region, customer = self.rng.choice(list(HABITS)), invent(self.rng)
        if self.rng.random() < 0.5:
            return self._content(customer, at, region)
        theme = self.rng.choice(THEMES)
        return self._unhappy(customer, at, region, theme, self.author.promised(theme, 4))

    def _some(self, since: datetime, until: datetime) -> Iterator[Answer]:
        """Of one customer: now and then he writes twice, or is asked again weeks later.

        One in fifty of the unhappy gives neither number nor address.
        """
        share, customer = self.rng.random(), invent(self.rng)
        at = _awake(since + (until - since) * share, self.rng)
        region = self._region(share)
        habit = habit_of(region, share)
        if self.rng.random() >= habit.unhappy:
            yield self._content(customer, at, region)
            return
        theme = self._theme(habit.theme)
        if self.rng.random() < 0.02:
            yield self._unhappy(replace(customer, known=False), at, region, theme, ())
            return
        yield self._unhappy(customer, at, region, theme, self.author.whole(habit, theme))
        if self.rng.random() < 0.05:
            yield self._unhappy(customer, at + timedelta(days=2), region, theme, ())
        if self.rng.random() < 0.4:
            weeks_later = at + timedelta(days=self.rng.randint(30, 48))
            yield self._asked_again(customer, weeks_later, region, theme)

    def _left_open(self, desk: Desk, until: datetime) -> Iterator[Answer]:
        """From the freshest to those which have waited too long for their director."""
        theme = self.rng.choice([t for t in THEMES if desk.trade in t.trades])
        for hours, life in (
            (self.rng.uniform(0.5, 5), ()),
            (47.3, ()),
            (50, self.author.taken()),
            (5 * 24, self.author.promised(theme, self.rng.randint(7, 11))),
            (6 * 24, self.author.asked(theme)),
        ):
            customer = replace(invent(self.rng), language=desk.language)
            at = until - timedelta(hours=hours)
            yield self._unhappy(customer, at, desk.region, theme, life, trade=desk.trade)

    def _of_all_kinds(self, until: datetime) -> Iterator[Answer]:
        """So that a newcomer meets each thing that there is, in the last days of what is played."""
        themes = {theme.cause: theme for theme in THEMES}
        late, snags, silent = (themes[cause] for cause in PLAYED)
        hours = count(30, 7)
        for region, theme, life in (
            ("nord", late, self.author.given(late, 180)),
            ("provence", late, self.author.given(late, 1200)),
            ("alsace", snags, self.author.played(snags)),
            ("nord", silent, self.author.played(silent)),
        ):
            at = until - timedelta(hours=72 + next(hours))
            yield self._unhappy(invent(self.rng), at, region, theme, life)
        for customer in buy_together(self.rng):
            at = until - timedelta(hours=next(hours))
            yield self._unhappy(customer, at, "nord", snags, (), trade="works")
        for region, heard in zip(HABITS, notes.HEARD.items(), strict=False):
            yield self._heard(region, *heard, at=until - timedelta(hours=next(hours)))

    def _heard(self, region: str, channel: str, words: Sequence[str], *, at: datetime) -> Answer:
        customer = replace(invent(self.rng), language="fr")
        told = {
            "channel": channel,
            "words": self.rng.choice(words),
            "customer": customer.identity,
            "region": region,
            "language": customer.language,
        }
        return Answer(at, region, told, by_hand=True)

    def _garbled(self, at: datetime) -> Answer:
        """A survey that was set up wrongly: nobody understands what it sends."""
        answer = self._content(invent(self.rng), at, "nord")
        return replace(answer, body={**answer.body, "score": 11})

    def _region(self, share: float) -> str:
        weights = [habit_of(region, share).answers for region in HABITS]
        return self.rng.choices(list(HABITS), weights)[0]

    def _theme(self, favoured: str | None) -> Theme:
        if favoured and self.rng.random() < 0.6:
            return next(theme for theme in THEMES if theme.cause == favoured)
        return self.rng.choice(THEMES)

    def _unhappy(
        self,
        customer: Customer,
        at: datetime,
        region: str,
        theme: Theme,
        life: Life,
        *,
        trade: str | None = None,
    ) -> Answer:
        words = theme.en if customer.language == "en" else theme.fr
        place = self._place(region, theme, trade)
        return Answer(at, region, self._body(customer, at, place, "unhappy", words), life)

    def _content(self, customer: Customer, at: datetime, region: str) -> Answer:
        feeling = "happy" if self.rng.random() < 0.68 else "neither"
        words = (PRAISE if feeling == "happy" else SO_SO)[customer.language]
        place = self._place(region, self.rng.choice(THEMES))
        return Answer(at, region, self._body(customer, at, place, feeling, words))

    def _asked_again(self, customer: Customer, at: datetime, region: str, theme: Theme) -> Answer:
        """The company's own survey asks too, and says of whom; one in five is unhappy still."""
        unhappy = self.rng.random() < 0.2
        life = self.author.promised(theme, 4) if unhappy else ()
        answer = (
            self._unhappy(customer, at, region, theme, life)
            if unhappy
            else self._content(customer, at, region)
        )
        context = {**answer.body["context"], "resurvey_of": True}
        return replace(answer, body={**answer.body, "context": context})

    def _place(self, region: str, theme: Theme, trade: str | None = None) -> Place:
        trade = trade or self.rng.choice(theme.trades)
        return Place(region, trade, self.rng.choice(theme.touchpoints))

    def _body(
        self, customer: Customer, at: datetime, place: Place, feeling: str, words: Sequence[str]
    ) -> Json:
        """As the generic survey system sends it."""
        return {
            "response_id": f"demo-{at:%Y%m%d}-{self.rng.randrange(16**8):08x}",
            "survey_id": f"after-{place.touchpoint.replace('_', '-')}",
            "submitted_at": at.isoformat(),
            "metric": place.metric,
            "score": self.rng.choice(SCORES[place.metric, feeling]),
            "comment": self.rng.choice(words),
            "language": customer.language,
            "customer": customer.identity,
            "context": {
                **asdict(place),
                "programme": customer.programme,
                "lot": customer.lot,
                **({"contract": customer.contract} if customer.contract else {}),
            },
        }


def _awake(at: datetime, rng: Random) -> datetime:
    """People answer surveys in the evening rather than at night. In UTC, which is close enough."""
    return at.replace(hour=rng.choice((6, 8, 10, 11, 12, 15, 17, 18, 19, 19, 20)))
