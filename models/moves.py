"""What each event does to a case.

`apply` is pure: it takes a state and an event and returns a `Move`; the commit activity does what
the move says.
"""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from models.actions import (
    Acknowledge,
    Action,
    AddAction,
    Attempt,
    Close,
    Confirm,
    FinishAction,
    HandOver,
    NameCause,
    Outcome,
    Reached,
)
from models.case import (
    AWAITS,
    Acted,
    Audience,
    ByHand,
    ByRouting,
    CaseState,
    Confirmation,
    Event,
    HeardAgain,
    Message,
    Move,
    Notice,
    Opened,
    Silence,
    Stage,
    UpTheLadder,
    advance,
)
from models.closing import close, close_by_hand, require_contact
from models.errors import WrongMove
from models.ladder import Clock, RungKind, Target
from models.timeline import Entry, EntryKind


def apply(state: CaseState, event: Event) -> Move:
    """Raises WrongMove where the event does not fit: a wrong act, or one the case has outrun."""
    if state.closed:
        raise WrongMove("closed", "The case is closed.")
    if (state.stage is Stage.HEARD) is not isinstance(event, Opened):
        raise WrongMove("opening", "A case is opened once, and before anything else.")
    match event:
        case Opened():
            move = _open(state, event)
        case HeardAgain():
            move = _hear_again(state, event)
        case Silence():
            move = _climb(state, event)
        case Acted():
            move = _act(state, event)
        case _:
            assert_never(event)
    return replace(move, state=replace(move.state, seq=state.seq + 1))


def _clock(state: CaseState, start: datetime) -> Clock:
    """What is awaited now; in repair by the earliest date promised, unless that is broken."""
    target = AWAITS[state.stage]
    if target is not Target.REPAIR:
        return Clock(target, start)
    promised = min(action.due for action in state.open_actions)
    return Clock(target, start, by=promised if promised > start else None)


def _open(state: CaseState, event: Opened) -> Move:
    after = advance(state, Stage.ASKED)
    return Move(
        after,
        (Entry(EntryKind.HEARD, event.at), Entry(EntryKind.ASKED, event.at)),
        (Notice(Message.ASK, Audience.OWNER),),
        transfer=ByRouting(),
        clock=_clock(after, event.at),
    )


def _hear_again(state: CaseState, event: HeardAgain) -> Move:
    """The customer must be called after his latest words: an earlier contact does not count."""
    entry = Entry(EntryKind.HEARD_AGAIN, event.at, facts={"response": event.response_id})
    told = (Notice(Message.HEARD_AGAIN, Audience.OWNER),)
    if state.reached_at is None or event.submitted_at <= state.reached_at:
        return Move(state, (entry,), told)
    after = _call_again(state)
    return Move(after, (entry,), told, clock=_clock(after, event.at))


def _call_again(state: CaseState) -> CaseState:
    after = advance(state, Stage.ASKED)
    return replace(after, round=state.round + 1, attempts=0, reached_at=None, refused=False)


def _climb(state: CaseState, event: Silence) -> Move:
    rung, at = event.rung, event.at
    if rung not in state.rungs:
        raise WrongMove("rung_gone", "That rung is no longer planned.")
    passed = replace(state, rungs=tuple(r for r in state.rungs if r != rung))
    match rung.kind:
        case RungKind.REMIND:
            entry = Entry(EntryKind.REMINDED, at, due=rung.at)
            return Move(passed, (entry,), (Notice(Message.REMINDER, Audience.OWNER),))
        case RungKind.REPEAT:
            entry = Entry(EntryKind.REPEATED, at, due=rung.at)
            clock = Clock(AWAITS[passed.stage], at, again=True)
            notice = Notice(Message.REPEAT, Audience.OWNER)
            return Move(passed, (entry,), (notice,), clock=clock, breached=True)
        case RungKind.HAND_UP:
            return _hand_up(passed, event)
        case RungKind.CLOSE_UNCONFIRMED:
            silent = Confirmation.UNCONFIRMED
            return close(passed, Outcome.RECOVERED, at, confirmation=silent, due=rung.at)
        case _:
            assert_never(rung.kind)


def _hand_up(state: CaseState, event: Silence) -> Move:
    after = _asked_anew(state)
    return Move(
        after,
        (Entry(EntryKind.HANDED_UP, event.at, due=event.rung.at),),
        _passed_on(Message.HANDED_UP),
        transfer=UpTheLadder(state.level + 1),
        clock=_clock(after, event.at),
        breached=True,
    )


def _asked_anew(state: CaseState) -> CaseState:
    """A new owner has acknowledged nothing yet; past the contact the work goes on with him."""
    return advance(state, Stage.ASKED) if state.stage is Stage.ACKNOWLEDGED else state


def _passed_on(message: Message) -> tuple[Notice, ...]:
    return Notice(message, Audience.OWNER), Notice(Message.MOVED_ON, Audience.FORMER_OWNER)


def _act(state: CaseState, event: Acted) -> Move:
    match event.act:
        case Acknowledge():
            return _acknowledge(state, event)
        case Attempt():
            return _attempt(state, event, event.act)
        case NameCause():
            return _name_cause(state, event, event.act)
        case AddAction():
            return _add_action(state, event, event.act)
        case FinishAction():
            return _finish_action(state, event, event.act)
        case HandOver():
            return _hand_over(state, event, event.act)
        case Confirm():
            return _confirm(state, event, event.act)
        case Close():
            return close_by_hand(state, event, event.act)
        case _:
            assert_never(event.act)


