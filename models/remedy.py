"""One action among those of its case: found, changed, put back, and what is said of it to whom."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from models.action import Action, Stand
from models.case import Acted, CaseState
from models.errors import WrongMove
from models.money import Money
from models.notices import Audience, Message, Notice
from models.timeline import Entry, EntryKind


def found_in(state: CaseState, number: int) -> Action:
    found = next((action for action in state.actions if action.number == number), None)
    if found is None:
        raise WrongMove("no_such_action", f"The case has no action {number}.")
    return found


def to_do(state: CaseState, number: int) -> Action:
    found = found_in(state, number)
    if found.stand is Stand.TO_APPROVE:
        raise WrongMove("waits_for_yes", f"Action {number} still waits for a yes.")
    if found.dropped_at is not None:
        raise WrongMove("dropped", f"Action {number} was dropped.")
    if found.done_at is not None:
        raise WrongMove("already_done", f"Action {number} is already done.")
    return found


def with_action(state: CaseState, changed: Action) -> CaseState:
    actions = (changed if a.number == changed.number else a for a in state.actions)
    return replace(state, actions=tuple(actions))


def dated_anew(action: Action, due: datetime, at: datetime) -> Action:
    """A date that has passed stays missed, whatever the next one is."""
    missed = action.due if action.due < at else None
    return replace(action, due=due, missed=action.missed or missed, broken_at=None, asked_for=None)


def require_ahead(due: datetime, event: Acted) -> None:
    if due <= event.at:
        raise WrongMove("due_in_the_past", "An action cannot be due before it is written down.")


def entry_of(kind: EntryKind, event: Acted, facts: Mapping[str, str | int]) -> Entry:
    return Entry(kind, event.at, event.by, facts=facts)


def cost_facts(cost: Money | None) -> dict[str, str | int]:
    return {"cost": cost.cents, "currency": cost.currency} if cost else {}


def of_new_date(before: Action, after: Action) -> tuple[Notice, ...]:
    """The customer was told the old one in writing."""
    if not after.is_promised or before.due == after.due:
        return ()
    return (tell_customer(Message.PROMISE_MOVED, after),)


def tell_doer(message: Message, action: Action, event: Acted) -> tuple[Notice, ...]:
    """Nobody is told what he just did himself."""
    if action.owner == event.by:
        return ()
    return (Notice(message, Audience.DOER, action.number, action.owner),)


def tell_customer(message: Message, action: Action) -> Notice:
    return Notice(message, Audience.CUSTOMER, action.number)


def tell_of_new(action: Action, event: Acted) -> tuple[Notice, ...]:
    """The customer, where it is promised to him, and who has to do it."""
    given = tell_doer(Message.ACTION_GIVEN, action, event)
    if not action.is_promised:
        return given
    return (tell_customer(Message.PROMISED, action), *given)
