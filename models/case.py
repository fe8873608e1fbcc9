"""A case: where it stands, which moves are allowed, and what each event does to it.

`apply` is pure: it takes a state and an event and returns a `Move`; the commit activity does what the
move says. Stages change in `_advance` only, along `ALLOWED`, from which the docs' diagram is drawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Literal, TypeAlias, assert_never

from models.actions import (
    Acknowledge,
    Act,
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
from models.errors import WrongMove
from models.ladder import Clock, Rung, RungKind, Target
from models.timeline import Entry, EntryKind


class Stage(StrEnum):
    HEARD = "heard"
    ASKED = "asked"
    ACKNOWLEDGED = "acknowledged"
    CONTACTED = "contacted"
    UNDERSTOOD = "understood"
    REPAIRING = "repairing"
    CONFIRMING = "confirming"
    CLOSED = "closed"


ALLOWED: Mapping[Stage, frozenset[Stage]] = MappingProxyType(
    {
        Stage.HEARD: frozenset({Stage.ASKED}),
        Stage.ASKED: frozenset(
            {
                Stage.ACKNOWLEDGED,
                Stage.CONTACTED,
                Stage.UNDERSTOOD,
                Stage.REPAIRING,
                Stage.CONFIRMING,
                Stage.CLOSED,
            }
        ),
        Stage.ACKNOWLEDGED: frozenset(
            {
                Stage.ASKED,
                Stage.CONTACTED,
                Stage.UNDERSTOOD,
                Stage.REPAIRING,
                Stage.CONFIRMING,
                Stage.CLOSED,
            }
        ),
        Stage.CONTACTED: frozenset(
            {Stage.ASKED, Stage.UNDERSTOOD, Stage.REPAIRING, Stage.CONFIRMING, Stage.CLOSED}
        ),
        Stage.UNDERSTOOD: frozenset({Stage.ASKED, Stage.REPAIRING, Stage.CLOSED}),
        Stage.REPAIRING: frozenset({Stage.ASKED, Stage.CONFIRMING, Stage.CLOSED}),
        Stage.CONFIRMING: frozenset({Stage.ASKED, Stage.REPAIRING, Stage.CLOSED}),
        Stage.CLOSED: frozenset(),
    }
)

AWAITS: Mapping[Stage, Target] = MappingProxyType(
    {
        Stage.ASKED: Target.ACKNOWLEDGE,
        Stage.ACKNOWLEDGED: Target.CONTACT,
        Stage.CONTACTED: Target.PLAN,
        Stage.UNDERSTOOD: Target.PLAN,
        Stage.REPAIRING: Target.REPAIR,
        Stage.CONFIRMING: Target.CONFIRMATION,
    }
)


class Confirmation(StrEnum):
    NOT_ASKED = "not_asked"
    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    """The customer was asked and stayed silent, or a person closed before he answered."""


@dataclass(frozen=True, slots=True)
class CaseState:
    """The whole of a case that decisions need; it travels through workflow histories, so ids only.

    `seq` counts commits. `assignee` is whom the routing (or a hand-over by hand) named: the ladder's
    levels are seen from him, and `owner` is who must act now. `round` grows each time the customer
    must be called again; `attempts` and `reached_at` speak of this round.
    """

    case_id: str
    opened_at: datetime
    seq: int = 0
    stage: Stage = Stage.HEARD
    assignee: str | None = None
    owner: str | None = None
    level: int = 0
    round: int = 1
    attempts: int = 0
    unreachable_after: int = 1
    reached_at: datetime | None = None
    refused: bool = False
    cause: str | None = None
    actions: tuple[Action, ...] = ()
    outcome: Outcome | None = None
    confirmation: Confirmation = Confirmation.NOT_ASKED
    rungs: tuple[Rung, ...] = ()

    @property
    def closed(self) -> bool:
        return self.stage is Stage.CLOSED

    @property
    def open_actions(self) -> tuple[Action, ...]:
        return tuple(action for action in self.actions if action.done_at is None)


@dataclass(frozen=True, slots=True)
class Opened:
    at: datetime


@dataclass(frozen=True, slots=True)
class HeardAgain:
    """A further unhappy response of the same customer joined the case."""

    response_id: str
    revision: int
    submitted_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Acted:
    """A person's act. `draft` is the id of the database row that holds what he typed."""

    act: Act
    by: str
    at: datetime
    draft: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Nobody acted before `rung.at`; `at` is when that was noticed."""

    rung: Rung
    at: datetime


Event: TypeAlias = Opened | HeardAgain | Acted | Silence


class Message(StrEnum):
    """What is said; each has a folder of this name under templates/messages."""

    ASK = "ask"
    REMINDER = "reminder"
    HANDED_UP = "handed_up"
    HANDED_OVER = "handed_over"
    MOVED_ON = "moved_on"
    HEARD_AGAIN = "heard_again"
    REOPENED = "reopened"
    REPEAT = "repeat"
    CONFIRM = "confirm"


class Audience(StrEnum):
    """Who is told, resolved when the move is committed: people and addresses are live."""

    OWNER = "owner"
    FORMER_OWNER = "former_owner"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Notice:
    message: Message
    to: Audience


@dataclass(frozen=True, slots=True)
class ByRouting:
    """Whoever answers today for the case's region, trade, touchpoint and language."""

    how: Literal["routing"] = "routing"


