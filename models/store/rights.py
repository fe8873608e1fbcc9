"""The rights of `models.people.may` as SQL conditions on cases; tests hold the two together."""

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlmodel import col

from models.people import Person, Role
from models.tables import CaseRow


def readable_by(me: Person) -> ColumnElement[bool]:
    """What `may(me, Right.READ, …)` says, in SQL."""
    match me.role:
        case Role.NATIONAL_OWNER:
            return true()
        case Role.DIRECTOR | Role.DEPUTY:
            owned = col(CaseRow.owner).in_(sorted({me.id, *me.deputises_for}))
            return or_(owned, _answered_by(me)) if me.regions else owned
        case _:
            return col(CaseRow.owner) == me.id


def _answered_by(me: Person) -> ColumnElement[bool]:
    region = col(CaseRow.region).in_(sorted(me.regions))
    return and_(region, col(CaseRow.trade).in_(sorted(me.trades))) if me.trades else region


def listed_for(reader: Person) -> ColumnElement[bool]:
    """What he may read, be it anonymously, in SQL."""
    match reader.role:
        case Role.EXECUTIVE:
            return true()
        case Role.OPERATOR:
            return false()
        case _:
            return readable_by(reader)
