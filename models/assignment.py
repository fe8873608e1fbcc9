"""Who owns a case after a move: the routing, the ladder or a hand-over decides; never nobody."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from models.absence import Absence, ByRoster
from models.case import CaseState, Move
from models.conditions import About
from models.ladder import Policy
from models.levels import Vacancy, standing_on
from models.notices import Audience, Message, Notice
from models.organisation import Answering, Organisation, answering
from models.people import Person
from models.roster import Standing, stand_in
from models.sharing import Pick, Sharing, Way
from models.survey import Origin
from models.teams import UNLOADED, Loads, Team
from models.timeline import Entry, EntryKind
from models.transfers import ByHand, ByRouting, ToTheTop, UpTheLadder


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
    `absences` those that run then, `unreachable` the people whom nothing reaches, `origin` the channel by
    which the customer was first heard, `zone` that of his own clock (None: his region's). `loads` are of
    those who may be picked or warned of.
    """

    about: About
    today: Organisation
    policy: Policy
    at: datetime
    topic: str | None = None
    absences: tuple[Absence, ...] = ()
    origin: Origin = Origin.SURVEY
    loads: Loads = UNLOADED
    unreachable: frozenset[str] = frozenset()
    zone: str | None = None

    @property
    def region(self) -> str | None:
        return self.about.region

    def stand_in(self, person: Person) -> Standing:
        return stand_in(self.today, self.absences, person, self.at)

    def sharing(self, *, but: str | None = None) -> Sharing:
        return Sharing(self.today, self.absences, self.at, self.loads, self.unreachable, but)

    def answering(self) -> "Answers":
        routed = self.routed()
        if isinstance(routed.named, Team):
            pick = self.sharing().pick(routed.named)
            return Answers(pick.person, routed.rule, pick)
        return Answers(routed.named, routed.rule)

    def routed(self) -> Answering:
        return answering(self.today, self.about)


@dataclass(frozen=True, slots=True)
class Answers:
    """Who answers; `pick` says why, where the rule named a team."""

    person: Person
    rule: int | None
    pick: Pick | None = None


def assign(move: Move, found: Circumstances) -> Assigned:
    assigned = _assigned(move, found)
    return replace(assigned, state=_remembering(move, assigned.state))


def _remembering(move: Move, after: CaseState) -> CaseState:
    """Who had the case is told when it climbs on; whom somebody named begins a climb of his own."""
    former = move.state.owner
    if isinstance(move.transfer, ByRouting | ByHand):
        return replace(after, had=())
    if former is None or former in {after.owner, *after.had}:
        return after
    return replace(after, had=(*after.had, former))


def _assigned(move: Move, found: Circumstances) -> Assigned:
    match move.transfer:
        case None:
            return Assigned(move.state)
        case ByRouting():
            return _by_routing(move.state, found)
        case UpTheLadder(level=level):
            return _up_the_ladder(move.state, found, level=level)
        case ByHand(person=named):
            return _by_hand(move.state, found, named)
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
    given = _shared(named, found, answers, rule=answers.rule or 0)
    if given.state.owner not in found.unreachable or not found.policy.last:
        return given
    skip = skipped(found, answers.person, level=0, why=Vacancy.UNREACHABLE)
    higher = _up_the_ladder(named, found, level=1)
    return replace(higher, entries=(skip, *higher.entries))


def _by_hand(state: CaseState, found: Circumstances, named: str) -> Assigned:
    """To a person, above his ceiling or not; of a team, to whom its rule picks. Who has left has an heir."""
    given = replace(state, level=0, raised=False, stands_for=None)
    if team := found.today.teams.get(named):
        pick = found.sharing(but=state.owner).pick(team)
        answers = Answers(pick.person, None, pick)
        return _shared(replace(given, assignee=pick.person.id), found, answers)
    person = found.today.person_or_heir(named) or found.today.national_owner
    full = found.sharing().is_full(person.id)
    passed = (_ceiling_passed(found, person.id),) if full else ()
    return Assigned(replace(given, assignee=person.id, owner=person.id), passed)


def _shared(state: CaseState, found: Circumstances, answers: Answers, **facts: int) -> Assigned:
    """Says by which rule a team came to this person, if it did."""
    pick = answers.pick
    if pick is None:
        return _given(state, found, answers.person, **facts)
    given = _given(state, found, answers.person, **facts, **pick.facts)
    if pick.way is not Way.ABOVE_CEILING:
        return given
    passed = _ceiling_passed(found, pick.person.id, team=pick.asked)
    return replace(given, entries=(*given.entries, passed))


def _ceiling_passed(found: Circumstances, person: str, **facts: str) -> Entry:
    return Entry(EntryKind.CEILING_PASSED, found.at, facts={"to": person, **facts})


