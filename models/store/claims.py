"""Which letter leaves next: the oldest that may by its time, and still should. Inside a unit of work."""

from datetime import datetime
from typing import Protocol

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.errors import Misconfigured
from models.notices import Message
from models.people import Channel
from models.posting import Posting
from models.resurvey_policy import Withheld
from models.store.resurveys import note_withheld, why_withheld
from models.tables import IntentRow


class Looking(Protocol):
    """Looks at a letter's case again. False: the letter is withdrawn or put off by now."""

    async def lets_leave(self, session: AsyncSession, letter: IntentRow, now: datetime) -> bool: ...


async def leaves(
    session: AsyncSession, row: IntentRow, now: datetime, second_look: Looking | None
) -> bool:
    """What should not leave any more is withdrawn or put off by now. A re-survey waited for weeks."""
    session.add(row)
    why = await _why_withheld(session, row, now)
    if why is not None:
        row.status, row.reason = Posting.WITHDRAWN, why
        await note_withheld(session, str(row.case_id), why, at=now)
        return False
    return second_look is None or await _looked_at(second_look, session, row, now)


async def oldest_ready(
    session: AsyncSession, now: datetime, channel: Channel | None
) -> IntentRow | None:
    """By that channel, or by any."""
    ready = select(IntentRow).where(
        IntentRow.status == Posting.PENDING, col(IntentRow.not_before) <= now
    )
    if channel is not None:
        ready = ready.where(IntentRow.channel == channel)
    first = ready.order_by(col(IntentRow.not_before), col(IntentRow.id)).limit(1)
    return (await session.exec(first.with_for_update(skip_locked=True))).first()


async def _looked_at(
    second_look: Looking, session: AsyncSession, row: IntentRow, now: datetime
) -> bool:
    """What another key has sealed fails alone, and stops nobody else's letters."""
    try:
        return await second_look.lets_leave(session, row, now)
    except Misconfigured:
        row.status, row.reason = Posting.FAILED, "unreadable"
        return False


async def _why_withheld(session: AsyncSession, row: IntentRow, now: datetime) -> Withheld | None:
    asks = row.message == Message.RESURVEY
    return await why_withheld(session, row, now=now) if asks else None
