"""How far who promises a gesture may go by himself, and who may say yes where he may not.

Judged against the organisation in force today; the workflow is told what came out of it.
"""

from collections.abc import Iterator
from dataclasses import replace

from models.action import Action
from models.actions import Act, AddAction, FinishAction, PromiseKind
from models.approvers import is_approver, may_answer
from models.errors import NotAllowed, NotUnderstood, WrongMove
from models.handling import ApproveGesture, ChangeAction, RefuseGesture
from models.money import Money
from models.organisation import Organisation
from models.people import Person, Role
from models.store.casebook import state_of
from models.store.views import facts_of
from models.tables import CaseRow

UP = frozenset({Role.NATIONAL_OWNER, Role.EXECUTIVE})
"""One of them is asked where the ladder has nobody with the authority."""


def judged(act: Act, actor: str, row: CaseRow, today: Organisation) -> Act:
    """With what the limits in force say of it."""
    person, gesture = today.people.get(actor), _named(act, row)
    match act:
        case AddAction(promise=PromiseKind.GESTURE, cost=Money() as cost) if person:
            return replace(act, beyond=_is_beyond(person, cost, row, today))
        case ChangeAction(cost=Money() as cost) if person and gesture:
            beyond = _is_beyond(person, cost, row, today, besides=gesture)
            grows = gesture.cost is None or cost.cents > gesture.cost.cents
            settled = gesture.counts and not grows
            return replace(act, beyond=beyond and not settled)
        case _:
            return act


def is_asked(person: Person, number: int, row: CaseRow, today: Organisation) -> bool:
    """Whether he is the one who was asked to say yes to it, or took over from him."""
    return any(
        action.number == number and is_approver(action, person, today) for action in _actions(row)
    )


def require_worth(act: Act) -> None:
    """Raises NotUnderstood: what it is worth is estimated where it costs no money."""
    match act:
        case AddAction(promise=PromiseKind.GESTURE, cost=None):
            raise NotUnderstood(
                "Say what the gesture is worth, an estimate if it costs no money.", place="worth"
            )
        case _:
            return


def require_within(person: Person, act: Act, row: CaseRow, today: Organisation) -> None:
    """Raises NotAllowed for a yes or no that is not his to say, WrongMove for what grew in the doing."""
    gesture = _named(act, row)
    if gesture is None:
        return
    match act:
        case ApproveGesture() | RefuseGesture():
            own = person.id == gesture.promised_by
            if not own and not may_answer(person, gesture, facts_of(row), today):
                raise NotAllowed(f"The gesture is above the authority of {person.id} too.")
        case FinishAction(cost=Money() as cost):
            grows = gesture.cost is not None and cost.cents > gesture.cost.cents
            if grows and _is_beyond(person, cost, row, today, besides=gesture):
                raise WrongMove("worth_more", "It was promised for less: change its cost first.")
        case _:
            return


def _is_beyond(
    person: Person, cost: Money, row: CaseRow, today: Organisation, *, besides: Action | None = None
) -> bool:
    """The limit counts for all that he promises on one case: two halves are not below it.

    Nobody is above who could not be asked: there is always somebody else.
    """
    limit = today.gestures.limit_of(person)
    if limit is None or not any(p.role in UP and p != person for p in today.people.values()):
        return False
    return sum(_promised_by(person, row, besides)) + cost.cents > limit


def _promised_by(person: Person, row: CaseRow, besides: Action | None) -> Iterator[int]:
    """In cents, on nobody's yes but his own."""
    for each in _actions(row):
        free = each.approval is None and each.dropped_at is None
        if free and each.promised_by == person.id and each != besides and each.cost is not None:
            yield each.cost.cents


def _named(act: Act, row: CaseRow) -> Action | None:
    """The gesture that the act is about, if it is about one."""
    number = getattr(act, "number", None)
    found = (a for a in _actions(row) if a.promise is PromiseKind.GESTURE)
    return next((action for action in found if action.number == number), None)


def _actions(row: CaseRow) -> tuple[Action, ...]:
    state = state_of(row)
    return state.actions if state else ()
