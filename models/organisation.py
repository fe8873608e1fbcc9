"""One applied version of the organisation: regions, people, routing, policy, sources, causes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import time, timedelta
from types import MappingProxyType
from typing import NamedTuple

from models.authority import UNLIMITED, GestureRules
from models.causes import Cause, walk
from models.conditions import About, fits
from models.fallback import PATIENCE
from models.labels import Label
from models.ladder import Level, Policy
from models.mappings import Source
from models.money import EURO
from models.opening_hours import OpeningHours, Window
from models.pauses import PausePolicy
from models.people import Person, Role
from models.recognition import Recognition
from models.resurvey_policy import ResurveyPolicy
from models.spelling import plain
from models.survey import Metric, Origin, SurveyResponse
from models.teams import Team
from models.topics import Match, Topic, gravest

SPOKEN = ("en", "fr")
"""The languages of our pages and weekly letters."""
WRITTEN = ("de", "en", "es", "fr", "it")
"""The languages of our messages: `templates/messages` has a folder for each."""


def page_language(language: str) -> str:
    """Of who is written to in a language in which there are no pages."""
    return language if language in SPOKEN else SPOKEN[0]


def word(label: Label, language: str) -> str:
    """In another language where `language` is missing; an empty label has no word."""
    return label.get(language) or next(iter(label.values()), "")


CALLED: Mapping[int, tuple[Window, ...]] = MappingProxyType(
    dict.fromkeys(range(1, 6), (Window(time(10), time(13)), Window(time(14), time(20))))
)
"""When customers are called unless the file says otherwise, by ISO weekday."""


@dataclass(frozen=True, slots=True)
class Region:
    """Whoever answers for its `neighbours` may help out, the first one first."""

    id: str
    label: Label
    hours: OpeningHours
    neighbours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """A rule of the routing table: it matches where each of its conditions is None or equal.

    `to` is the id of a person or of a team.
    """

    to: str
    region: str | None = None
    trade: str | None = None
    touchpoint: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """The levels of the cases that fit its conditions, as a rule of the routing table has them."""

    id: str
    levels: tuple[Level, ...]
    region: str | None = None
    trade: str | None = None
    touchpoint: str | None = None
    language: str | None = None


COMMIT_TO_REPAIR = frozenset({Role.DIRECTOR, Role.NATIONAL_OWNER})
"""Whose word binds the company for years, where its file does not say it."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """The zero-tolerance `topics` stand in order of gravity."""

    name: str
    motto: Label
    languages: tuple[str, ...]
    head_office: OpeningHours
    regions: Mapping[str, Region]
    trades: Mapping[str, Label]
    touchpoints: Mapping[str, Label]
    people: Mapping[str, Person]
    routes: tuple[Route, ...]
    policy: Policy
    causes: tuple[Cause, ...]
    sources: Mapping[str, Source]
    unhappy_up_to: Mapping[Metric, int]
    topics: Mapping[str, Topic] = field(default_factory=dict)
    call_week: Mapping[int, tuple[Window, ...]] = field(default_factory=lambda: CALLED)
    successors: Mapping[str, str] = field(default_factory=dict)
    """Who got the cases of whom, when he left."""
    may_commit_to_repair: frozenset[Role] = COMMIT_TO_REPAIR
    gestures: GestureRules = UNLIMITED
    pauses: PausePolicy = field(default_factory=PausePolicy)
    teams: Mapping[str, Team] = field(default_factory=dict)
    currency: str = EURO
    ladders: tuple[Ladder, ...] = ()
    """Besides that of the `policy`, which is for the cases that fit none of these."""
    reasons: Mapping[str, Label] = field(default_factory=dict)
    """How a rule raises the customer's satisfaction, by its place in the file: `routing.1`."""
    resurvey: ResurveyPolicy | None = None
    """None: nobody is asked again."""
    recognition: Recognition = field(default_factory=Recognition)
    transliterate: bool = True
    """Whether a text message is spelt in the short alphabet where it can be."""
    fallback_after: timedelta = PATIENCE
    """How long a text message to a colleague may be on its way until he is told by mail, on the clock."""

    def policy_for(self, about: About) -> Policy:
        """The first ladder that fits is the case's."""
        found = next((ladder for ladder in self.ladders if fits(ladder, about)), None)
        return replace(self.policy, levels=found.levels, ladder=found.id) if found else self.policy

    def speaks(self, language: str | None) -> str:
        """To whom speaks `language`: that one, or our first where it is none of ours."""
        return language if language in self.languages else self.languages[0]

    def hours_of(self, region: str | None) -> OpeningHours:
        """The region's hours; the head office's where the region is unknown."""
        known = self.regions.get(region or "")
        return known.hours if known else self.head_office

    def calling_hours(self, region: str | None, zone: str | None = None) -> OpeningHours:
        """When a customer of the region whose clock is that of `zone` is called; None is the region's.

        Never on a public holiday of the region, be it worked or not.
        """
        hours = self.hours_of(region)
        return OpeningHours(zone or hours.zone, self.call_week, hours.closed | hours.public)

    def region_labels(self) -> Mapping[str, Label]:
        return {region.id: region.label for region in self.regions.values()}

    def topic_labels(self) -> Mapping[str, Label]:
        return {topic.id: topic.label for topic in self.topics.values()}

    def person_or_heir(self, person: str) -> Person | None:
        """Or who took over from him; None for somebody who left without a successor."""
        return self.people.get(self.successors.get(person, person))

    @property
    def national_owner(self) -> Person:
        """An organisation without one is refused when it is read."""
        return next(p for p in self.people.values() if p.role is Role.NATIONAL_OWNER)

    def cause_ids(self) -> Iterator[str]:
        """Those that may be named: the leaves, and each branch at which a director may stop."""
        for cause in self.walk_causes():
            if cause.nameable:
                yield cause.id

    def walk_causes(self) -> Iterator[Cause]:
        return walk(self.causes)


