"""What the carrier tells of messages that it was given, and what it is asked. Inside a unit of work."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.carrier_errors import remedy_of
from models.errors import Misconfigured
from models.notices import Audience, Message
from models.posting import LOST, TAKEN, News, Standing, latest
from models.reconciliation import FIRST_LOOK_ACCEPTED, THROWN_OUT_WAITS, may_repeat, next_look
from models.resurvey_policy import Withheld
from models.store.copies import is_resent, withdraw_copies, write_copy
from models.store.database import box_of
from models.store.resurveys import note_withheld
from models.store.suppressions import suppress_after
from models.tables import IntentRow
from models.vault import Box, Vault


async def take_news(
    session: AsyncSession, vault: Vault, intent: str, news: News, *, at: datetime
) -> bool:
    """Twice or in another order it comes to the same. False where it is no news of a message of ours."""
    row = await session.get(IntentRow, intent, with_for_update=True, populate_existing=True)
    if row is None or row.sid not in {None, news.sid}:
        return False
    stands = latest(Standing(row.rank, row.code if row.rank else 0), news.standing)
    came_back = stands.posting in LOST and row.status not in LOST
    if stands.is_final:
        row.look_at = None
    elif row.sid is None:
        row.look_at = row.look_at or at + FIRST_LOOK_ACCEPTED
    row.sid, row.status = news.sid, stands.posting
    row.rank, row.code = stands.rank, stands.code
    row.posted_at = row.posted_at or at
    row.reason = remedy_of(row.code) if row.code else None
    session.add(row)
    if stands.posting in LOST:
        await suppress_after(session, vault, row, at=at)
    again = await _repeated(session, vault, row, stands, at=at)
    if came_back and not again and row.case_id and row.message == Message.RESURVEY:
        await note_withheld(session, row.case_id, Withheld.REFUSED, at=at)
    if stands.posting in TAKEN:
        await withdraw_copies(session, row)
    return True


async def _repeated(
    session: AsyncSession, vault: Vault, row: IntentRow, stands: Standing, *, at: datetime
) -> bool:
    """Whether it is written once more, for when the queue that was full has room again."""
    to_customer, resent = row.audience == Audience.CUSTOMER, await is_resent(session, row)
    if not may_repeat(stands, to_customer=to_customer, resent=resent):
        return False
    return await write_copy(session, vault, row, at=at, not_before=at + THROWN_OUT_WAITS)


@dataclass(frozen=True, slots=True)
class MessageQuestion:
    """A message of which the carrier is asked; `sid` is None where it may never have had it.

    `repr` shows neither the address nor the words.
    """

    intent: str
    sid: str | None
    address: str
    body: str
    posted_at: datetime

    def __repr__(self) -> str:
        return f"MessageQuestion({self.intent})"


async def next_message_question(
    session: AsyncSession, vault: Vault, now: datetime
) -> MessageQuestion | None:
    """The one that has waited longest; whoever asks it has some time until the next one does."""
    waiting = (
        select(IntentRow)
        .where(col(IntentRow.look_at) <= now)
        .order_by(col(IntentRow.look_at))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    while (row := (await session.exec(waiting)).first()) is not None:
        posted_at = row.claimed_at or row.created_at
        box = await _readable(session, vault, row)
        clear = row.sid is not None
        row.look_at = next_look(posted_at, now, clear=clear) if box else None
        session.add(row)
        await session.flush()
        if box is not None:
            place = f"intents.{row.id}"
            address = box.open(f"{place}.address", row.address_sealed)
            body = box.open(f"{place}.body", row.body_sealed)
            return MessageQuestion(row.id, row.sid, address, body, posted_at)
    return None


async def _readable(session: AsyncSession, vault: Vault, row: IntentRow) -> Box | None:
    """None also for what another key has sealed: nothing can be asked of it."""
    with suppress(Misconfigured):
        return await box_of(session, vault, row.key_id)
    return None


async def known_elsewhere(
    session: AsyncSession, intent: str, sids: Collection[str]
) -> frozenset[str]:
    """Which of these names belong to other intents."""
    others = col(IntentRow.sid).in_(sids), IntentRow.id != intent
    return frozenset(sid for sid in await session.exec(select(IntentRow.sid).where(*others)) if sid)
