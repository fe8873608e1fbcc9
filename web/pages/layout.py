"""From a case's rows to its page for one reader: ids become names, instants local, secrets absent."""

from dataclasses import dataclass, replace
from datetime import datetime
from unicodedata import normalize
from zoneinfo import ZoneInfo

from models.case import CaseState, Stage
from models.organisation import Cause, Label, Organisation
from models.people import CaseFacts, Person, Right, may
from models.store.organisations import Versions
from models.store.views import ActionView, CaseView, EntryView, ResponseView
from models.survey import SCALES, Metric
from web.pages.offers import offers, outcomes
from web.pages.sheet import Answer, Choices, Due, Fact, Line, Promise, Sheet


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads, and what turns ids and instants into his words."""

    me: Person
    versions: Versions
    zone: ZoneInfo
    now: datetime

    def word(self, label: Label) -> str:
        return label.get(self.me.language) or next(iter(label.values()), "")

    def person(self, person: str) -> str:
        """The bare id of who has left, and of `customer` and `system`, for which the page has words."""
        known = self.versions.today.people.get(person)
        return known.name if known else person

    def cause(self, cause: str) -> str:
        labels = {c.id: c.label for c in self.versions.pinned.walk_causes()}
        return self.word(labels.get(cause, {})) or cause

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)


def lay_out(view: CaseView, versions: Versions, me: Person, *, now: datetime) -> Sheet:
    """For a reader who may read the case, be it anonymously."""
    zone = ZoneInfo(versions.pinned.hours_of(view.row.region).zone)
    whole = _whole(view, Reading(me, versions, zone, now))
    return whole if may(me, Right.READ, view.facts) else _anonymous(whole)


def _whole(view: CaseView, reading: Reading) -> Sheet:
    row, state, me = view.row, view.state, reading.me
    return Sheet(
        case_id=row.id,
        organisation=reading.versions.today.name,
        stage=Stage(row.stage),
        outcome=row.outcome,
        confirmation=row.confirmation,
        owner=reading.person(row.owner) if row.owner else None,
        me=me.id,
        mine=row.owner == me.id,
        now=reading.local(reading.now),
        due=_due(state, reading) if state else None,
        customer=view.customer,
        labels=_labels(view, reading),
        answers=tuple(_answer(response, reading) for response in view.responses),
        cause=reading.cause(state.cause) if state and state.cause else None,
        promises=tuple(_promise(action, reading) for action in view.actions),
        lines=tuple(_line(entry, reading) for entry in reversed(view.timeline)),
        reopens=row.reopens,
        acts=offers(state) if state and may(me, Right.ACT, view.facts) else (),
        takes=_may_take(view.facts, state, me),
        choices=_choices(state, row.owner, reading),
    )


def _anonymous(whole: Sheet) -> Sheet:
    return replace(
        whole,
        customer=None,
        answers=tuple(replace(a, comment=None, facts={}) for a in whole.answers),
        promises=tuple(replace(p, what="") for p in whole.promises),
        lines=tuple(replace(line, words=()) for line in whole.lines),
        reopens=None,
    )


def _may_take(facts: CaseFacts, state: CaseState | None, me: Person) -> bool:
    """Who may act has the whole form for handing over; this is the way in for the others."""
    running = state is not None and not state.closed
    return running and may(me, Right.TAKE, facts) and not may(me, Right.ACT, facts)


def _due(state: CaseState, reading: Reading) -> Due | None:
    """In repair the date that was promised first; else when the awaited is missed."""
    if not state.rungs:
        return None
    last = state.rungs[-1]
    promised = [action.due for action in state.open_actions]
    at = min(promised) if promised and state.stage is Stage.REPAIRING else last.at
    return Due(reading.local(at), last.kind)


def _labels(view: CaseView, reading: Reading) -> tuple[str, ...]:
    today, row = reading.versions.today, view.row
    region = today.regions.get(row.region or "")
    known = (
        region.label if region else {},
        today.trades.get(row.trade or "", {}),
        today.touchpoints.get(row.touchpoint or "", {}),
    )
    given = (row.region, row.trade, row.touchpoint)
    words = (reading.word(label) or raw for label, raw in zip(known, given, strict=True))
    return tuple(word for word in words if word)


def _answer(response: ResponseView, reading: Reading) -> Answer:
    metric = Metric(response.metric)
    low, high = SCALES[metric]
    at = reading.local(response.submitted_at)
    name = metric.upper()
    return Answer(name, response.score, low, high, at, response.comment, response.facts)


def _promise(action: ActionView, reading: Reading) -> Promise:
    done = reading.local(action.done_at) if action.done_at else None
    late = (action.done_at or reading.now) > action.due
    owner = reading.person(action.owner)
    return Promise(action.number, action.what, owner, reading.local(action.due), done, late)


def _line(entry: EntryView, reading: Reading) -> Line:
    facts = {name: _fact(name, value, reading) for name, value in entry.facts.items()}
    words = tuple(entry.words.values())
    return Line(entry.kind, reading.local(entry.at), reading.person(entry.by), facts, words)


def _fact(name: str, value: str | int, reading: Reading) -> Fact:
    match name, value:
        case (("to" | "owner"), str()):
            return reading.person(value)
        case "cause", str():
            return reading.cause(value)
        case (("promised" | "until"), str()):
            return reading.local(datetime.fromisoformat(value))
        case _:
            return value


def _choices(state: CaseState | None, owner: str | None, reading: Reading) -> Choices:
    people = _people(reading.versions.today, reading.me)
    return Choices(
        people,
        tuple((person, name) for person, name in people if person != owner),
        tuple(_tree(reading.versions.pinned.causes, reading)),
        outcomes(state) if state else (),
    )


def _people(today: Organisation, me: Person) -> tuple[tuple[str, str], ...]:
    """By name, the reader first. An operator sees no customers' words, so he gets no case."""
    people = [p for p in today.people.values() if p.takes_cases]
    in_order = sorted(people, key=lambda p: (p.id != me.id, normalize("NFKD", p.name).casefold()))
    return tuple((person.id, person.name) for person in in_order)


def _tree(
    causes: tuple[Cause, ...], reading: Reading, depth: int = 0
) -> list[tuple[str, str, int]]:
    tree = []
    for cause in causes:
        tree.append((cause.id, reading.word(cause.label), depth))
        tree += _tree(cause.children, reading, depth + 1)
    return tree
