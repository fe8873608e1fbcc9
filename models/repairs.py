"""What is done for the customer: who has it, until when, and whether the case's owner accepts it.

He is the internal customer of the trade that repairs: what somebody else has done is finished once
he, or who speaks for him, says that it is good.
"""

from dataclasses import replace
from typing import assert_never

from models.action import Action, Stand
from models.actions import AddAction, FinishAction, OnAction, PromiseKind
from models.attempts import unwanted_call
from models.case import Acted, CaseState, Move
from models.causes import suggested_facts
from models.closing import require_contact_if_any
from models.errors import WrongMove
from models.gestures import approve, change_proposal, propose, refuse, withdraw
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
from models.organisation import Organisation
from models.people import Person
from models.progress import settle
from models.promises import promisable
from models.remedy import (
    cost_facts,
    dated_anew,
    entry_of,
    found_in,
    of_new_date,
    require_ahead,
    tell_customer,
    tell_doer,
    tell_of_new,
    to_do,
    with_action,
)
from models.timeline import EntryKind

WORK = frozenset(
    {
        EntryKind.ACTION_DONE,
        EntryKind.ACTION_ACCEPTED,
        EntryKind.ACTION_REFUSED,
        EntryKind.ACTION_CHANGED,
        EntryKind.ACTION_DROPPED,
        EntryKind.TIME_ASKED,
        EntryKind.GESTURE_APPROVED,
        EntryKind.GESTURE_REFUSED,
    }
)


def is_his(action: Action, person: Person, today: Organisation) -> bool:
    """Whose it is to do, be it because he took over from who left, or stands in for who is away."""
    holder = today.person_or_heir(action.owner)
    his = action.owner == person.id or (holder is not None and holder.id == person.id)
    return his and action.counts and person.takes_cases


def is_own_work(state: CaseState, number: int, by: str) -> bool:
    """It waits for the yes of somebody else than who did it, even where the case has become his."""
    return any(a.number == number and a.done_by == by for a in state.to_accept)


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
        case ApproveGesture():
            return approve(state, event, act)
        case RefuseGesture():
            return refuse(state, event, act)
        case _:
            assert_never(act)


def _add_action(state: CaseState, event: Acted, act: AddAction) -> Move:
    require_contact_if_any(state)
    require_ahead(act.due, event)
    if act.promise is not None and state.reach.nowhere:
        raise WrongMove("nowhere", "Nobody knows a way to tell the customer: promise nothing.")
    if act.promise is not None and act.promise not in promisable(state):
        raise unwanted_call()
    number = len(state.actions) + 1
    action = Action(
        number,
        act.owner,
        act.due,
        state.round,
        promise=act.promise,
        cost=act.cost,
        promised_by=event.by if act.promise is PromiseKind.GESTURE else None,
    )
    facts: dict[str, str | int] = {
        "number": number,
        "owner": act.owner,
        "promised": act.due.isoformat(),
        **suggested_facts(act.suggested),
    }
    if act.promise is not None:
        facts["promise"] = act.promise
    if act.beyond:
        facts["to_approve"] = 1
    entry = entry_of(EntryKind.ACTION_ADDED, event, facts | cost_facts(act.cost))
    if act.beyond:
        return propose(state, action, entry)
    move = settle(state, replace(state, actions=(*state.actions, action)), entry, promised=True)
    return replace(move, notices=(*move.notices, *tell_of_new(action, event)))


def _finish_action(state: CaseState, event: Acted, act: FinishAction) -> Move:
    """What the case's owner finishes himself needs nobody else's yes."""
    found = to_do(state, act.number)
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
    facts: dict[str, str | int] = {"number": act.number, **cost_facts(act.cost)}
    if to_accept:
        facts["to_accept"] = 1
    entry = entry_of(EntryKind.ACTION_DONE, event, facts)
    move = settle(state, with_action(state, done), entry, promised=True, asks=act.asks)
    if not to_accept:
        return move
    told = Notice(Message.ACTION_TO_ACCEPT, Audience.OWNER, act.number)
    return replace(move, notices=(*move.notices, told))


def _accept_action(state: CaseState, event: Acted, act: AcceptAction) -> Move:
    """Who has the case may have changed since: the yes of whoever spoke for it counts."""
    found = _to_accept(state, event, act.number)
    accepted = replace(found, to_accept=False, accepted_by=event.by)
    entry = entry_of(EntryKind.ACTION_ACCEPTED, event, {"number": act.number})
    return settle(state, with_action(state, accepted), entry, promised=True)


