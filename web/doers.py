"""To whom an action may be given: somebody who is there to do it."""

from zoneinfo import ZoneInfo

from models.actions import Act, AddAction
from models.errors import WrongMove
from models.handling import ChangeAction
from models.people import Person
from models.store.casebook import state_of
from models.tables import CaseRow
from models.versions import Versions
from models.workday import hours_of


def require_there(person: Person, versions: Versions) -> None:
    """Raises WrongMove for who is away, and says until when."""
    for absence in versions.absences:
        if absence.person == person.id:
            zone = ZoneInfo(hours_of(versions.today, person).zone)
            raise WrongMove(
                "away",
                f"{person.id} is away until {absence.until.astimezone(zone):%Y-%m-%d %H:%M}.",
            )


def require_doer_there(act: Act, actor: str, row: CaseRow, versions: Versions) -> None:
    """Who takes it himself is there, and who has it already keeps it. Raises WrongMove."""
    match act:
        case AddAction(owner=owner):
            kept = {actor}
        case ChangeAction(owner=str() as owner, number=number):
            state = state_of(row)
            has = (a.owner for a in (state.actions if state else ()) if a.number == number)
            kept = {actor, *has}
        case _:
            return
    if owner not in kept:
        require_there(versions.today.people[owner], versions)
