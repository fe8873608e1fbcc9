"""What holds of a case whatever happened: after every event, and of the event that brought it there.

Said in other words than the code says it, from the state, the event and who is there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from models.action import Action
from models.actions import Attempt, CallMe, Close, Confirm, Contact, FinishAction, Outcome, TakeBack
from models.assignment import Circumstances
from models.attempts import in_vain
from models.case import Acted, CaseState, Event, HeardAgain, Move, Opened, Silence, Stage, next_turn
from models.deadlines import ATTEMPT, CLOSURE, deadline_of
from models.decision import Decided
from models.handling import AcceptAction
from models.hours import between
from models.ladder import Rung, RungKind, Subject, Watch
from models.notices import Audience
from models.opening_hours import OpeningHours
from models.revisions import Change
from models.timeline import CUSTOMER, Entry, EntryKind
from models.transfers import ByHand, ByRouting, UpTheLadder
from models.versions import Versions
from models.workday import hours_at_work

INSTANT = timedelta(seconds=1)
BY_THE_LADDER = frozenset({RungKind.HAND_UP, RungKind.REPEAT, RungKind.CLOSE_UNCONFIRMED})


@dataclass(frozen=True, slots=True)
class Step:
    """An event that was taken: the case before it, what the move said and what the commit came to."""

    before: CaseState
    event: Event
    move: Move
    decided: Decided
    found: Circumstances
    versions: Versions

    @property
    def after(self) -> CaseState:
        return self.decided.state

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.decided.entries

    def hours(self, person: str | None) -> OpeningHours:
        pinned, today = self.versions.pinned, self.versions.today
        return hours_at_work(pinned, today, person, region=self.found.region)


def check_state(state: CaseState, found: Circumstances) -> None:
    instants = [rung.at for rung in state.rungs]
    assert instants == sorted(instants)
    assert state.level >= 0
    if state.closed:
        assert (state.outcome is not None, state.rungs, state.deadlines) == (True, (), ())
        assert (state.pause, state.stalled_since) == (None, None)
        return
    owner = found.today.people[state.owner or ""]
    assert owner.takes_cases
    standing = found.stand_in(owner)
    assert standing.person is owner or standing.broken
    assert next_turn(state) is not None
    assert state.stage is _stage(state)
    assert set(_promised(state)) <= set(state.rungs)
    _rests_or_not(state)
    _watches_the_work_of_others(state)


def check_step(step: Step) -> None:
    before, after, event = step.before, step.after, step.event
    assert after.seq == before.seq + 1
    assert step.entries
    assert {entry.at for entry in step.entries} == {event.at}
    assert not before.closed
    assert (before.seq == 0) is isinstance(event, Opened)
    _was_allowed(step)
    _tells_who_had_it(step)
    _wakes_and_moves(step)
    match event:
        case Acted(act=TakeBack()):
            return
        case Silence():
            _climbed(step)
    _laid_well(step)
    _shared_well(step)
    _gave_the_rest_back(step)


def _stage(state: CaseState) -> Stage:
    """Where the facts put it; before the contact it is taken, or not yet."""
    if state.reached_at is None:
        assert state.stage in {Stage.ASKED, Stage.ACKNOWLEDGED}
        return state.stage
    if state.cause is None:
        return Stage.CONTACTED
    if any(_is_open(action) for action in state.actions):
        return Stage.REPAIRING
    done = any(a.done_at and a.round == state.round for a in state.actions)
    return Stage.CONFIRMING if done else Stage.UNDERSTOOD


def _is_open(action: Action) -> bool:
    return action.dropped_at is None and (action.done_at is None or action.to_accept)


def _is_to_do(action: Action) -> bool:
    return action.dropped_at is None and action.done_at is None


def _promised(state: CaseState) -> Iterator[Rung]:
    """The rung of each promise that can still be kept."""
    for action in state.actions:
        if action.promise and _is_to_do(action) and action.broken_at is None:
            yield Rung(RungKind.BREAK, action.due)


def _rests_or_not(state: CaseState) -> None:
    """While it rests nothing of ours is due, but the end of its rest is."""
    ends = [rung.at for rung in state.rungs if rung.kind is RungKind.RESUME]
    assert ends == ([state.pause.until] if state.pause else [])
    if state.pause is not None:
        assert not [
            rung for rung in state.rungs if rung.kind in BY_THE_LADDER and not rung.of_action
        ]


def _watches_the_work_of_others(state: CaseState) -> None:
    """Whoever has an action on somebody else's case hears of it until it is done; nobody else does."""
    others = {a.number for a in state.actions if _is_to_do(a) and a.owner != state.owner}
    rings = {rung.watch.number for rung in state.rungs if rung.of_action and rung.watch}
    of_action = {d.watch.number for d in state.deadlines if d.watch.subject is Subject.ACTION}
    unbroken = {a.number for a in state.actions if a.promise and a.broken_at is None}
    assert of_action == others
    assert rings <= others
    assert others - rings <= unbroken


