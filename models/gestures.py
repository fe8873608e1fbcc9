"""Gestures above the authority of who promised them: they wait for the yes of somebody higher.

Until then they are no promise: the customer is told nothing, nobody has to do them, and who waits for the
answer is not late. Who is asked is worked out in the commit (`models.approvers`).
"""

from dataclasses import replace
from typing import TypeAlias

from models.action import Action, Approval, Stand
from models.case import Acted, CaseState, Move, Silence
from models.errors import WrongMove
from models.handling import ApproveGesture, ChangeAction, DropAction, RefuseGesture
from models.ladder import RungKind
from models.notices import Audience, Message, Notice
from models.progress import settle
from models.remedy import (
    cost_facts,
    entry_of,
    found_in,
    require_ahead,
    tell_of_new,
    with_action,
)
from models.timeline import Entry, EntryKind

Facts: TypeAlias = dict[str, str | int]


def propose(state: CaseState, action: Action, entry: Entry) -> Move:
    """It moves no clock but that of who is asked."""
    asked = replace(action, approval=Approval.AWAITED, asked_level=state.level + 1)
    return settle(state, replace(state, actions=(*state.actions, asked)), entry)


def approve(state: CaseState, event: Acted, act: ApproveGesture) -> Move:
    """From now on it is a promise as any other."""
    found = _waiting(state, event, act.number)
    due = act.due or found.due
    if due <= event.at:
        raise WrongMove("date_passed", "Its date has passed meanwhile: name a new one.")
    given = replace(found, approval=Approval.GIVEN, answered_by=event.by, due=due)
    facts: Facts = {"number": act.number, "owner": found.owner, "promised": due.isoformat()}
    entry = entry_of(EntryKind.GESTURE_APPROVED, event, facts)
    move = settle(state, with_action(state, given), entry, promised=True)
    answered = _answered(Message.GESTURE_APPROVED, state, found, event)
    known = {state.owner, found.promised_by}
    told = (n for n in tell_of_new(given, event) if n.person is None or n.person not in known)
    return replace(move, notices=(*move.notices, *told, *answered))


def refuse(state: CaseState, event: Acted, act: RefuseGesture) -> Move:
    found = _waiting(state, event, act.number)
    refused = replace(found, approval=Approval.REFUSED, answered_by=event.by, dropped_at=event.at)
    entry = entry_of(EntryKind.GESTURE_REFUSED, event, {"number": act.number})
    move = settle(state, with_action(state, refused), entry)
    told = _answered(Message.GESTURE_REFUSED, state, found, event)
    return replace(move, notices=(*move.notices, *told), answered=False)


def change_proposal(state: CaseState, found: Action, event: Acted, act: ChangeAction) -> Move:
    """Whoever is asked is asked again; for more money from the next level on, as if it were new.

    Where its cost is now within the authority of who changed it, it is promised at once.
    """
    changed = replace(
        found,
        owner=act.owner or found.owner,
        due=act.due or found.due,
        cost=act.cost or found.cost,
        approver=None,
    )
    if changed == replace(found, approver=None):
        raise WrongMove("nothing_changed", "Name another date, another cost, or somebody else.")
    if act.cost is not None and not act.beyond:
        return _promise_now(state, replace(changed, approval=None), event, act)
    if changed.due != found.due:
        require_ahead(changed.due, event)
    if _costs_more(changed, found):
        changed = replace(changed, asked_level=state.level + 1, promised_by=event.by)
    return settle(state, with_action(state, changed), _of_change(found, changed, event))


def withdraw(state: CaseState, found: Action, event: Acted, act: DropAction) -> Move:
    """Nobody was told of it yet but who is asked, and he finds it gone."""
    gone = replace(found, dropped_at=event.at)
    entry = entry_of(EntryKind.ACTION_DROPPED, event, {"number": act.number, "agreed": 0})
    return replace(settle(state, with_action(state, gone), entry), answered=False)


def nudge_approver(state: CaseState, event: Silence) -> Move:
    """Where he stays silent it goes to the next level; at the top he is told again and again."""
    rung = event.rung
    found = found_in(state, rung.watch.number if rung.watch else 0)
    facts: Facts = {"number": found.number, "to": found.approver or ""}
    if rung.kind is RungKind.HAND_UP:
        higher = replace(found, approver=None, asked_level=found.asked_level + 1)
        entry = Entry(EntryKind.GESTURE_PASSED_UP, event.at, due=rung.at, facts=facts)
        return Move(with_action(state, higher), (entry,))
    late: Facts = {"late": int(rung.kind is RungKind.REPEAT)}
    entry = Entry(EntryKind.GESTURE_REMINDED, event.at, due=rung.at, facts=facts | late)
    told = Notice(Message.GESTURE_REMINDER, Audience.DOER, found.number, found.approver)
    return Move(state, (entry,), (told,))


def waiting(state: CaseState) -> tuple[Action, ...]:
    """For a yes."""
    return tuple(a for a in state.actions if a.stand is Stand.TO_APPROVE)


def _promise_now(state: CaseState, promised: Action, event: Acted, act: ChangeAction) -> Move:
    require_ahead(promised.due, event)
    promised = replace(promised, promised_by=event.by)
    facts: Facts = {"number": act.number, "promised": promised.due.isoformat()}
    entry = entry_of(EntryKind.ACTION_CHANGED, event, facts | cost_facts(act.cost) | {"within": 1})
    move = settle(state, with_action(state, promised), entry, promised=True)
    return replace(move, notices=(*move.notices, *tell_of_new(promised, event)))


def _of_change(before: Action, after: Action, event: Acted) -> Entry:
    facts: Facts = {"number": after.number}
    if after.due != before.due:
        facts["promised"] = after.due.isoformat()
    if after.owner != before.owner:
        facts["to"] = after.owner
    if after.cost != before.cost:
        facts |= cost_facts(after.cost)
    return entry_of(EntryKind.ACTION_CHANGED, event, facts)


def _costs_more(after: Action, before: Action) -> bool:
    """In another currency nobody can say, so that it does."""
    if after.cost is None or before.cost is None or after.cost.currency != before.cost.currency:
        return after.cost != before.cost
    return after.cost.cents > before.cost.cents


def _waiting(state: CaseState, event: Acted, number: int) -> Action:
    found = found_in(state, number)
    if found.approval is Approval.GIVEN:
        raise WrongMove("approved_already", f"Gesture {number} was approved already.")
    if found.approval is Approval.REFUSED:
        raise WrongMove("refused_already", f"Gesture {number} was refused already.")
    if found.dropped_at is not None:
        raise WrongMove("dropped", f"Action {number} was dropped.")
    if found.approval is None:
        raise WrongMove("needs_no_yes", f"Action {number} needs nobody's yes.")
    if event.by == found.promised_by:
        raise WrongMove("own_gesture", "Somebody else than who promised it says yes or no.")
    return found


def _answered(
    message: Message, state: CaseState, gesture: Action, event: Acted
) -> tuple[Notice, ...]:
    """For who has the case, and for who promised it, unless he answered himself."""
    number, promised_by = gesture.number, gesture.promised_by
    told = []
    if state.owner != event.by:
        told.append(Notice(message, Audience.OWNER, number))
    if promised_by not in {state.owner, event.by}:
        told.append(Notice(message, Audience.DOER, number, promised_by))
    return tuple(told)
