"""Which acts a case takes where it stands. The reducer itself is asked, so the page never differs."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from models.action import Action, Stand
from models.actions import (
    Acknowledge,
    Act,
    ActKind,
    AddAction,
    Attempt,
    CallMe,
    Close,
    Confirm,
    Contact,
    FinishAction,
    HandOver,
    NameCause,
    OnAction,
    Outcome,
    Pause,
    Reached,
    Resume,
    TakeBack,
)
from models.attempts import exhausted
from models.case import Acted, CaseState, Stage
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
from models.moves import apply
from web.pages.forms import Deed

SOMEBODY = ""
"""No id is empty, so this is nobody who already owns the case."""

A_DAY = timedelta(days=1)

AWAITED: Mapping[Stage, ActKind] = MappingProxyType(
    {
        Stage.ASKED: ActKind.ACKNOWLEDGE,
        Stage.ACKNOWLEDGED: ActKind.ATTEMPT,
        Stage.CONTACTED: ActKind.CAUSE,
        Stage.UNDERSTOOD: ActKind.ACTION,
        Stage.REPAIRING: ActKind.ACTION_DONE,
        Stage.CONFIRMING: ActKind.CONFIRMATION,
    }
)


INSIDE = frozenset(
    {
        ActKind.CALL_ME,
        ActKind.ACTION_REFUSE,
        ActKind.ACTION_TIME,
        ActKind.GESTURE_APPROVE,
        ActKind.GESTURE_REFUSE,
    }
)
"""Acts without a place of their own: one of the answers to a question, or on the page of an action."""


def offers(state: CaseState) -> tuple[ActKind, ...]:
    """The one that is waited for stands first; where nobody is to call any more that is the end."""
    taken = [k for k in ActKind if k not in INSIDE and takes(state, sample(k, state))]
    return tuple(sorted(taken, key=lambda kind: kind is not _first(state)))


def _first(state: CaseState) -> ActKind | None:
    if ending_of(state):
        return ActKind.CLOSE
    judges = state.stage is Stage.REPAIRING and state.to_accept
    return ActKind.ACTION_ACCEPT if judges else AWAITED.get(state.stage)


def ending_of(state: CaseState) -> Outcome | None:
    """How a case ends whose customer nobody is to call again."""
    if state.declined:
        return Outcome.DECLINED
    return Outcome.UNREACHABLE if exhausted(state) else None


def outcomes(state: CaseState) -> tuple[Outcome, ...]:
    """With which a person may close the case now."""
    return tuple(outcome for outcome in Outcome if takes(state, Close(outcome)))


def wraps_up(state: CaseState) -> bool:
    """Whether cause, remedy and answer are offered as one form: as long as no remedy is under way.

    The case would take them together later too, but then each of them has its own place.
    """
    return state.stage in {Stage.CONTACTED, Stage.UNDERSTOOD}


def undo_of(state: CaseState, person: str) -> int | None:
    """The commit of the attempt that this person can take back; it stands among nobody's offers."""
    mine = state.before if takes(state, TakeBack(), by=person) else None
    return mine.seq if mine else None


def takes(state: CaseState, act: Act, *, by: str = SOMEBODY) -> bool:
    try:
        apply(state, Acted(act, by, state.opened_at, draft=""))
    except WrongMove:
        return False
    return True


def sample(kind: ActKind, state: CaseState) -> Act:
    """The act of this kind that is the easiest to accept."""
    match kind:
        case ActKind.ACKNOWLEDGE:
            return Acknowledge()
        case ActKind.ATTEMPT:
            return Attempt(Reached.REACHED, Contact.WRITTEN)
        case ActKind.TAKE_BACK:
            return TakeBack()
        case ActKind.CAUSE:
            return NameCause("")
        case ActKind.ACTION:
            return AddAction(SOMEBODY, state.opened_at + A_DAY)
        case ActKind.HAND_OVER:
            return HandOver(SOMEBODY)
        case ActKind.CONFIRMATION:
            return Confirm(solved=True)
        case ActKind.CALL_ME:
            return CallMe()
        case ActKind.CLOSE:
            return Close(Outcome.WITHDRAWN)
        case ActKind.PAUSE | ActKind.RESUME:
            tomorrow = state.opened_at + timedelta(days=1)
            return Pause("", tomorrow) if kind is ActKind.PAUSE else Resume()
        case _:
            return _sample_of_work(kind, state)


def _sample_of_work(kind: Deed, state: CaseState) -> OnAction:
    to_do, done = _first_that_is(Stand.TO_DO, state), _first_that_is(Stand.TO_ACCEPT, state)
    asked = _first_that_is(Stand.TO_APPROVE, state)
    match kind:
        case ActKind.ACTION_DONE:
            return FinishAction(to_do.number)
        case ActKind.ACTION_ACCEPT:
            return AcceptAction(done.number)
        case ActKind.ACTION_REFUSE:
            return RefuseAction(done.number, done.due + A_DAY)
        case ActKind.ACTION_TIME:
            return AskTime(to_do.number, to_do.due + A_DAY)
        case ActKind.ACTION_CHANGE:
            changed = to_do if to_do.number else asked
            return ChangeAction(changed.number, changed.due + A_DAY)
        case ActKind.ACTION_DROP:
            return DropAction(to_do.number or asked.number)
        case ActKind.GESTURE_APPROVE:
            return ApproveGesture(asked.number, asked.due + A_DAY)
        case ActKind.GESTURE_REFUSE:
            return RefuseGesture(asked.number)


def _first_that_is(stand: Stand, state: CaseState) -> Action:
    """One that nobody knows where the case has none."""
    none = Action(0, SOMEBODY, state.opened_at + A_DAY)
    return next((action for action in state.actions if action.stand is stand), none)
