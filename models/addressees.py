"""Which colleague a notice is for."""

from models.case import Audience
from models.organisation import Organisation
from models.people import Person


def colleague_told(
    audience: Audience, today: Organisation, *, owner: str | None, former: str | None
) -> Person | None:
    """None for the customer, and where the former owner is gone or still the owner."""
    match audience:
        case Audience.OWNER:
            return today.people.get(owner or "") or today.national_owner
        case Audience.FORMER_OWNER:
            return today.people.get(former or "") if former != owner else None
        case Audience.CUSTOMER:
            return None
