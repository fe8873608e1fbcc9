"""Whom nothing reaches: his messages come back for good, one after the other."""

from datetime import datetime, timedelta

from sqlalchemy import and_, exists, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.carrier_errors import OURS
from models.fallback_tables import FallbackRow
from models.organisation_tables import OrganisationRow
from models.posting import JUDGED, LOST, TAKEN
from models.tables import IntentRow

IN_A_ROW = 2
"""One that is refused may be the message's own fault."""
LATELY = timedelta(days=7)
"""After that somebody is tried again: nobody is lost for ever."""
NOT_OURS = or_(col(IntentRow.reason).is_(None), col(IntentRow.reason).not_in(OURS))
"""What fails by our own settings says nothing of the person."""
_OTHER = aliased(IntentRow)
TO_BE_TRIED = exists().where(
    col(FallbackRow.intent_id) == col(IntentRow.id), col(FallbackRow.channel).is_not(None)
)
"""There is another way; what is lost goes it as soon as somebody has looked after it."""
_TRIED = exists().where(
    col(_OTHER.fallback_of) == col(IntentRow.id), col(_OTHER.status).not_in(LOST)
)
BY_NO_WAY = and_(~TO_BE_TRIED, ~_TRIED)
"""Nor does it go another way, or is still to go there."""
COUNTS = and_(NOT_OURS, or_(col(IntentRow.fallback_of).is_(None), col(IntentRow.status).in_(TAKEN)))
"""A message that no way brings is one, however many ways there were."""


async def unreachable_people(session: AsyncSession, at: datetime) -> frozenset[str]:
    """To whom the two latest messages that a carrier judged were refused, by each way he has.

    Only what was written within seven days counts, and since the organisation's file was last
    applied: its operator may have put the address right.
    """
    applied = (await session.exec(select(func.max(col(OrganisationRow.applied_at))))).one()
    since = max(at - LATELY, applied)
    failed = (
        select(IntentRow.person)
        .where(
            col(IntentRow.status).in_(LOST),
            COUNTS,
            BY_NO_WAY,
            col(IntentRow.not_before) >= since,
            col(IntentRow.person).is_not(None),
        )
        .group_by(col(IntentRow.person))
        .having(func.count() >= IN_A_ROW)
    )
    suspects = [person for person in await session.exec(failed) if person]
    return frozenset([p for p in suspects if await _is_lost(session, p, since)])


async def _is_lost(session: AsyncSession, person: str, since: datetime) -> bool:
    latest = (
        select(IntentRow.status)
        .where(
            col(IntentRow.status).in_(JUDGED),
            COUNTS,
            or_(col(IntentRow.status).in_(TAKEN), BY_NO_WAY),
            col(IntentRow.created_at) >= since,
            col(IntentRow.posted_at).is_not(None),
            col(IntentRow.person) == person,
        )
        .order_by(col(IntentRow.posted_at).desc(), col(IntentRow.id).desc())
        .limit(IN_A_ROW)
    )
    return set(await session.exec(latest)) <= {*LOST}
