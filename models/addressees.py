"""Which colleague a notice is for."""

from collections.abc import Collection
from typing import assert_never

from models.case import CaseState
from models.notices import Audience
from models.organisation import Organisation
from models.people import Person


def colleague_told(
    audience: Audience,
    today: Organisation,
    state: CaseState,
    *,
    former: str | None,
    away: Collection[str] = (),
    named: str | None = None,
) -> Person | None:
    """None for the customer, and where the former owner is gone, or still the owner.

    Who is `away` need not learn that somebody stands in for him. `named` is whom the notice itself
    names, or who took over from him.
    """
    match audience:
        case Audience.OWNER:
            return today.people.get(state.owner or "") or today.national_owner
        case Audience.FORMER_OWNER:
            return None if former in {state.owner, *away} else today.people.get(former or "")
        case Audience.ASSIGNEE:
            return today.people.get(state.assignee or "")
        case Audience.DOER:
            return today.person_or_heir(named or "")
        case Audience.CUSTOMER:
            return None
        case _:
            assert_never(audience)
