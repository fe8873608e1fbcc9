"""A message that is written once more, as a new intent with the same words. Inside a unit of work."""

from datetime import datetime

from sqlalchemy import or_
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from models.fallback_tables import FallbackRow
from models.notices import Audience
from models.posting import Posting
from models.reconciliation import may_resend
from models.store.casebook import lock_case
from models.store.database import box_of
from models.tables import IntentRow
from models.vault import Vault

SAME = frozenset(
    {
        *("case_id", "seq", "message", "audience", "person"),
        *("channel", "language", "nags", "action", "segments", "key_id"),
    }
)
"""What a copy has of the intent that it says once more."""
ARRIVED = "arrived"
"""Why a copy did not leave."""


async def resend(session: AsyncSession, vault: Vault, intent: str, *, now: datetime) -> bool:
    """Once what nobody knows to have left, unless its case has moved on since.

    The case is locked before the letter, as in a commit.
    """
    told = await session.get_one(IntentRow, intent)
    moved = told.case_id and (await lock_case(session, told.case_id)).seq != told.seq
    row = await session.get_one(IntentRow, intent, with_for_update=True, populate_existing=True)
    if moved or row.status != Posting.UNKNOWN or not await _may_go(session, row, now):
        return False
    if not await write_copy(session, vault, row, at=now, not_before=now):
        return False
    row.look_at = None
    session.add(row)
    return True


async def write_copy(
    session: AsyncSession, vault: Vault, row: IntentRow, *, at: datetime, not_before: datetime
) -> bool:
    """False where nobody can read it any more."""
    box = await box_of(session, vault, row.key_id)
    if box is None:
        return False
    again = str(uuid7())
    kept = row.model_dump(include={*SAME})
    for field in ("address", "subject", "body", "html"):
        sealed = getattr(row, f"{field}_sealed")
        plain = box.open_if_any(f"intents.{row.id}.{field}", sealed)
        kept[f"{field}_sealed"] = box.seal_if_any(f"intents.{again}.{field}", plain)
    session.add(
        IntentRow(
            **kept,
            id=again,
            status=Posting.PENDING,
            not_before=not_before,
            created_at=at,
            retry_of=row.id,
        )
    )
    return True


async def is_resent(session: AsyncSession, row: IntentRow) -> bool:
    """It says something once more, or is said once more itself."""
    again = select(IntentRow.id).where(IntentRow.retry_of == row.id)
    return row.retry_of is not None or (await session.exec(again)).first() is not None


async def withdraw_copies(session: AsyncSession, row: IntentRow) -> None:
    """It has left after all. Once it has arrived, or nobody ever tells more of it, nothing goes another
    way either.
    """
    copies = col(IntentRow.retry_of) == row.id
    if row.status == Posting.DELIVERED or row.sid is None:
        copies = or_(copies, col(IntentRow.fallback_of) == (row.retry_of or row.id))
    changes = {"status": Posting.WITHDRAWN, "reason": ARRIVED}
    pending = col(IntentRow.status) == Posting.PENDING
    await session.exec(update(IntentRow).where(copies, pending).values(changes))


async def note_given_back(session: AsyncSession, intent: str) -> None:
    """Where it could go another way: by then nothing of it has left, nor of what it says once more."""
    row = await session.get_one(IntentRow, intent)
    first = col(FallbackRow.intent_id) == (row.retry_of or intent)
    noting = update(FallbackRow).where(first, col(FallbackRow.given_back_at).is_(None))
    await session.exec(noting.values(given_back_at=row.claimed_at))


async def _may_go(session: AsyncSession, row: IntentRow, now: datetime) -> bool:
    resent = await is_resent(session, row)
    to_customer = row.audience == Audience.CUSTOMER
    posted_at = row.claimed_at or row.created_at
    return may_resend(posted_at, now, to_customer=to_customer, resent=resent)
