"""What of the policy's messages to a case's customer has really left: a carrier took it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, exists, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.attempts import came_back
from models.case import Move
from models.notices import Audience, Message
from models.posting import JUDGED, LOST, Posting
from models.store.sharers import Sharer
from models.store.unreachable import BY_NO_WAY, NOT_OURS, TO_BE_TRIED
from models.tables import IntentRow

CAME_BACK = (*LOST, Posting.UNKNOWN)
ON_THEIR_WAY = (Posting.PENDING, Posting.SENDING)


async def with_what_came_back(session: AsyncSession, move: Move) -> Move:
    """Inside its commit: nobody tells a case at once what became of a message."""
    return came_back(move, await how_many_came_back(session, move.state.case_id))


async def how_many_came_back(session: AsyncSession, case_id: str) -> int:
    """Of those after attempts in vain, in all rounds: by no way, and not written again."""
    again = aliased(IntentRow)
    lost = select(func.count()).where(
        IntentRow.case_id == case_id,
        IntentRow.message == Message.TRIED,
        col(IntentRow.status).in_(CAME_BACK),
        col(IntentRow.fallback_of).is_(None),
        or_(col(IntentRow.status) == Posting.UNKNOWN, BY_NO_WAY),
        ~exists().where(col(again.retry_of) == col(IntentRow.id)),
    )
    return (await session.exec(lost)).one()


async def leaves_at(session: AsyncSession, case_id: str) -> datetime | None:
    """When the one that is still on its way may leave, be it another way; None where none is."""
    waiting = select(func.max(IntentRow.not_before)).where(
        IntentRow.case_id == case_id,
        IntentRow.message == Message.TRIED,
        or_(
            col(IntentRow.status).in_(ON_THEIR_WAY),
            and_(col(IntentRow.status).in_(LOST), TO_BE_TRIED),
        ),
    )
    return (await session.exec(waiting)).one()


async def refused_addresses(
    session: AsyncSession, case_id: str, sharers: Sequence[Sharer]
) -> frozenset[str]:
    """Of its customers: to which the latest message of the case that a carrier judged was refused."""
    judged = select(IntentRow).where(
        IntentRow.case_id == case_id,
        IntentRow.audience == Audience.CUSTOMER,
        col(IntentRow.status).in_(JUDGED),
        NOT_OURS,
    )
    rows: Sequence[IntentRow] = (
        await session.exec(judged.order_by(col(IntentRow.posted_at)))
    ).all()
    boxes = {each.row.key_id: each.box for each in sharers}
    fate = {
        boxes[row.key_id].open(f"intents.{row.id}.address", row.address_sealed): row.status
        for row in rows
        if row.key_id in boxes
    }
    return frozenset(address for address, status in fate.items() if status in LOST)
