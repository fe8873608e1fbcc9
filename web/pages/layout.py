"""From a case's rows to its page for one reader: ids become names, instants local, secrets absent."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from models.action import Stand
from models.actions import ActKind
from models.case import CaseState, Stage, next_turn
from models.causes import Cause
from models.decision import policy_of
from models.due_reason import DueReason, due_reason
from models.inbox import awaited, next_owner
from models.longest_pause import may_rest
from models.money import Money
from models.organisation import Organisation
from models.people import CaseFacts, Person, Right, may
from models.spelling import plain
from models.store.casebook import circumstances_of
from models.store.views import ActionView, CaseView, EntryView, ResponseView
from models.survey import SCALES
from models.tables import CaseRow
from models.teams import UNLOADED, Loads
from models.timeline import EntryKind
from models.versions import Versions
from models.workday import time_left
from web.accepting import is_own
from web.holders import holds
from web.pages.clocks import clock_of, hold_of
from web.pages.offers import ending_of, offers, outcomes, undo_of, wraps_up
from web.pages.reading import Reading
from web.pages.sheet import (
    ActionLine,
    Answer,
    CauseGroup,
    Choices,
    Due,
    Fact,
    Heir,
    Known,
    Line,
    Resting,
    Score,
    Sheet,
)
from web.permits import may_pause, may_promise


def lay_out(
    view: CaseView, versions: Versions, me: Person, *, now: datetime, loads: Loads = UNLOADED
) -> Sheet:
    """`view` is the case as `me` may read it; `loads` are of those who have a ceiling."""
    zone = ZoneInfo(versions.pinned.hours_of(view.row.region).zone)
    row, state, reading = view.row, view.state, Reading(me, versions, zone, now)
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
        clock=clock_of(view.customer),
        due=_due(view, state, reading) if state else None,
        customer=view.customer if may(me, Right.READ, view.facts) else None,
        sharers=reading.sharers(view.sharers),
        topic=reading.topic(row.topic),
        labels=labels_of(row, reading),
        known=tuple(_known(view, reading)),
        answers=tuple(answer_of(response, reading) for response in view.responses),
        recorded=_recorded(view, state, reading) if state else None,
        undo=undo_of(state, me.id) if state else None,
        ending=ending_of(state) if state else None,
        no_calls_since=_no_calls(view, reading) if may(me, Right.READ, view.facts) else None,
        nowhere=state is not None and state.reach.nowhere,
        cause_id=state.cause if state else None,
        cause=reading.cause(state.cause) if state and state.cause else None,
        actions=tuple(_actions(view, reading)),
        lines=tuple(_lines(view.timeline, reading)),
        reopens=row.reopens,
        acts=_acts(view, state, reading) if state else (),
        resting=_resting(state, reading) if state else None,
        wraps_up=state is not None and may(me, Right.ACT, view.facts) and wraps_up(state),
        takes=_may_take(view.facts, state, me),
        choices=_choices(state, row.owner, reading, loads),
    )


def _actions(view: CaseView, reading: Reading) -> Iterator[ActionLine]:
    state = view.state
    for action in view.actions:
        own = state is not None and is_own(reading.me, action.number, state)
        yield replace(action_line(action, reading), own=own)


def _acts(view: CaseView, state: CaseState, reading: Reading) -> tuple[ActKind, ...]:
    """Those for which the reader has the right: only whose it is says that he takes it, and none rests
    that is stalled, or where the organisation knows no reason.
    """
    if not may(reading.me, Right.ACT, view.facts):
        return ()
    pauses = reading.versions.today.pauses.reasons and may_pause(reading.me, view.row)
    shut = set() if pauses and may_rest(state) else {ActKind.PAUSE}
    if not holds(reading.me, view.row):
        shut.add(ActKind.ACKNOWLEDGE)
    return tuple(kind for kind in offers(state) if kind not in shut)


def _resting(state: CaseState, reading: Reading) -> Resting | None:
    if state.pause is None:
        return None
    return Resting(reading.pause(state.pause.reason), reading.local(state.pause.until))


def action_line(action: ActionView, reading: Reading) -> ActionLine:
    asked = reading.person(action.approver) if action.approver else ""
    owner, now = reading.person(action.owner), reading.local(reading.now)
    line = ActionLine.of(action, owner, now=now, approver=asked)
    to_do = action.stand is Stand.TO_DO
    return replace(line, instead=reading.instead_of(action.owner) if to_do else None)


def _may_take(facts: CaseFacts, state: CaseState | None, me: Person) -> bool:
    """Who may act has the whole form for handing over; this is the way in for the others."""
    running = state is not None and not state.closed
    return running and may(me, Right.TAKE, facts) and not may(me, Right.ACT, facts)


def _due(view: CaseView, state: CaseState, reading: Reading) -> Due | None:
    waiting, turn = awaited(state), next_turn(state)
    if waiting is None or turn is None:
        return None
    heir = next_owner(state, circumstances_of(view.row, reading.versions, reading.now))
    hours = reading.hours_of(waiting.who, region=view.row.region)
    return Due(
        reading.local(waiting.by),
        time_left(hours, reading.now, waiting.by),
        turn.kind,
        reading.person(heir) if heir else None,
        reading.local(waiting.after) if waiting.after and waiting.after == state.again_at else None,
        hold_of(view.row, state, reading, zone=view.customer.zone),
        _why(view, state, reading),
    )


def _why(view: CaseView, state: CaseState, reading: Reading) -> DueReason | None:
    found = circumstances_of(view.row, reading.versions, reading.now)
    why = due_reason(state, policy_of(state, found, reading.versions))
    if why is None:
        return None
    by = reading.local(why.by) if why.by else None
    return replace(why, start=reading.local(why.start), by=by)


def _no_calls(view: CaseView, reading: Reading) -> datetime | None:
    since = view.customer.no_calls_since
    return reading.local(since) if since else None


def labels_of(row: CaseRow, reading: Reading) -> tuple[str, ...]:
    """Region, trade and touchpoint, as far as they are known."""
    today = reading.versions.today
    region = today.regions.get(row.region or "")
    known = (
        region.label if region else {},
        today.trades.get(row.trade or "", {}),
        today.touchpoints.get(row.touchpoint or "", {}),
    )
    given = (row.region, row.trade, row.touchpoint)
    words = (reading.word(label) or raw for label, raw in zip(known, given, strict=True))
    return tuple(filter(None, words))


def answer_of(response: ResponseView, reading: Reading) -> Answer:
    score, metric, who = response.score, response.metric, response.said_by
    given = None if metric is None or score is None else Score(metric, score, *SCALES[metric])
    if who is not None and who.no_calls_since is not None:
        who = replace(who, no_calls_since=reading.local(who.no_calls_since))
    return Answer(
        given,
        reading.local(response.submitted_at),
        response.comment,
        reading.topic(response.topic),
        tuple(response.topic_words),
        response.origin,
        reading.person(response.heard_by) if response.heard_by else None,
        who,
    )


def _known(view: CaseView, reading: Reading) -> Iterator[Known]:
    """Each thing with the newest answer that told it."""
    customer = view.customer
    for name, field, value in (
        ("phone", "phone", customer.phone),
        ("email", "email", customer.email),
        ("file", "id", customer.id),
    ):
        if value:
            yield Known(name, value, reading.local(customer.told_at[field]), given=False)
    said = ((fact, r.submitted_at) for r in reversed(view.responses) for fact in r.facts.items())
    for (name, value), at in dict(said).items():
        yield Known(name, value, reading.local(at))


def _recorded(view: CaseView, state: CaseState, reading: Reading) -> Line | None:
    """The latest attempt, while the reader can take it back."""
    undo = undo_of(state, reading.me.id)
    mine = (e for e in view.timeline if (e.seq, e.kind) == (undo, EntryKind.ATTEMPTED))
    return next((line_of_entry(entry, reading) for entry in mine), None)


def _lines(timeline: Sequence[EntryView], reading: Reading) -> Iterator[Line]:
    """Newest first."""
    undone = {e.facts["seq"] for e in timeline if e.kind is EntryKind.TAKEN_BACK}
    for entry in reversed(timeline):
        taken_back = entry.kind is EntryKind.ATTEMPTED and entry.seq in undone
        yield replace(line_of_entry(entry, reading), undone=taken_back)


def line_of_entry(entry: EntryView, reading: Reading) -> Line:
    facts = {name: _fact(name, value, reading) for name, value in entry.facts.items()}
    words = tuple(entry.words.values())
    return Line(entry.kind, reading.local(entry.at), reading.person(entry.by), facts, words)


def _fact(name: str, value: str | int, reading: Reading) -> Fact:
    match name, value:
        case (("to" | "owner" | "routed" | "for" | "team" | "via"), str()):
            return reading.person(value)
        case "topic", str():
            return reading.topic(value) or value
        case (("cause" | "playbook"), str()):
            return reading.cause(value)
        case "reason", str():
            return reading.pause(value)
        case (("promised" | "until" | "again_at" | "since" | "closed_at"), str()):
            return reading.local(datetime.fromisoformat(value))
        case _:
            return value


def _choices(state: CaseState | None, owner: str | None, reading: Reading, loads: Loads) -> Choices:
    people, versions = _people(reading.versions.today, reading.me), reading.versions
    away = {absence.person for absence in versions.absences}
    sharing = versions.sharing(reading.now, loads, but=owner)
    return Choices(
        people,
        tuple(
            Heir(person, name, full=sharing.is_full(person))
            for person, name in people
            if person not in {owner, *away}
        ),
        tuple(
            (team.id, reading.word(team.label))
            for team in versions.today.teams.values()
            if sharing.is_there(team)
        ),
        tuple(_group(cause, reading) for cause in reading.versions.pinned.causes),
        outcomes(state) if state else (),
        may_promise(reading.me, reading.versions.today, state),
        tuple(sorted(reading.versions.today.may_commit_to_repair)),
        tuple((each, reading.pause(each)) for each in reading.versions.today.pauses.reasons),
        reading.versions.today.currency,
        _limit(reading.versions.today, reading.me),
    )


def _limit(today: Organisation, me: Person) -> Money | None:
    limit = today.gestures.limit_of(me)
    return None if limit is None else Money(limit, today.currency)


def _people(today: Organisation, me: Person) -> tuple[tuple[str, str], ...]:
    """By name, the reader first. An operator sees no customers' words, so he gets no case."""
    people = [p for p in today.people.values() if p.takes_cases]
    people.sort(key=lambda person: (person.id != me.id, plain(person.name)))
    return tuple((person.id, person.name) for person in people)


def _group(cause: Cause, reading: Reading) -> CauseGroup:
    """A branch that must be refined is only the way to what is below it."""
    label = reading.word(cause.label)
    itself = ((cause.id, label),) if cause.nameable else ()
    return CauseGroup(label, (*itself, *_below(cause, reading)))


def _below(cause: Cause, reading: Reading, way: str = "") -> Iterator[tuple[str, str]]:
    for child in cause.children:
        label = way + reading.word(child.label)
        if child.nameable:
            yield child.id, label
        yield from _below(child, reading, f"{label} › ")