@dataclass(frozen=True, slots=True)
class UpTheLadder:
    """The first level from `level` upwards on which somebody else than the owner stands."""

    level: int
    how: Literal["ladder"] = "ladder"


@dataclass(frozen=True, slots=True)
class ByHand:
    person: str
    how: Literal["hand"] = "hand"


Transfer: TypeAlias = ByRouting | UpTheLadder | ByHand


@dataclass(frozen=True, slots=True)
class Move:
    """What an event does. `state` is the state after it, before the commit fills in owner and rungs.

    `clock` starts a target (None: the running one goes on). `answered` says that this move is what
    the running target waited for; `breached`, that it ran out.
    """

    state: CaseState
    entries: tuple[Entry, ...]
    notices: tuple[Notice, ...] = ()
    transfer: Transfer | None = None
    clock: Clock | None = None
    answered: bool = False
    breached: bool = False


def apply(state: CaseState, event: Event) -> Move:
    """Raises WrongMove when a person's act does not fit; the clock's and the survey's events always fit."""
    if state.closed:
        raise WrongMove("closed", "The case is closed.")
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


def next_due(state: CaseState) -> datetime | None:
    return state.rungs[0].at if state.rungs else None


def _advance(state: CaseState, to: Stage) -> CaseState:
    if to is state.stage:
        return state
    if to not in ALLOWED[state.stage]:
        raise WrongMove("stage", f"A case that is {state.stage} cannot become {to}.")
    return replace(state, stage=to)


def _clock(state: CaseState, start: datetime) -> Clock:
    """What is awaited now. In repair it is the earliest date promised for an open action."""
    by = min((action.due for action in state.open_actions), default=None)
    target = AWAITS[state.stage]
    return Clock(target, start, by if target is Target.REPAIR else None)


def _open(state: CaseState, event: Opened) -> Move:
    after = _advance(state, Stage.ASKED)
    return Move(
        after,
        (Entry(EntryKind.HEARD, event.at), Entry(EntryKind.ASKED, event.at)),
        (Notice(Message.ASK, Audience.OWNER),),
        transfer=ByRouting(),
        clock=_clock(after, event.at),
    )


def _hear_again(state: CaseState, event: HeardAgain) -> Move:
    """The customer must be called after his latest words: a contact made before them does not count."""
    entry = Entry(EntryKind.HEARD_AGAIN, event.at, facts={"response": event.response_id})
    told = (Notice(Message.HEARD_AGAIN, Audience.OWNER),)
    if state.reached_at is None or event.submitted_at <= state.reached_at:
        return Move(state, (entry,), told)
    after = _call_again(state)
    return Move(after, (entry,), told, clock=_clock(after, event.at))


