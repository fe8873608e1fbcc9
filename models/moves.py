"""What each event does to a case.

`apply` is pure: it takes a state and an event and returns a `Move`; the commit activity does what
the move says.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from models.absence import ByRoster, RosterChanged
from models.actions import (
    Acknowledge,
    AddAction,
    Attempt,
    CallMe,
    Close,
    Confirm,
    Contact,
    FinishAction,
    HandOver,
    NameCause,
    Outcome,
    Pause,
    Resume,
    TakeBack,
)
from models.attempts import attempt, kept_back, take_back
from models.case import (
    TO_CALL,
    Acted,
    CaseState,
    Confirmation,
    Event,
    HeardAgain,
    Move,
    Opened,
    Silence,
    Stage,
    advance,
)
from models.climbing import asked_anew, climb, passed_on, passed_up
from models.closing import close, close_by_hand, require_contact_if_any, require_good_end
from models.errors import WrongMove
from models.handling import (
    AcceptAction,
    ApproveGesture,
    AskTime,
    ChangeAction,
    DropAction,
    RefuseAction,
    RefuseGesture,
)
from models.notices import Audience, Message, Notice
from models.pausing import rest, woken
from models.progress import call_again, clock_of, settle
from models.repairs import repair
from models.replans import Replanned
from models.revisions import Change
from models.stalling import moving_again
from models.timeline import Entry, EntryKind
from models.transfers import ByHand, ByRouting, ToTheTop, Transfer, UpTheLadder


def live_on(state: CaseState, events: Iterable[Event]) -> CaseState:
    """After all of them, one after the other; raises WrongMove as `apply` does."""
    for event in events:
        state = apply(state, event).state
    return state


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
            move = climb(state, event)
        case Acted():
            move = _act(state, event)
        case RosterChanged():
            move = _follow_roster(state, event)
        case Replanned():
            move = _replan(state, event)
        case _:
            assert_never(event)
    move = woken(state, event, move)
    before = None if state.pause else kept_back(state, event, move.state.stage)
    after = replace(moving_again(move, event), seq=state.seq + 1, before=before)
    return replace(move, state=after)


def _open(state: CaseState, event: Opened) -> Move:
    after = advance(state, Stage.ASKED)
    return Move(
        after,
        (Entry(EntryKind.HEARD, event.at), Entry(EntryKind.ASKED, event.at)),
        (Notice(Message.ASK, Audience.OWNER),),
        transfer=ByRouting(),
        clock=clock_of(after, event.at),
    )


def _hear_again(state: CaseState, event: HeardAgain) -> Move:
    """The customer must be called after his latest words: an earlier contact does not count.

    What is better than before, or taken back, is noted. The case ends where no answer is left.
    """
    entry = _heard_entry(event)
    if event.change is Change.ALL_WITHDRAWN:
        return _end_withdrawn(state, entry)
    if event.change is Change.WITHDRAWN:
        return Move(state, (entry,))
    after, clock = state, None
    worried = event.change is not Change.BETTER
    if worried and state.reached_at is not None and event.submitted_at > state.reached_at:
        after = call_again(state)
        clock = clock_of(after, event.at)
    if event.new_phone:
        after = replace(after, reach=replace(after.reach, wrong_number=False))
    if event.topic and not (state.raised and state.topic == event.topic):
        return _raise(after, event, entry)
    told = (Notice(Message.HEARD_AGAIN, Audience.OWNER),) if worried else ()
    return Move(after, (entry,), told, clock=clock)


def _heard_entry(event: HeardAgain) -> Entry:
    facts: dict[str, str | int] = {"response": event.response_id}
    if event.change is not Change.JOINED:
        facts["change"] = event.change
    return Entry(EntryKind.HEARD_AGAIN, event.at, facts=facts)


def _end_withdrawn(state: CaseState, entry: Entry) -> Move:
    """Nobody is unhappy any more of whom we know."""
    asked = state.stage is Stage.CONFIRMING
    confirmation = Confirmation.UNCONFIRMED if asked else Confirmation.NOT_ASKED
    ended = close(state, Outcome.WITHDRAWN, entry.at, confirmation=confirmation)
    return replace(ended, entries=(entry, *ended.entries))


def _raise(state: CaseState, event: HeardAgain, entry: Entry) -> Move:
    """A topic that the top has not heard of takes the case there, with a new target."""
    after = asked_anew(state)
    clock = None if after.stage is Stage.CONFIRMING else clock_of(after, event.at)
    return Move(after, (entry,), passed_up(Message.RAISED), transfer=ToTheTop(), clock=clock)


def _act(state: CaseState, event: Acted) -> Move:
    match event.act:
        case Acknowledge():
            return _acknowledge(state, event)
        case Attempt():
            return attempt(state, event, event.act)
        case TakeBack() as act:
            return take_back(state, event, act)
        case NameCause():
            return _name_cause(state, event, event.act)
        case (
            AddAction()
            | FinishAction()
            | AcceptAction()
            | RefuseAction()
            | AskTime()
            | ChangeAction()
            | DropAction()
            | ApproveGesture()
            | RefuseGesture()
        ):
            return repair(state, event, event.act)
        case HandOver():
            return _hand_over(state, event, event.act)
        case Confirm():
            return _confirm(state, event, event.act)
        case CallMe(unasked=True):
            return _written_to(state, event)
        case CallMe() as act:
            return _call_wanted(state, event, act)
        case Close():
            return close_by_hand(state, event, event.act)
        case Pause() | Resume() as act:
            return rest(state, event, act)
        case _:
            assert_never(event.act)


def _acknowledge(state: CaseState, event: Acted) -> Move:
    if state.stage is not Stage.ASKED:
        raise WrongMove("already_acknowledged", "The case is already acknowledged.")
    after = advance(state, Stage.ACKNOWLEDGED)
    entry = Entry(EntryKind.ACKNOWLEDGED, event.at, event.by)
    return Move(after, (entry,), clock=clock_of(after, event.at), answered=True)


def _name_cause(state: CaseState, event: Acted, act: NameCause) -> Move:
    require_contact_if_any(state)
    entry = Entry(EntryKind.CAUSE_NAMED, event.at, event.by, facts={"cause": act.cause})
    return settle(state, replace(state, cause=act.cause), entry)


def _hand_over(state: CaseState, event: Acted, act: HandOver) -> Move:
    if act.to == state.owner:
        raise WrongMove("already_owner", "The case is already with that person.")
    entry = Entry(EntryKind.HANDED_OVER, event.at, event.by, facts={"to": act.to})
    return _given(state, entry, ByHand(act.to))


def _follow_roster(state: CaseState, event: RosterChanged) -> Move:
    """The commit finds out who is there; where that changes nothing, nothing is written."""
    entry = Entry(EntryKind.ROSTER_CHANGED, event.at)
    return _given(state, entry, ByRoster(event.absence))


def _replan(state: CaseState, event: Replanned) -> Move:
    """The commit works out the instants, as always."""
    entry = Entry(EntryKind.REPLANNED, event.at, facts={"to": event.replan.version})
    return Move(state, (entry,), replan=event.replan)


def _given(state: CaseState, entry: Entry, transfer: Transfer) -> Move:
    """The customer who is asked to confirm waits for nobody: his answer is due as before."""
    after = asked_anew(state)
    clock = None if after.stage is Stage.CONFIRMING else clock_of(after, entry.at)
    told = passed_on(Message.HANDED_OVER)
    return Move(after, (entry,), told, transfer=transfer, clock=clock)


def _confirm(state: CaseState, event: Acted, act: Confirm) -> Move:
    """A no is judged by somebody else than who thought it solved: it goes one level up."""
    _require_asked(state)
    require_good_end(act.referral, good=act.solved)
    if act.solved:
        confirmed, referral = Confirmation.CONFIRMED, act.referral
        return close(
            state,
            Outcome.RECOVERED,
            event.at,
            confirmation=confirmed,
            by=event.by,
            referral=referral,
        )
    after = call_again(state)
    return Move(
        after,
        (Entry(EntryKind.REOPENED, event.at, event.by),),
        passed_up(Message.REOPENED),
        transfer=UpTheLadder(state.level + 1),
        clock=clock_of(after, event.at),
        answered=True,
    )


def _call_wanted(state: CaseState, event: Acted, act: CallMe) -> Move:
    """Nobody knows yet whether it is solved: who owns the case hears it from the customer.

    Who asks for a call may be called, whatever he asked before. That he rang gives nobody more time to call
    him: only what waited for a later hour is awaited from now on.
    """
    rang = act.channel is Contact.PHONE
    if not rang:
        _require_asked(state)
    waits = state.stage in TO_CALL
    after = call_again(state, state.stage if waits else Stage.ACKNOWLEDGED)
    after = replace(after, reach=replace(after.reach, no_calls_since=None))
    later = state.stage is Stage.ACKNOWLEDGED and (state.again_at or state.reach.next_call_at)
    message = Message.MISSED_CALL if rang else Message.CALL_WANTED
    facts = {"channel": act.channel} if rang else {}
    return Move(
        after,
        (Entry(EntryKind.CALL_WANTED, event.at, event.by, facts=facts),),
        (Notice(message, Audience.OWNER),),
        clock=clock_of(after, event.at) if later or not waits else None,
    )


def _written_to(state: CaseState, event: Acted) -> Move:
    """Who waits for a call waits for it still; else he is called after his latest words."""
    entry = Entry(EntryKind.CALL_WANTED, event.at, event.by, facts={"unasked": 1})
    told = (Notice(Message.WROTE, Audience.OWNER),)
    if state.stage in TO_CALL:
        return Move(state, (entry,), told)
    after = call_again(state, Stage.ACKNOWLEDGED)
    return Move(after, (entry,), told, clock=clock_of(after, event.at))


def _require_asked(state: CaseState) -> None:
    if state.stage is not Stage.CONFIRMING:
        raise WrongMove("not_asked", "The customer has not been asked to confirm yet.")