def _was_allowed(step: Step) -> None:
    before, event, after = step.before, step.event, step.after
    match event:
        case Acted(act=Attempt(channel=Contact.PHONE, inbound=False), by=by) if by != CUSTOMER:
            assert before.reach.no_calls_since is None
        case Acted(act=AcceptAction(number=number), by=by):
            action = after.actions[number - 1]
            assert (action.to_accept, action.accepted_by) == (False, by)
            assert by != action.done_by or by == before.owner
        case Acted(act=FinishAction(number=number, settled=False), by=by):
            assert after.actions[number - 1].to_accept is (by != before.owner)
        case Acted(act=Close(outcome=outcome, referral=referral)) if referral is not None:
            assert outcome is Outcome.RECOVERED
        case Acted(act=Confirm(solved=solved, referral=referral)) if referral is not None:
            assert solved
        case HeardAgain(change=Change.WITHDRAWN):
            assert after.round == before.round
        case HeardAgain(change=Change.BETTER):
            assert (after.round, after.closed) == (before.round, False)
        case HeardAgain(change=Change.ALL_WITHDRAWN):
            assert after.closed
        case HeardAgain(new_phone=True):
            assert not after.reach.wrong_number
        case _:
            pass
    if after.closed:
        _has_grounds(step)


def _has_grounds(step: Step) -> None:
    before, after = step.before, step.after
    match step.event:
        case Silence(rung=rung):
            assert rung.kind is RungKind.CLOSE_UNCONFIRMED
        case Acted(act=act):
            assert isinstance(act, Close | Confirm)
        case HeardAgain(change=change):
            assert change is Change.ALL_WITHDRAWN
            assert after.outcome is Outcome.WITHDRAWN
        case _:
            raise AssertionError(step.event)
    lesson = before.reached_at is not None and before.cause is not None
    all_done = not any(_is_open(action) for action in before.actions)
    match after.outcome:
        case Outcome.RECOVERED:
            done = [a for a in before.actions if a.done_at and a.round == before.round]
            assert lesson
            assert all_done
            assert done
        case Outcome.NOT_RECOVERED:
            assert lesson
            assert all_done
        case Outcome.UNREACHABLE:
            assert before.reached_at is None
            assert in_vain(before) >= before.unreachable_after
        case Outcome.DECLINED:
            assert before.reached_at or before.refused
        case Outcome.WITHDRAWN:
            pass
        case Outcome.ABSORBED | None:
            raise AssertionError(step.event)
        case _:
            assert_never(after.outcome)


def _tells_who_had_it(step: Step) -> None:
    """But for a change of the roster, which his absence told him."""
    told = {notice.to for notice in step.move.notices}
    if isinstance(step.move.transfer, UpTheLadder | ByHand):
        assert {Audience.OWNER, Audience.FORMER_OWNER} <= told


def _wakes_and_moves(step: Step) -> None:
    """What turns to the customer ends the rest and the stall; what he says ends the rest."""
    match step.event:
        case Acted(act=Attempt() | Confirm() | CallMe(channel=Contact.WRITTEN, unasked=False)):
            assert (step.after.pause, step.after.stalled_since) == (None, None)
        case HeardAgain() | Acted(by="customer"):
            assert step.after.pause is None
        case Silence(rung=rung) if rung.kind is RungKind.REPEAT and not rung.of_action:
            assert step.after.stalled_since is not None
        case _:
            pass