def _call_again(state: CaseState) -> CaseState:
    after = _advance(state, Stage.ASKED)
    return replace(
        after,
        round=state.round + 1,
        attempts=0,
        reached_at=None,
        refused=False,
        confirmation=Confirmation.NOT_ASKED,
    )


def _climb(state: CaseState, event: Silence) -> Move:
    rung, at = event.rung, event.at
    passed = replace(state, rungs=tuple(r for r in state.rungs if r != rung))
    match rung.kind:
        case RungKind.REMIND:
            entry = Entry(EntryKind.REMINDED, at, due=rung.at)
            return Move(passed, (entry,), (Notice(Message.REMINDER, Audience.OWNER),))
        case RungKind.REPEAT:
            entry = Entry(EntryKind.REPEATED, at, due=rung.at)
            clock = replace(_clock(passed, at), again=True)
            notice = Notice(Message.REPEAT, Audience.OWNER)
            return Move(passed, (entry,), (notice,), clock=clock, breached=True)
        case RungKind.HAND_UP:
            return _hand_up(passed, event)
        case RungKind.CLOSE_UNCONFIRMED:
            return _close(
                passed, Outcome.RECOVERED, at, due=rung.at, confirmation=Confirmation.UNCONFIRMED
            )
        case _:
            assert_never(rung.kind)


def _hand_up(state: CaseState, event: Silence) -> Move:
    after = _asked_anew(state)
    return Move(
        after,
        (Entry(EntryKind.HANDED_UP, event.at, due=event.rung.at),),
        (Notice(Message.HANDED_UP, Audience.OWNER), Notice(Message.MOVED_ON, Audience.FORMER_OWNER)),
        transfer=UpTheLadder(state.level + 1),
        clock=replace(_clock(after, event.at), by=None),
        breached=True,
    )


def _asked_anew(state: CaseState) -> CaseState:
    """A new owner has acknowledged nothing yet; past the contact the work simply goes on with him."""
    return _advance(state, Stage.ASKED) if state.stage is Stage.ACKNOWLEDGED else state


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
            return _close_by_hand(state, event, event.act)
        case _:
            assert_never(event.act)


def _acknowledge(state: CaseState, event: Acted) -> Move:
    if state.stage is not Stage.ASKED:
        raise WrongMove("already_acknowledged", "The case is already acknowledged.")
    after = _advance(state, Stage.ACKNOWLEDGED)
    entry = Entry(EntryKind.ACKNOWLEDGED, event.at, event.by)
    return Move(after, (entry,), clock=_clock(after, event.at), answered=True)


def _attempt(state: CaseState, event: Acted, act: Attempt) -> Move:
    if state.stage is Stage.CONFIRMING:
        raise WrongMove("confirming", "The customer was asked: record what he answers.")
    entry = Entry(
        EntryKind.ATTEMPTED,
        event.at,
        event.by,
        facts={"outcome": act.outcome, "channel": act.channel, "number": state.attempts + 1},
    )
    counted = replace(
        state,
        attempts=state.attempts + 1,
        refused=state.refused or act.outcome is Reached.REFUSED,
    )
    if act.outcome is Reached.REACHED:
        reached = replace(counted, reached_at=event.at)
        return _settle(state, reached, (entry,), event.at)
    if state.stage in {Stage.ASKED, Stage.ACKNOWLEDGED}:
        after = _advance(counted, Stage.ACKNOWLEDGED)
        answered = state.stage is Stage.ASKED
        return Move(after, (entry,), clock=_clock(after, event.at), answered=answered)
    return Move(counted, (entry,))


def _name_cause(state: CaseState, event: Acted, act: NameCause) -> Move:
    _require_contact(state)
    entry = Entry(EntryKind.CAUSE_NAMED, event.at, event.by, facts={"cause": act.cause})
    return _settle(state, replace(state, cause=act.cause), (entry,), event.at)


def _add_action(state: CaseState, event: Acted, act: AddAction) -> Move:
    _require_contact(state)
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


