"""The rules in force in plain sentences, each with what it is good for in the customer's eyes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from models.actions import Outcome
from models.causes import Doer, Suggestion, walk, way_to
from models.labels import Label
from models.ladder import Level, Post, Span, Target
from models.money import Money
from models.organisation import Ladder, Organisation, Route, named_by, word
from models.people import Role, Room, rooms_of
from models.rules import Rule, Section, rules_of, without_playbook
from models.survey import Metric, Origin
from models.teams import Share, Team
from web.provided import InHouse
from web.rendering import InPages
from web.visitors import InAccount

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Sharing:
    """`heir` is who is asked when nobody of the team can take a case, "" where the file names nobody."""

    name: str
    members: tuple[str, ...]
    share: Share
    ceiling: int | None
    heir: str


@dataclass(frozen=True, slots=True)
class Routing:
    where: str
    language: str | None
    to: str


@dataclass(frozen=True, slots=True)
class Targets:
    """`by_origin` has those that differ by the channel on which a customer was heard."""

    lengths: Mapping[Target, Span]
    by_origin: Mapping[Origin, Mapping[Target, Span]]


@dataclass(frozen=True, slots=True)
class Step:
    number: str
    post: Post
    remind_at: tuple[float, ...]
    repeat_every: Span | None
    targets: Mapping[Target, Span]


@dataclass(frozen=True, slots=True)
class Apart:
    """Which cases have a ladder of their own."""

    where: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Calling:
    spacing: Span
    at_most: int
    write_after: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Resting:
    """`reason` is "" where it is the rule for all pauses of a case together."""

    reason: str
    longest: Span


@dataclass(frozen=True, slots=True)
class Thresholds:
    up_to: Mapping[Metric, int]


@dataclass(frozen=True, slots=True)
class Topic:
    name: str
    targets: Mapping[Target, Span]
    at_once: bool


@dataclass(frozen=True, slots=True)
class Authority:
    """`limits` are what a gesture of each role may cost, None is no limit; none where nobody has one."""

    roles: tuple[Role, ...]
    limits: Mapping[Role, Money | None]
    review_share: float


@dataclass(frozen=True, slots=True)
class Asking:
    """Lengths are days of the calendar."""

    after: timedelta
    outcomes: tuple[Outcome, ...]
    at_most_every: timedelta


Facts: TypeAlias = (
    Sharing
    | Routing
    | Targets
    | Step
    | Apart
    | Calling
    | Resting
    | Thresholds
    | Topic
    | Authority
    | Asking
)


@dataclass(frozen=True, slots=True)
class RuleLine:
    """What a sentence needs to say of a rule; `raises` is "" where the file does not say it."""

    section: Section
    facts: Facts
    raises: str


@dataclass(frozen=True, slots=True)
class PlaybookLine:
    """`cause` is the way to it; `actions` are what is suggested and who usually does it."""

    cause: str
    briefing: str
    raises: str
    actions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Speech:
    """The organisation in one reader's language."""

    today: Organisation
    language: str

    def word(self, label: Label | None) -> str:
        return word(label or {}, self.language)

    def way(self, cause: str) -> str:
        way = way_to(self.today.causes, cause)
        return " › ".join(self.word(each.label) for each in way)

    def where(self, about: Route | Ladder) -> str:
        """Its conditions but the language, "" where it has none."""
        labels = (
            self.today.region_labels().get(about.region or ""),
            self.today.trades.get(about.trade or ""),
            self.today.touchpoints.get(about.touchpoint or ""),
        )
        return ", ".join(filter(None, map(self.word, labels)))

    def name(self, id_: str) -> str:
        """Of a person or a team."""
        if team := self.today.teams.get(id_):
            return self.word(team.label)
        known = self.today.people.get(id_)
        return known.name if known else ""

    def doer(self, suggestion: Suggestion) -> str:
        """By name; whoever has the case has none."""
        if suggestion.doer is Doer.TRADE:
            return self.word(self.today.trades[suggestion.name])
        return self.name(suggestion.name)