def _climbed(step: Step) -> None:
    """Silence hands it to somebody else who is there and can be reached; levels between are told of."""
    before, after, found = step.before, step.after, step.found
    rung = step.event.rung if isinstance(step.event, Silence) else None
    if rung is None or rung.kind is not RungKind.HAND_UP:
        assert after.owner == before.owner
        return
    last = found.policy.last
    skipped = [e.facts["level"] for e in step.entries if e.kind is EntryKind.LEVEL_SKIPPED]
    taken_last = after.level == last and after.level in skipped
    passed = range(before.level + 1, after.level + taken_last)
    assert after.level > before.level
    assert skipped == list(passed)
    if after.level < last:
        assert after.owner != before.owner
        assert after.owner not in found.unreachable
        assert after.owner not in {absence.person for absence in found.absences}
    anew = deadline_of(after, rung.watch) if rung.watch else None
    assert anew is None or anew.start == step.event.at


def _laid_well(step: Step) -> None:
    """New rungs are to come, and what the stage awaits runs out while somebody works.

    After a rest, what was overdue before it still is: for that see `_gave_the_rest_back`.
    """
    after = step.after
    if step.move.over is not None:
        return
    acts = None if after.stage is Stage.CONFIRMING else after.owner
    for rung in set(after.rungs) - set(step.before.rungs):
        assert rung.at > step.event.at, rung
        if rung.kind in BY_THE_LADDER and rung.watch is None:
            assert _is_open_at(step.hours(acts), rung.at), rung


def _is_open_at(hours: OpeningHours, at: datetime) -> bool:
    return bool(between(hours, at - INSTANT, at + INSTANT))


def _shared_well(step: Step) -> None:
    """Of a team somebody who has room gets the case, as long as there is such a one."""
    found, transfer = step.found, step.move.transfer
    named = transfer.person if isinstance(transfer, ByHand) else None
    if isinstance(transfer, ByRouting) and not found.topic:
        named = found.routed().named.id
    team = found.today.teams.get(named or "")
    if team is None:
        return
    away = {absence.person for absence in found.absences}
    gone = {*away, *found.unreachable, step.before.owner}
    there = [m for m in team.members if m in found.today.people and m not in gone]
    room = [m for m in there if found.loads.cases(m) < (team.ceiling or 0)]
    passed = [e for e in step.entries if e.kind is EntryKind.CEILING_PASSED]
    if room:
        assert step.after.owner in room
        assert not passed
    elif passed:
        assert step.after.assignee in there


def _gave_the_rest_back(step: Step) -> None:
    """What was held is due after as much working time as was left when the rest began."""
    resting, over = step.before.pause, step.move.over
    if resting is None or over is None or step.move.clock or step.move.transfer:
        return
    if step.after.closed or (step.before.clock and step.before.clock.by):
        return
    hours, relaid = step.hours(resting.owner), _relaid(step)
    held = [rung for rung in resting.held if rung.at > resting.since and _is_own(rung)]
    going_on = [rung for rung in step.after.rungs if rung.at > over.at and _is_own(rung)]
    held, going_on = ([r for r in rungs if r.watch not in relaid] for rungs in (held, going_on))
    left = sorted(between(hours, resting.since, rung.at) for rung in held)
    now = sorted(between(hours, over.at, rung.at) for rung in going_on)
    assert now[-1:] == left[-1:]
    assert set(now) <= set(left)


def _relaid(step: Step) -> set[Watch]:
    """Whose rungs wait for something else now: until the customer may be called again, for example."""
    before = {deadline.watch: deadline.quiet_until for deadline in step.before.deadlines}
    return {d.watch for d in step.after.deadlines if before.get(d.watch) != d.quiet_until}


def _is_own(rung: Rung) -> bool:
    of_stage = rung.watch is None and rung.kind not in {RungKind.BREAK, RungKind.RESUME}
    return of_stage or rung.watch in {ATTEMPT, CLOSURE}