def _require_contact(state: CaseState) -> None:
    if state.reached_at is None:
        raise WrongMove("no_contact", "Speak with the customer first: no contact is recorded yet.")


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
    after = _advance(state, stage)
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
    if any(action.round == state.round for action in state.actions):
        return Stage.CONFIRMING
    return Stage.UNDERSTOOD


def _hand_over(state: CaseState, event: Acted, act: HandOver) -> Move:
    if act.to == state.owner:
        raise WrongMove("already_owner", "The case is already with that person.")
    after = _asked_anew(state)
    entry = Entry(EntryKind.HANDED_OVER, event.at, event.by, facts={"to": act.to})
    clock = None if after.stage is Stage.CONFIRMING else _clock(after, event.at)
    return Move(
        after,
        (entry,),
        (Notice(Message.HANDED_OVER, Audience.OWNER), Notice(Message.MOVED_ON, Audience.FORMER_OWNER)),
        transfer=ByHand(act.to),
        clock=clock,
    )


def _confirm(state: CaseState, event: Acted, act: Confirm) -> Move:
    if state.stage is not Stage.CONFIRMING:
        raise WrongMove("not_asked", "The customer has not been asked to confirm yet.")
    if act.solved:
        return _close(
            state,
            Outcome.RECOVERED,
            event.at,
            by=event.by,
            confirmation=Confirmation.CONFIRMED,
            answered=True,
        )
    after = _call_again(state)
    return Move(
        after,
        (Entry(EntryKind.REOPENED, event.at, event.by),),
        (Notice(Message.REOPENED, Audience.OWNER),),
        clock=_clock(after, event.at),
        answered=True,
    )


def _close_by_hand(state: CaseState, event: Acted, act: Close) -> Move:
    _require_grounds(state, act.outcome)
    asked = state.stage is Stage.CONFIRMING
    confirmation = Confirmation.UNCONFIRMED if asked else Confirmation.NOT_ASKED
    return _close(state, act.outcome, event.at, by=event.by, confirmation=confirmation)


def _require_grounds(state: CaseState, outcome: Outcome) -> None:
    """A closure needs a contact or exhausted attempts, and what was learnt; a gamed one is refused."""
    match outcome:
        case Outcome.WITHDRAWN:
            return
        case Outcome.UNREACHABLE:
            if state.reached_at is not None:
                raise WrongMove("was_reached", "The customer was reached: he is not unreachable.")
            if state.attempts < state.unreachable_after:
                raise WrongMove(
                    "attempts_left",
                    f"Unreachable takes {state.unreachable_after} attempts; "
                    f"{state.attempts} are recorded.",
                )
        case Outcome.DECLINED:
            if state.reached_at is None and not state.refused:
                raise WrongMove("no_contact", "Record the contact in which the customer declined.")
        case Outcome.RECOVERED | Outcome.NOT_RECOVERED:
            _require_contact(state)
            if state.cause is None:
                raise WrongMove("no_cause", "Name the root cause before closing.")
            if state.open_actions:
                raise WrongMove("open_actions", "Actions are still open.")
            if outcome is Outcome.RECOVERED and not state.actions:
                raise WrongMove("nothing_repaired", "Write down what was done for the customer.")
        case _:
            assert_never(outcome)


def _close(
    state: CaseState,
    outcome: Outcome,
    at: datetime,
    *,
    confirmation: Confirmation,
    by: str | None = None,
    due: datetime | None = None,
    answered: bool = False,
) -> Move:
    after = replace(
        _advance(state, Stage.CLOSED), outcome=outcome, confirmation=confirmation, rungs=()
    )
    facts = {"outcome": str(outcome), "confirmation": str(confirmation)}
    who = {"by": by} if by else {}
    closed = Entry(EntryKind.CLOSED, at, due=due, facts=facts, **who)
    confirmed = confirmation is Confirmation.CONFIRMED
    entries = (Entry(EntryKind.CONFIRMED, at, **who), closed) if confirmed else (closed,)
    return Move(after, entries, answered=answered)
