"""Who owns a case after a move: the routing, the ladder or a hand-over decides; never nobody."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from models.absence import Absence, ByRoster
from models.case import ByHand, ByRouting, CaseState, Move, ToTheTop, UpTheLadder
from models.ladder import Policy
from models.notices import Audience, Message, Notice
from models.organisation import Answering, Organisation, answering, on_level
from models.people import Person
from models.roster import Standing, stand_in
from models.survey import Origin
from models.timeline import Entry, EntryKind


@dataclass(frozen=True, slots=True)
class Assigned:
    """`notices` go out besides those of the move."""

    state: CaseState
    entries: tuple[Entry, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What an assignment depends on besides the move: what the case is about, and who is there today.

    `policy` is the case's own, `at` the instant of the move, `topic` the gravest zero-tolerance one,
    `absences` those that run then, `origin` the channel by which the customer was first heard.
    """

    region: str | None
    trade: str | None
    touchpoint: str | None
    language: str | None
    today: Organisation
    policy: Policy
    at: datetime
    topic: str | None = None
    absences: tuple[Absence, ...] = ()
    origin: Origin = Origin.SURVEY

    def stand_in(self, person: Person) -> Standing:
        return stand_in(self.today, self.absences, person, self.at)

    def answering(self) -> Answering:
        return answering(
            self.today,
            region=self.region,
            trade=self.trade,
            touchpoint=self.touchpoint,
            language=self.language,
        )


def assign(move: Move, found: Circumstances) -> Assigned:
    match move.transfer:
        case None:
            return Assigned(move.state)
        case ByRouting():
            return _by_routing(move.state, found)
        case UpTheLadder(level=level):
            return _up_the_ladder(move.state, found, level=level)
        case ByHand(person=person):
            given = replace(move.state, assignee=person, owner=person, level=0, raised=False)
            return Assigned(replace(given, stands_for=None))
        case ToTheTop():
            return _to_the_top(move.state, found)
        case ByRoster():
            return _by_roster(move.state, found)
        case _:
            assert_never(move.transfer)


def whose(state: CaseState) -> str:
    """Who would have the case if everybody were there."""
    return state.stands_for or state.owner or ""


def _by_routing(state: CaseState, found: Circumstances) -> Assigned:
    """Whoever stands in gets the case; the ladder is seen from him whom the routing named."""
    answers = found.answering()
    calls = found.policy.calls
    reach = replace(state.reach, write_after=calls.write_after)
    reachable = replace(state, unreachable_after=calls.at_most, reach=reach)
    named = replace(reachable, assignee=answers.person.id, level=0)
    if found.topic:
        return _start_at_the_top(named, found)
    return _given(named, found, answers.person, rule=answers.rule or 0)


def _by_roster(state: CaseState, found: Circumstances) -> Assigned:
    """Who has left without a successor is nobody whose stand-in could be looked for."""
    person = found.today.person_or_heir(whose(state))
    return _given(state, found, person) if person else Assigned(state)


def _given(state: CaseState, found: Circumstances, person: Person, **facts: int) -> Assigned:
    """To this person, or to who stands in for him."""
    standing = found.stand_in(person)
    absence, owner = standing.absence, standing.person.id
    told: dict[str, str | int] = {"to": owner, **facts}
    if absence is not None:
        told |= {"for": person.id, "broken": int(standing.broken)}
    waits = absence is not None and absence.gives_back
    after = replace(state, owner=owner, stands_for=person.id if waits else None)
    return Assigned(after, (Entry(EntryKind.ASSIGNED, found.at, facts=told),))


def _up_the_ladder(state: CaseState, found: Circumstances, *, level: int) -> Assigned:
    """A level that cannot take the case is skipped at once, and said so."""
    assignee = found.today.person_or_heir(state.assignee or "") or found.answering().person
    skipped: list[Entry] = []
    person, last = None, len(found.policy.levels) - 1
    for number in range(min(level, last), last + 1):
        post = found.policy.levels[number].post
        person = on_level(found.today, post, assignee)
        why = _why_skipped(state, found, person, highest=number == last)
        if person is not None and why is None:
            given = _given(replace(state, level=number), found, person, level=number)
            return Assigned(given.state, (*skipped, *given.entries))
        skip = Entry(
            EntryKind.LEVEL_SKIPPED,
            found.at,
            facts={"level": number, "post": post, "why": why or "empty"},
        )
        skipped.append(skip)
    return Assigned(_kept_on(state, found, person, level=last), tuple(skipped))


def _kept_on(
    state: CaseState, found: Circumstances, highest: Person | None, *, level: int
) -> CaseState:
    """Nobody else stands higher: the case is the owner's own now, or whose place there he takes."""
    after = replace(state, level=level)
    return _given(after, found, highest).state if highest else after


def _start_at_the_top(state: CaseState, found: Circumstances) -> Assigned:
    """Whom the routing named is told that somebody else has his case."""
    top = _to_the_top(state, found)
    if top.state.owner == state.assignee:
        return top
    return replace(top, notices=(Notice(Message.STARTS_ABOVE, Audience.ASSIGNEE),))


def _to_the_top(state: CaseState, found: Circumstances) -> Assigned:
    """Where nobody stands on the last level today, the national owner does: never nobody.

    No entry names a level: nobody climbed there, and figures count those who did.
    """
    assignee = found.today.person_or_heir(state.assignee or "") or found.answering().person
    post = found.policy.levels[-1].post
    person = on_level(found.today, post, assignee)
    at_top = replace(state, level=len(found.policy.levels) - 1, topic=found.topic, raised=True)
    given = _given(at_top, found, person or found.today.national_owner)
    skipped = Entry(EntryKind.LEVEL_SKIPPED, found.at, facts={"post": post, "why": "empty"})
    raised = Entry(
        EntryKind.ZERO_TOLERANCE,
        found.at,
        facts={
            "topic": found.topic or "",
            "to": given.state.owner or "",
            "routed": assignee.id,
        },
    )
    return Assigned(given.state, (raised,) if person else (skipped, raised))


def _why_skipped(
    state: CaseState, found: Circumstances, person: Person | None, *, highest: bool
) -> str | None:
    """Nobody is there, or the owner himself. Above the highest level is nobody: there a stand-in will do."""
    if person is None:
        return "empty"
    standing = found.stand_in(person)
    if standing.absence is not None and not highest:
        return "away"
    return "same_person" if standing.person.id == state.owner else None