def known_as(sent: str | None, labels: Mapping[str, Label]) -> str | None:
    """The id that was meant by an id or a label, whatever its case and accents; else as it was sent."""
    if sent is None or sent in labels:
        return sent
    for known, label in labels.items():
        if _solid(sent) in {_solid(known), *map(_solid, label.values())}:
            return known
    return sent


class Belonging(NamedTuple):
    """Where a response belongs, by our ids where we know what was meant."""

    region: str | None
    trade: str | None
    touchpoint: str | None


def belonging(response: SurveyResponse, today: Organisation) -> Belonging:
    return Belonging(
        known_as(response.region, today.region_labels()),
        known_as(response.trade, today.trades),
        known_as(response.touchpoint, today.touchpoints),
    )


def origin_of(response: SurveyResponse, source: str, today: Organisation) -> Origin:
    """As the answer says, else its source; a source that is gone was a survey system."""
    known = today.sources.get(source)
    return response.origin or (known.channel if known else Origin.SURVEY)


def topic_match(response: SurveyResponse, today: Organisation) -> Match | None:
    """The gravest zero-tolerance topic of what the customer wrote, or the survey named."""
    named = known_as(response.topic, today.topic_labels())
    return gravest(today.topics, response.comment, named=named)


def _solid(word: str) -> str:
    """`Île-de-France` and `ile_de_france` are the same word."""
    return plain(word).replace(" ", "")


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers, and which rule said so (its place in the table, or None: the national owner)."""

    named: Person | Team
    rule: int | None


def answering(organisation: Organisation, about: About) -> Answering:
    """The first matching rule decides; where none matches the national owner answers: never nobody.

    A rule that names an operator is passed over: he takes no cases.
    """
    for number, route in enumerate(organisation.routes, start=1):
        named = named_by(organisation, route)
        if fits(route, about) and (isinstance(named, Team) or named.takes_cases):
            return Answering(named, number)
    return Answering(organisation.national_owner, None)


def named_by(organisation: Organisation, route: Route) -> Person | Team:
    return organisation.teams.get(route.to) or organisation.people[route.to]
