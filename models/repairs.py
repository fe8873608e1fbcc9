"""What is done for the customer: who has it, until when, and whether the case's owner accepts it.

He is the internal customer of the trade that repairs: what somebody else has done is finished once
he, or who speaks for him, says that it is good.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from models.actions import (
    AcceptAction,
    Action,
    AddAction,
    AskTime,
    ChangeAction,
    DropAction,
    FinishAction,
    OnAction,
    RefuseAction,
)
from models.case import Acted, CaseState, Move
from models.causes import suggested_facts
from models.closing import require_contact
from models.errors import WrongMove
from models.money import Money
from models.notices import Audience, Message, Notice
from models.organisation import Organisation
from models.people import Person
from models.progress import settle
from models.timeline import Entry, EntryKind

WORK = frozenset(
    {
        EntryKind.ACTION_DONE,
        EntryKind.ACTION_ACCEPTED,
        EntryKind.ACTION_REFUSED,
        EntryKind.ACTION_CHANGED,
        EntryKind.ACTION_DROPPED,
        EntryKind.TIME_ASKED,
    }
)


def is_his(action: Action, person: Person, today: Organisation) -> bool:
    """Whose it is to do, be it because he took over from who left."""
    holder = today.person_or_heir(action.owner)
    return person.takes_cases and holder is not None and holder.id == person.id


def worked_on(move: Move) -> int | None:
    """The number of the action on which somebody acted: what was said of it before is out of date."""
    first = move.entries[0]
    return int(first.facts["number"]) if first.kind in WORK else None


def repair(state: CaseState, event: Acted, act: AddAction | OnAction) -> Move:
    match act:
        case AddAction():
            return _add_action(state, event, act)
        case FinishAction():
            return _finish_action(state, event, act)
        case AcceptAction():
            return _accept_action(state, event, act)
        case RefuseAction():
            return _refuse_action(state, event, act)
        case AskTime():
            return _ask_time(state, event, act)
        case ChangeAction():
            return _change_action(state, event, act)
        case DropAction():
            return _drop_action(state, event, act)
        case _:
            assert_never(act)


def _add_action(state: CaseState, event: Acted, act: AddAction) -> Move:
    require_contact(state)
    _require_ahead(act.due, event)
    number = len(state.actions) + 1
    action = Action(number, act.owner, act.due, state.round, promise=act.promise, cost=act.cost)
    facts: dict[str, str | int] = {
        "number": number,
        "owner": act.owner,
        "promised": act.due.isoformat(),
        **suggested_facts(act.suggested),
    }
    told = _tell_doer(Message.ACTION_GIVEN, action, event)
    if act.promise is not None:
        facts["promise"] = act.promise
        told = (_tell_customer(Message.PROMISED, action), *told)
    entry = _entry(EntryKind.ACTION_ADDED, event, facts | _cost(act.cost))
    move = settle(state, replace(state, actions=(*state.actions, action)), entry, promised=True)
    return replace(move, notices=(*move.notices, *told))


def _finish_action(state: CaseState, event: Acted, act: FinishAction) -> Move:
    """What the case's owner finishes himself needs nobody else's yes."""
    found = _to_do(state, act.number)
    to_accept = event.by != state.owner and not act.settled
    done = replace(
        found,
        done_at=event.at,
        done_by=event.by,
        round=state.round,
        to_accept=to_accept,
        cost=act.cost or found.cost,
        asked_for=None,
    )
    facts: dict[str, str | int] = {"number": act.number, **_cost(act.cost)}
    if to_accept:
        facts["to_accept"] = 1
    entry = _entry(EntryKind.ACTION_DONE, event, facts)
    move = settle(state, _with(state, done), entry, promised=True, asks=act.asks)
    if not to_accept:
        return move
    told = Notice(Message.ACTION_TO_ACCEPT, Audience.OWNER, act.number)
    return replace(move, notices=(*move.notices, told))


def _accept_action(state: CaseState, event: Acted, act: AcceptAction) -> Move:
    """Who has the case may have changed since: the yes of whoever spoke for it counts."""
    found = _to_accept(state, event, act.number)
    accepted = replace(found, to_accept=False, accepted_by=event.by)
    entry = _entry(EntryKind.ACTION_ACCEPTED, event, {"number": act.number})
    return settle(state, _with(state, accepted), entry, promised=True)


def _refuse_action(state: CaseState, event: Acted, act: RefuseAction) -> Move:
    """It is as if it had not been done yet, but for the count, and a date that has passed."""
    found = _to_accept(state, event, act.number)
    _require_ahead(act.due, event)
    sent_back = replace(
        _dated_anew(found, act.due, event.at),
        done_at=None,
        done_by=None,
        to_accept=False,
        refused=found.refused + 1,
    )
    promised = act.due.isoformat()
    facts: dict[str, str | int] = {
        "number": act.number,
        "owner": found.owner,
        "promised": promised,
    }
    entry = _entry(EntryKind.ACTION_REFUSED, event, facts)
    move = settle(state, _with(state, sent_back), entry, promised=True)
    told = _tell_doer(Message.ACTION_REFUSED, sent_back, event)
    return replace(move, notices=(*move.notices, *told, *_of_new_date(found, sent_back)))


def _ask_time(state: CaseState, event: Acted, act: AskTime) -> Move:
    """Nothing moves by itself: who has the case changes the date, or does not."""
    found = _to_do(state, act.number)
    if event.by == state.owner:
        raise WrongMove("ask_nobody", "The case is yours: change the date.")
    _require_ahead(act.due, event)
    entry = _entry(
        EntryKind.TIME_ASKED, event, {"number": act.number, "promised": act.due.isoformat()}
    )
    after = _with(state, replace(found, asked_for=act.due))
    return Move(after, (entry,), (Notice(Message.TIME_ASKED, Audience.OWNER, act.number),))


def _change_action(state: CaseState, event: Acted, act: ChangeAction) -> Move:
    found = _to_do(state, act.number)
    owner, due = act.owner or found.owner, act.due or found.due
    if (owner, due) == (found.owner, found.due):
        raise WrongMove("nothing_changed", "Name another date, or somebody else.")
    facts: dict[str, str | int] = {"number": act.number}
    changed = replace(found, owner=owner)
    if due != found.due:
        _require_ahead(due, event)
        changed = replace(_dated_anew(found, due, event.at), owner=owner)
        facts["promised"] = due.isoformat()
    if owner != found.owner:
        facts["to"] = owner
    move = settle(
        state,
        _with(state, changed),
        _entry(EntryKind.ACTION_CHANGED, event, facts),
        promised=True,
    )
    return replace(move, notices=(*move.notices, *_of_change(found, changed, event)))


def _drop_action(state: CaseState, event: Acted, act: DropAction) -> Move:
    """It kept nothing, so it answers no target."""
    found = _to_do(state, act.number)
    dropped = replace(found, dropped_at=event.at, agreed=act.agreed, asked_for=None)
    facts = {"number": act.number, "agreed": int(act.agreed)}
    entry = _entry(EntryKind.ACTION_DROPPED, event, facts)
    move = settle(state, _with(state, dropped), entry, promised=True)
    told = _tell_doer(Message.ACTION_TAKEN, found, event)
    if found.promise is not None:
        told = (_tell_customer(Message.PROMISE_DROPPED, found), *told)
    return replace(move, notices=(*move.notices, *told), answered=False)


def _to_do(state: CaseState, number: int) -> Action:
    found = _found(state, number)
    if found.dropped_at is not None:
        raise WrongMove("dropped", f"Action {number} was dropped.")
    if found.done_at is not None:
        raise WrongMove("already_done", f"Action {number} is already done.")
    return found


def _to_accept(state: CaseState, event: Acted, number: int) -> Action:
    found = _found(state, number)
    if not found.to_accept:
        raise WrongMove("nothing_to_accept", f"Action {number} does not wait to be accepted.")
    if event.by == found.done_by and event.by != state.owner:
        raise WrongMove("own_work", "Somebody else than who did it says whether it is good.")
    return found


def _found(state: CaseState, number: int) -> Action:
    found = next((action for action in state.actions if action.number == number), None)
    if found is None:
        raise WrongMove("no_such_action", f"The case has no action {number}.")
    return found


def _require_ahead(due: datetime, event: Acted) -> None:
    if due <= event.at:
        raise WrongMove("due_in_the_past", "An action cannot be due before it is written down.")


def _dated_anew(action: Action, due: datetime, at: datetime) -> Action:
    """A date that has passed stays missed, whatever the next one is."""
    missed = action.due if action.due < at else None
    return replace(action, due=due, missed=action.missed or missed, broken_at=None, asked_for=None)


def _with(state: CaseState, changed: Action) -> CaseState:
    actions = (changed if a.number == changed.number else a for a in state.actions)
    return replace(state, actions=tuple(actions))


def _entry(kind: EntryKind, event: Acted, facts: Mapping[str, str | int]) -> Entry:
    return Entry(kind, event.at, event.by, facts=facts)


def _cost(cost: Money | None) -> dict[str, str | int]:
    return {"cost": cost.cents, "currency": cost.currency} if cost else {}


def _of_change(before: Action, after: Action, event: Acted) -> tuple[Notice, ...]:
    if before.owner == after.owner:
        moved = _tell_doer(Message.ACTION_MOVED, after, event)
        return (*moved, *_of_new_date(before, after))
    taken = _tell_doer(Message.ACTION_TAKEN, before, event)
    given = _tell_doer(Message.ACTION_GIVEN, after, event)
    return (*taken, *given, *_of_new_date(before, after))


def _of_new_date(before: Action, after: Action) -> tuple[Notice, ...]:
    """The customer was told the old one in writing."""
    if after.promise is None or before.due == after.due:
        return ()
    return (_tell_customer(Message.PROMISE_MOVED, after),)


def _tell_doer(message: Message, action: Action, event: Acted) -> tuple[Notice, ...]:
    """Nobody is told what he just did himself."""
    if action.owner == event.by:
        return ()
    return (Notice(message, Audience.DOER, action.number, action.owner),)


def _tell_customer(message: Message, action: Action) -> Notice:
    return Notice(message, Audience.CUSTOMER, action.number)