@router.get("/rules")
async def show_rules(me: InAccount, house: InHouse, pages: InPages) -> HTMLResponse:
    async with house.database.read() as session:
        in_force = await house.book.in_force(session)
    speech = Speech(in_force.organisation, me.language)
    rules = tuple(_line(rule, speech) for rule in rules_of(speech.today))
    return pages.answer(
        "rules.html",
        me.language,
        me=me,
        here=Room.ACCOUNT if Room.INBOX not in rooms_of(me) else Room.INBOX,
        number=in_force.number,
        sections={s: [rule for rule in rules if rule.section is s] for s in Section},
        playbooks=tuple(_playbooks(speech)),
        bare=tuple(speech.way(cause) for cause in without_playbook(speech.today)),
    )


def _line(rule: Rule, speech: Speech) -> RuleLine:
    return RuleLine(rule.section, _facts(rule, speech), speech.word(rule.raises))


def _facts(rule: Rule, speech: Speech) -> Facts:
    today = speech.today
    match rule.section:
        case Section.TEAMS:
            return _sharing(today.teams[rule.name], speech)
        case Section.ROUTING:
            return _routing(today.routes[int(rule.name) - 1], speech)
        case Section.TARGETS:
            return Targets(today.policy.targets, today.policy.by_origin)
        case Section.LADDER:
            return _step(rule.name, today.policy.levels[int(rule.name) - 1])
        case Section.LADDERS:
            return _apart(rule.name, speech)
        case Section.CALLS:
            calls = today.policy.calls
            return Calling(Span(time=calls.spacing), calls.at_most, calls.write_after)
        case Section.PAUSES:
            return _resting(rule.name, speech)
        case Section.THRESHOLDS:
            return Thresholds(today.unhappy_up_to)
        case Section.ZERO_TOLERANCE:
            topic = today.topics[rule.name]
            return Topic(speech.word(topic.label), topic.targets, topic.at_once)
        case Section.AUTHORITY:
            return _authority(today)
        case Section.RESURVEY:
            return _asking(today)


def _sharing(team: Team, speech: Speech) -> Sharing:
    members = tuple(speech.name(member) for member in team.members)
    heir = speech.name(team.overflow or "")
    return Sharing(speech.word(team.label), members, team.share, team.ceiling, heir)


def _authority(today: Organisation) -> Authority:
    rules = today.gestures
    limits = {
        role: None if cents is None else Money(cents, today.currency)
        for role, cents in rules.limits.items()
    }
    return Authority(tuple(sorted(today.may_commit_to_repair)), limits, rules.review_share)


def _routing(route: Route, speech: Speech) -> Routing:
    named = named_by(speech.today, route)
    return Routing(speech.where(route), route.language, speech.name(named.id))


def _step(number: str, level: Level) -> Step:
    return Step(number, level.post, level.remind_at, level.repeat_every, level.targets)


def _apart(name: str, speech: Speech) -> Apart | Step:
    id_, _, number = name.partition(".")
    ladder = next(each for each in speech.today.ladders if each.id == id_)
    if number:
        return _step(number, ladder.levels[int(number) - 1])
    return Apart(speech.where(ladder), ladder.language)


def _resting(name: str, speech: Speech) -> Resting:
    pauses = speech.today.pauses
    if not name:
        return Resting("", pauses.longest_in_all)
    reason = pauses.reasons[name]
    return Resting(speech.word(reason.label), reason.longest)


def _asking(today: Organisation) -> Asking:
    policy = today.resurvey
    if policy is None:
        raise LookupError("There is such a rule only where the file has the section.")
    return Asking(policy.after, tuple(sorted(policy.outcomes)), policy.at_most_every)


def _playbooks(speech: Speech) -> Iterator[PlaybookLine]:
    for cause in walk(speech.today.causes):
        playbook = cause.playbook
        if playbook is not None:
            yield PlaybookLine(
                speech.way(cause.id),
                speech.word(playbook.briefing),
                speech.word(playbook.raises),
                tuple((speech.word(s.what), speech.doer(s)) for s in playbook.suggestions),
            )
