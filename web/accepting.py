"""Whoever did a repair does not say himself whether it is good, though the case has become his."""

from models.actions import Act
from models.case import CaseState
from models.errors import WrongMove
from models.handling import AcceptAction, RefuseAction
from models.people import Person, Role
from models.repairs import is_own_work
from models.store.casebook import state_of
from models.tables import CaseRow


def is_own(person: Person, number: int, state: CaseState) -> bool:
    """Above the national owner stands nobody: he judges his own work too."""
    return is_own_work(state, number, person.id) and person.role is not Role.NATIONAL_OWNER


def require_others_work(person: Person, act: Act, row: CaseRow) -> None:
    """Raises WrongMove."""
    state = state_of(row)
    match act:
        case AcceptAction(number=number) | RefuseAction(number=number) if state:
            if is_own(person, number, state):
                raise WrongMove(
                    "own_work", "Somebody else than who did it says whether it is good."
                )
        case _:
            return