def _refuse_action(state: CaseState, event: Acted, act: RefuseAction) -> Move:
    """It is as if it had not been done yet, but for the count, and a date that has passed."""
    found = _to_accept(state, event, act.number)
    require_ahead(act.due, event)
    sent_back = replace(
        dated_anew(found, act.due, event.at),
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
    entry = entry_of(EntryKind.ACTION_REFUSED, event, facts)
    move = settle(state, with_action(state, sent_back), entry, promised=True)
    told = tell_doer(Message.ACTION_REFUSED, sent_back, event)
    return replace(move, notices=(*move.notices, *told, *of_new_date(found, sent_back)))


def _ask_time(state: CaseState, event: Acted, act: AskTime) -> Move:
    """Nothing moves by itself: who has the case changes the date, or does not."""
    found = to_do(state, act.number)
    if event.by == state.owner:
        raise WrongMove("ask_nobody", "The case is yours: change the date.")
    require_ahead(act.due, event)
    entry = entry_of(
        EntryKind.TIME_ASKED, event, {"number": act.number, "promised": act.due.isoformat()}
    )
    after = with_action(state, replace(found, asked_for=act.due))
    return Move(after, (entry,), (Notice(Message.TIME_ASKED, Audience.OWNER, act.number),))


def _change_action(state: CaseState, event: Acted, act: ChangeAction) -> Move:
    if found_in(state, act.number).stand is Stand.TO_APPROVE:
        return change_proposal(state, found_in(state, act.number), event, act)
    found = to_do(state, act.number)
    if act.beyond:
        raise WrongMove("promised_already", "It is promised: promise what comes on top of it anew.")
    owner, due, cost = act.owner or found.owner, act.due or found.due, act.cost or found.cost
    if (owner, due, cost) == (found.owner, found.due, found.cost):
        raise WrongMove("nothing_changed", "Name another date, another cost, or somebody else.")
    facts: dict[str, str | int] = {"number": act.number}
    if cost != found.cost:
        facts |= cost_facts(cost)
    changed = replace(found, owner=owner, cost=cost)
    if due != found.due:
        require_ahead(due, event)
        changed = dated_anew(changed, due, event.at)
        facts["promised"] = due.isoformat()
    if owner != found.owner:
        facts["to"] = owner
    move = settle(
        state,
        with_action(state, changed),
        entry_of(EntryKind.ACTION_CHANGED, event, facts),
        promised=True,
    )
    return replace(move, notices=(*move.notices, *_of_change(found, changed, event)))


def _drop_action(state: CaseState, event: Acted, act: DropAction) -> Move:
    """It kept nothing, so it answers no target."""
    if found_in(state, act.number).stand is Stand.TO_APPROVE:
        return withdraw(state, found_in(state, act.number), event, act)
    found = to_do(state, act.number)
    dropped = replace(found, dropped_at=event.at, agreed=act.agreed, asked_for=None)
    facts = {"number": act.number, "agreed": int(act.agreed)}
    entry = entry_of(EntryKind.ACTION_DROPPED, event, facts)
    move = settle(state, with_action(state, dropped), entry, promised=True)
    told = tell_doer(Message.ACTION_TAKEN, found, event)
    if found.promise is not None:
        told = (tell_customer(Message.PROMISE_DROPPED, found), *told)
    return replace(move, notices=(*move.notices, *told), answered=False)


def _to_accept(state: CaseState, event: Acted, number: int) -> Action:
    found = found_in(state, number)
    if not found.to_accept:
        raise WrongMove("nothing_to_accept", f"Action {number} does not wait to be accepted.")
    if event.by == found.done_by and event.by != state.owner:
        raise WrongMove("own_work", "Somebody else than who did it says whether it is good.")
    return found


def _of_change(before: Action, after: Action, event: Acted) -> tuple[Notice, ...]:
    if (before.owner, before.due) == (after.owner, after.due):
        return ()
    if before.owner == after.owner:
        moved = tell_doer(Message.ACTION_MOVED, after, event)
        return (*moved, *of_new_date(before, after))
    taken = tell_doer(Message.ACTION_TAKEN, before, event)
    given = tell_doer(Message.ACTION_GIVEN, after, event)
    return (*taken, *given, *of_new_date(before, after))
