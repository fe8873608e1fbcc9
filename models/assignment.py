"""Who owns a case after a move: the routing, the ladder or a hand-over decides; never nobody."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from models.case import (
    Audience,
    ByHand,
    ByRouting,
    CaseState,
    Message,
    Move,
    Notice,
    ToTheTop,
    UpTheLadder,
)
from models.ladder import Policy
from models.organisation import Answering, Organisation, answering, on_level
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

    `policy` is the case's own, `at` the instant of the move, `topic` the gravest zero-tolerance one.
    """

    region: str | None
    trade: str | None
    touchpoint: str | None
    language: str | None
    today: Organisation
    policy: Policy
    at: datetime
    topic: str | None = None

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
            return Assigned(given)
        case ToTheTop():
            return _to_the_top(move.state, found)
        case _:
            assert_never(move.transfer)


def _by_routing(state: CaseState, found: Circumstances) -> Assigned:
    answers = found.answering()
    person, rule = answers.person.id, answers.rule or 0
    calls = found.policy.calls
    reach = replace(state.reach, write_after=calls.write_after)
    named = replace(state, unreachable_after=calls.at_most, reach=reach)
    after = replace(named, assignee=person, owner=person, level=0)
    if found.topic:
        return _start_at_the_top(after, found)
    return Assigned(
        after, (Entry(EntryKind.ASSIGNED, found.at, facts={"to": person, "rule": rule}),)
    )


def _up_the_ladder(state: CaseState, found: Circumstances, *, level: int) -> Assigned:
    """An empty level, or one where the owner himself stands, is skipped at once and said so."""
    assignee = found.today.people.get(state.assignee or "") or found.answering().person
    skipped: list[Entry] = []
    last = len(found.policy.levels) - 1
    for number in range(min(level, last), last + 1):
        post = found.policy.levels[number].post
        person = on_level(found.today, post, assignee)
        if person is not None and person.id != state.owner:
            handed = Entry(EntryKind.ASSIGNED, found.at, facts={"to": person.id, "level": number})
            return Assigned(replace(state, owner=person.id, level=number), (*skipped, handed))
        why = "empty" if person is None else "same_person"
        skip = Entry(
            EntryKind.LEVEL_SKIPPED, found.at, facts={"level": number, "post": post, "why": why}
        )
        skipped.append(skip)
    return Assigned(replace(state, level=last), tuple(skipped))


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
    assignee = found.today.people.get(state.assignee or "") or found.answering().person
    post = found.policy.levels[-1].post
    person = on_level(found.today, post, assignee)
    owner = (person or found.today.national_owner).id
    skipped = Entry(EntryKind.LEVEL_SKIPPED, found.at, facts={"post": post, "why": "empty"})
    raised = Entry(
        EntryKind.ZERO_TOLERANCE,
        found.at,
        facts={"topic": found.topic or "", "to": owner, "routed": assignee.id},
    )
    last = len(found.policy.levels) - 1
    after = replace(state, owner=owner, level=last, topic=found.topic, raised=True)
    return Assigned(after, (raised,) if person else (skipped, raised))
