"""Who owns a case after a move: the routing, the ladder or a hand-over decides; never nobody."""

from dataclasses import dataclass, replace
from datetime import datetime

from models.case import ByHand, ByRouting, CaseState, Move, UpTheLadder
from models.ladder import Policy
from models.organisation import Answering, Organisation, answering, on_level
from models.people import Person
from models.tables import CaseRow
from models.timeline import Entry, EntryKind


@dataclass(frozen=True, slots=True)
class Assigned:
    state: CaseState
    entries: tuple[Entry, ...] = ()


def assign(row: CaseRow, move: Move, today: Organisation, policy: Policy, at: datetime) -> Assigned:
    match move.transfer:
        case None:
            return Assigned(move.state)
        case ByRouting():
            return _by_routing(row, move.state, today, policy, at)
        case UpTheLadder(level=level):
            return _up_the_ladder(row, move.state, today, policy, at, level=level)
        case ByHand(person=person):
            return Assigned(replace(move.state, assignee=person, owner=person, level=0))


def _by_routing(
    row: CaseRow, state: CaseState, today: Organisation, policy: Policy, at: datetime
) -> Assigned:
    found = _answering(row, today)
    person = found.person.id
    facts: dict[str, str | int] = {"to": person, "rule": found.rule or 0}
    after = replace(
        state,
        assignee=person,
        owner=person,
        level=0,
        unreachable_after=policy.unreachable_after,
    )
    return Assigned(after, (Entry(EntryKind.ASSIGNED, at, facts=facts),))


def _up_the_ladder(
    row: CaseRow,
    state: CaseState,
    today: Organisation,
    policy: Policy,
    at: datetime,
    *,
    level: int,
) -> Assigned:
    """An empty level, or one where the owner himself stands, is skipped at once and said so."""
    assignee = today.people.get(state.assignee or "") or _answering(row, today).person
    skipped: list[Entry] = []
    last = len(policy.levels) - 1
    for number in range(min(level, last), last + 1):
        post = policy.levels[number].post
        person: Person | None = on_level(today, post, assignee)
        if person is not None and person.id != state.owner:
            handed = Entry(EntryKind.ASSIGNED, at, facts={"to": person.id, "level": number})
            return Assigned(replace(state, owner=person.id, level=number), (*skipped, handed))
        why = "empty" if person is None else "same_person"
        skipped.append(
            Entry(
                EntryKind.LEVEL_SKIPPED,
                at,
                facts={"level": number, "post": str(post), "why": why},
            )
        )
    return Assigned(replace(state, level=last), tuple(skipped))


def _answering(row: CaseRow, today: Organisation) -> Answering:
    return answering(
        today,
        region=row.region,
        trade=row.trade,
        touchpoint=row.touchpoint,
        language=row.language,
    )
