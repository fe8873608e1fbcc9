"""The rights of `models.people` as SQL conditions on cases and responses; tests hold the two together."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlmodel import col

from models.people import Person, Role, hearing_for
from models.tables import CaseRow, ResponseRow


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


def _answered_by(
    me: Person, of: type[CaseRow] | type[ResponseRow] = CaseRow
) -> ColumnElement[bool]:
    region = col(of.region).in_(sorted(me.regions))
    return and_(region, col(of.trade).in_(sorted(me.trades))) if me.trades else region


def listed_for(reader: Person) -> ColumnElement[bool]:
    """What he may read, be it anonymously, in SQL."""
    match reader.role:
        case Role.EXECUTIVE:
            return true()
        case Role.OPERATOR:
            return false()
        case _:
            return readable_by(reader)


def heard_by(me: Person, people: Mapping[str, Person]) -> ColumnElement[bool]:
    """What `may_hear` says of reading, be it anonymously, in SQL: of responses beside their cases, if any."""
    places = [
        condition
        for each in hearing_for(me, people)
        for condition in (
            _answered_by(each, ResponseRow),
            col(ResponseRow.trade).in_(sorted(each.referent_of)),
        )
    ]
    return or_(listed_for(me), *places)