def _acknowledge(state: CaseState, event: Acted) -> Move:
    if state.stage is not Stage.ASKED:
        raise WrongMove("already_acknowledged", "The case is already acknowledged.")
    after = advance(state, Stage.ACKNOWLEDGED)
    entry = Entry(EntryKind.ACKNOWLEDGED, event.at, event.by)
    return Move(after, (entry,), clock=_clock(after, event.at), answered=True)


def _attempt(state: CaseState, event: Acted, act: Attempt) -> Move:
    if state.stage is Stage.CONFIRMING:
        raise WrongMove("confirming", "The customer was asked: record what he answers.")
    number = state.attempts + 1
    entry = Entry(
        EntryKind.ATTEMPTED,
        event.at,
        event.by,
        facts={"outcome": act.outcome, "channel": act.channel, "number": number},
    )
    refused = state.refused or act.outcome is Reached.REFUSED
    counted = replace(state, attempts=number, refused=refused)
    if act.outcome is Reached.REACHED:
        reached = replace(counted, reached_at=event.at)
        return _settle(state, reached, (entry,), event.at)
    if state.stage in {Stage.ASKED, Stage.ACKNOWLEDGED}:
        after = advance(counted, Stage.ACKNOWLEDGED)
        answered = state.stage is Stage.ASKED
        return Move(after, (entry,), clock=_clock(after, event.at), answered=answered)
    return Move(counted, (entry,))


def _name_cause(state: CaseState, event: Acted, act: NameCause) -> Move:
    require_contact(state)
    entry = Entry(EntryKind.CAUSE_NAMED, event.at, event.by, facts={"cause": act.cause})
    return _settle(state, replace(state, cause=act.cause), (entry,), event.at)


def _add_action(state: CaseState, event: Acted, act: AddAction) -> Move:
    require_contact(state)
    if act.due <= event.at:
        raise WrongMove("due_in_the_past", "An action cannot be due before it is written down.")
    number = len(state.actions) + 1
    action = Action(number, act.owner, act.due, state.round)
    entry = Entry(
        EntryKind.ACTION_ADDED,
        event.at,
        event.by,
        facts={"number": number, "owner": act.owner, "promised": act.due.isoformat()},
    )
    with_action = replace(state, actions=(*state.actions, action))
    return _settle(state, with_action, (entry,), event.at, promised=True)


def _finish_action(state: CaseState, event: Acted, act: FinishAction) -> Move:
    found = next((a for a in state.actions if a.number == act.number), None)
    if found is None:
        raise WrongMove("no_such_action", f"The case has no action {act.number}.")
    if found.done_at is not None:
        raise WrongMove("already_done", f"Action {act.number} is already done.")
    done = replace(found, done_at=event.at, round=state.round)
    actions = tuple(done if a.number == act.number else a for a in state.actions)
    entry = Entry(EntryKind.ACTION_DONE, event.at, event.by, facts={"number": act.number})
    return _settle(state, replace(state, actions=actions), (entry,), event.at, promised=True)


def _settle(
    before: CaseState,
    state: CaseState,
    entries: tuple[Entry, ...],
    at: datetime,
    *,
    promised: bool = False,
) -> Move:
    """Put the case on the stage its facts call for, and start that stage's clock if it changed.

    `promised` restarts it on the same stage too: a promise with a date moves the stall clock.
    """
    stage = _stage_by_facts(state)
    after = advance(state, stage)
    notices: tuple[Notice, ...] = ()
    if stage is Stage.CONFIRMING and before.stage is not Stage.CONFIRMING:
        entries = (*entries, Entry(EntryKind.CONFIRMATION_ASKED, at))
        notices = (Notice(Message.CONFIRM, Audience.CUSTOMER),)
    same_target = AWAITS[stage] is AWAITS[before.stage]
    if same_target and not (promised and stage is Stage.REPAIRING):
        return Move(after, entries, notices)
    clock = _clock(after, at)
    return Move(after, entries, notices, clock=clock, answered=_was_answered(before, after))


def _was_answered(before: CaseState, after: CaseState) -> bool:
    """One more action promises more and keeps nothing; only the customer answers a confirmation."""
    if before.stage is Stage.CONFIRMING:
        return False
    return before.stage is not after.stage or len(after.open_actions) < len(before.open_actions)


def _stage_by_facts(state: CaseState) -> Stage:
    if state.reached_at is None:
        return state.stage
    if state.cause is None:
        return Stage.CONTACTED
    if state.open_actions:
        return Stage.REPAIRING
    return Stage.CONFIRMING if state.remedied else Stage.UNDERSTOOD


def _hand_over(state: CaseState, event: Acted, act: HandOver) -> Move:
    if act.to == state.owner:
        raise WrongMove("already_owner", "The case is already with that person.")
    after = _asked_anew(state)
    entry = Entry(EntryKind.HANDED_OVER, event.at, event.by, facts={"to": act.to})
    clock = None if after.stage is Stage.CONFIRMING else _clock(after, event.at)
    told = _passed_on(Message.HANDED_OVER)
    return Move(after, (entry,), told, transfer=ByHand(act.to), clock=clock)


def _confirm(state: CaseState, event: Acted, act: Confirm) -> Move:
    if state.stage is not Stage.CONFIRMING:
        raise WrongMove("not_asked", "The customer has not been asked to confirm yet.")
    if act.solved:
        confirmed = Confirmation.CONFIRMED
        return close(state, Outcome.RECOVERED, event.at, confirmation=confirmed, by=event.by)
    after = _call_again(state)
    return Move(
        after,
        (Entry(EntryKind.REOPENED, event.at, event.by),),
        (Notice(Message.REOPENED, Audience.OWNER),),
        clock=_clock(after, event.at),
        answered=True,
    )