def _by_roster(state: CaseState, found: Circumstances) -> Assigned:
    """Who has left without a successor is nobody whose stand-in could be looked for."""
    person = found.today.person_or_heir(whose(state))
    return _given(state, found, person) if person else Assigned(state)


def _given(state: CaseState, found: Circumstances, person: Person, **facts: str | int) -> Assigned:
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
    assignee, last = assignee_of(state, found), found.policy.last
    passed: list[Entry] = []
    person: Person | None = None
    for number in range(min(level, last), last + 1):
        person, why = _on_level(state, found, assignee, level=number)
        if why:
            passed.append(skipped(found, assignee, level=number, why=why))
        if person is not None and why in {None, Vacancy.UNREACHABLE_LAST}:
            given = _given(replace(state, level=number), found, person, level=number)
            return Assigned(given.state, (*passed, *given.entries))
    return Assigned(_kept_on(state, found, person, level=last), tuple(passed))


def assignee_of(state: CaseState, found: Circumstances) -> Person:
    return found.today.person_or_heir(state.assignee or "") or found.answering().person


def skipped(found: Circumstances, assignee: Person, *, level: int, why: Vacancy) -> Entry:
    """`routed` is from whom the levels were seen."""
    facts: dict[str, str | int] = {"level": level, "why": why, "routed": assignee.id}
    return Entry(EntryKind.LEVEL_SKIPPED, found.at, facts=facts | _named(found.policy, level))


def _named(policy: Policy, level: int) -> dict[str, str]:
    """A level in words of the file."""
    named = {"post": policy.level(level).post, "ladder": policy.ladder}
    return {key: word for key, word in named.items() if word}


def _on_level(
    state: CaseState, found: Circumstances, assignee: Person, *, level: int
) -> tuple[Person | None, Vacancy | None]:
    """The first who can take the case; else the first who stands there at all, and why he cannot."""
    people = standing_on(found.today, found.policy.level(level), assignee, found.about)
    if not people:
        return None, Vacancy.EMPTY
    whys = {person.id: _vacancy(state, found, person) for person in people}
    able = next((person for person in people if whys[person.id] is None), None)
    if able is not None:
        return able, None
    if level < found.policy.last:
        return people[0], whys[people[0].id]
    return _on_the_last(state, found, people)


def _on_the_last(
    state: CaseState, found: Circumstances, people: Sequence[Person]
) -> tuple[Person, Vacancy | None]:
    """Above it is nobody: a stand-in will do, and even somebody whom nothing reaches."""
    owners = {person.id: found.stand_in(person).person.id for person in people}
    others = [person for person in people if owners[person.id] != state.owner]
    if not others:
        return people[0], Vacancy.SAME_PERSON
    person = next((p for p in others if owners[p.id] not in found.unreachable), others[0])
    lost = owners[person.id] in found.unreachable
    return person, Vacancy.UNREACHABLE_LAST if lost else None


def _vacancy(state: CaseState, found: Circumstances, person: Person) -> Vacancy | None:
    standing = found.stand_in(person)
    if standing.absence is not None:
        return Vacancy.AWAY
    if person.id == state.owner:
        return Vacancy.SAME_PERSON
    return Vacancy.UNREACHABLE if person.id in found.unreachable else None


def _kept_on(
    state: CaseState, found: Circumstances, highest: Person | None, *, level: int
) -> CaseState:
    """Nobody else stands higher: the case is the owner's own now, or whose place there he takes."""
    after = replace(state, level=level)
    if highest is None and state.owner is None:
        highest = found.today.national_owner
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
    assignee, last = assignee_of(state, found), found.policy.last
    people = standing_on(found.today, found.policy.level(last), assignee, found.about)
    at_top = replace(state, level=last, topic=found.topic, raised=True)
    nobody = replace(at_top, owner=None)
    person, why = _on_the_last(nobody, found, people) if people else (None, Vacancy.EMPTY)
    given = _given(at_top, found, person or found.today.national_owner)
    passed = () if why is None else (_skipped_top(found, assignee, why),)
    raised = Entry(
        EntryKind.ZERO_TOLERANCE,
        found.at,
        facts={
            "topic": found.topic or "",
            "to": given.state.owner or "",
            "routed": assignee.id,
        },
    )
    return Assigned(given.state, (*passed, raised))


def _skipped_top(found: Circumstances, assignee: Person, why: Vacancy) -> Entry:
    facts = {"why": why, "routed": assignee.id, **_named(found.policy, found.policy.last)}
    return Entry(EntryKind.LEVEL_SKIPPED, found.at, facts=facts)
