"""Who says *I take it*: whose case it is. Said by anybody else, two people would each believe that the
other one has it.
"""

from models.errors import WrongMove
from models.people import Person
from models.tables import CaseRow


def holds(person: Person, row: CaseRow) -> bool:
    """Its owner, or who the organisation's file says stands in for him; a case that is just being opened
    is nobody's yet.
    """
    return row.owner is None or row.owner in {person.id, *person.deputises_for}


def require_holder(person: Person, row: CaseRow) -> None:
    """Judged here and not by the reducer: what was taken before this was asked for stays taken."""
    if not holds(person, row):
        raise WrongMove(
            "not_with_you",
            f"The case is with {row.owner}: to take it, hand it over to yourself and say why.",
        )
