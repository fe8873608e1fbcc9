"""What is said of an action that is due soon or late, and to whom. It moves no case."""

from models.action import Action
from models.case import CaseState, Move, Silence
from models.ladder import RungKind
from models.notices import Audience, Message, Notice
from models.timeline import Entry, EntryKind


def nudge_doer(state: CaseState, event: Silence) -> Move:
    """At its date who has the case is told too, once; then who has the action, again and again."""
    number = event.rung.watch.number if event.rung.watch else 0
    action = next(action for action in state.actions if action.number == number)
    late = event.rung.at >= action.due
    if event.rung.kind is RungKind.REPEAT and event.rung.at == action.due:
        told = (of_late(action), Notice(Message.ACTION_OVERDUE, Audience.OWNER, number))
        return Move(state, (_entry(EntryKind.ACTION_LATE, event, action),), told)
    entry = _entry(EntryKind.ACTION_REMINDED, event, action, late=int(late))
    soon = Notice(Message.ACTION_REMINDER, Audience.DOER, number, action.owner)
    return Move(state, (entry,), (of_late(action) if late else soon,))


def of_late(action: Action) -> Notice:
    return Notice(Message.ACTION_LATE, Audience.DOER, action.number, action.owner)


def _entry(kind: EntryKind, event: Silence, action: Action, **facts: int) -> Entry:
    told: dict[str, str | int] = {"number": action.number, "owner": action.owner, **facts}
    return Entry(kind, event.at, due=event.rung.at, facts=told)
