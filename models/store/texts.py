"""Text messages that came in: kept once, found again, and whose they are. Called inside a unit of work."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from models.errors import Misconfigured
from models.replies import UNHEARD, Keyword, Meaning
from models.store.database import box_of, new_box
from models.store.suppressions import note_alive, opt_in, opt_out
from models.tables import CustomerRow, KeyRow
from models.text_tables import TextRow
from models.vault import Box, Vault

CLAIM = timedelta(minutes=1)
"""Longer than what a text says takes to be recorded: then whoever had it is dead."""
SHORTEST, LONGEST = timedelta(seconds=5), timedelta(minutes=10)
"""For how long one is put off that could not be recorded."""
MOST_ANSWERS, WITHIN = 5, timedelta(hours=1)
"""To one number: two machines that answer each other come to an end."""
ONCE_A_DAY = timedelta(days=1)
KEPT = timedelta(days=90)
"""For how long one of no case is."""
BATCH = 100


@dataclass(frozen=True, slots=True)
class Text:
    """As it came in. `repr` shows neither who sent it nor the words."""

    sid: str
    sender: str
    body: str

    def __repr__(self) -> str:
        return f"Text({self.sid})"


async def keep_text(
    session: AsyncSession, vault: Vault, text: Text, keyword: Keyword | None, *, at: datetime
) -> TextRow | None:
    """None where it is known already. Who asks for silence has it from this moment on."""
    if await session.get(TextRow, text.sid) is not None:
        return None
    key_id = str(uuid7())
    row = TextRow(
        sid=text.sid,
        received_at=at,
        number=index_of(vault, text.sender),
        key_id=key_id,
        sender_sealed=b"",
        body_sealed=b"",
        take_after=at,
        meaning=Meaning[keyword] if keyword else None,
    )
    _seal(row, new_box(session, vault, key_id), text)
    session.add(row)
    await session.flush()  # of two at once the slower one is refused here
    match keyword:
        case Keyword.STOP:
            await opt_out(session, vault, text.sender, at=at)
        case Keyword.START:
            await opt_in(session, vault, text.sender)
        case _:
            await note_alive(session, vault, text.sender)
    return row


def index_of(vault: Vault, number: str) -> str:
    """As of the phone of a customer."""
    return vault.index("phone", number)


def open_text(row: TextRow, box: Box) -> Text:
    place = f"texts.{row.sid}"
    sender = box.open(f"{place}.sender", row.sender_sealed)
    return Text(row.sid, sender, box.open(f"{place}.body", row.body_sealed))


async def any_due(session: AsyncSession, *, now: datetime) -> bool:
    """Read without a pen in hand: mostly nothing waits."""
    due = select(TextRow.sid).where(col(TextRow.take_after) <= now).limit(1)
    return (await session.exec(due)).first() is not None


async def claim_text(session: AsyncSession, *, now: datetime) -> str | None:
    """The oldest that waits: it is nobody else's for a minute. Before it no other one of its number waits."""
    older = aliased(TextRow)
    before = select(older.sid).where(
        older.number == TextRow.number,
        col(older.take_after).is_not(None),
        older.received_at < TextRow.received_at,
    )
    due = (
        select(TextRow)
        .where(col(TextRow.take_after) <= now, ~before.correlate(TextRow).exists())
        .order_by(col(TextRow.take_after), col(TextRow.received_at), col(TextRow.sid))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = (await session.exec(due)).first()
    if row is None:
        return None
    row.take_after = now + CLAIM
    session.add(row)
    return row.sid


async def lock_text(session: AsyncSession, sid: str) -> TextRow:
    named = select(TextRow).where(TextRow.sid == sid).with_for_update()
    return (await session.exec(named.execution_options(populate_existing=True))).one()


def put_off(row: TextRow, *, now: datetime) -> None:
    """As long again as it has waited."""
    row.take_after = now + min(max(now - row.received_at, SHORTEST), LONGEST)


async def customers_at(session: AsyncSession, vault: Vault, number: str) -> Sequence[CustomerRow]:
    """Who has that phone and is not forgotten; `number` is its index."""
    theirs = (
        select(CustomerRow)
        .join(KeyRow, col(KeyRow.id) == col(CustomerRow.key_id))
        .where(CustomerRow.phone_index == number)
    )
    return (await session.exec(theirs.order_by(col(CustomerRow.created_at)))).all()


async def belong(
    session: AsyncSession, vault: Vault, row: TextRow, text: Text, customer: CustomerRow
) -> None:
    """From now on it is forgotten with him: its own key is deleted."""
    box = await box_of(session, vault, customer.key_id)
    if box is None or row.customer_id is not None:
        return
    own = await session.get_one(KeyRow, row.key_id)
    row.customer_id, row.key_id = customer.id, customer.key_id
    _seal(row, box, text)
    await session.delete(own)


async def adopt_texts(session: AsyncSession, vault: Vault, customer: CustomerRow) -> None:
    """What came from his phone while it was nobody's: it belongs to him, too. His key is in the session; what
    does not open stays as it is.
    """
    await session.flush()
    nobodys = select(TextRow).where(
        TextRow.number == customer.phone_index,
        col(TextRow.customer_id).is_(None),
        col(TextRow.person).is_(None),
    )
    for row in (await session.exec(nobodys.order_by(col(TextRow.sid)).with_for_update())).all():
        with suppress(Misconfigured):
            own = await box_of(session, vault, row.key_id)
            if own is not None:
                await belong(session, vault, row, open_text(row, own), customer)


async def drop_old_texts(session: AsyncSession, *, now: datetime) -> int:
    """Of no case, with the keys of their own; at most a hundred, returns how many."""
    old = select(TextRow).where(
        col(TextRow.case_id).is_(None),
        col(TextRow.take_after).is_(None),
        col(TextRow.received_at) <= now - KEPT,
    )
    rows = (await session.exec(old.limit(BATCH).with_for_update(skip_locked=True))).all()
    own = [row.key_id for row in rows if row.customer_id is None]
    await session.exec(delete(KeyRow).where(col(KeyRow.id).in_(own)))
    await session.exec(delete(TextRow).where(col(TextRow.sid).in_([row.sid for row in rows])))
    return len(rows)


async def may_answer(session: AsyncSession, number: str, *, now: datetime) -> bool:
    return await _answered_since(session, number, now - WITHIN) < MOST_ANSWERS


async def answered_today(session: AsyncSession, number: str, *, now: datetime) -> bool:
    return await _answered_since(session, number, now - ONCE_A_DAY) > 0


async def unheard_texts(session: AsyncSession, *, limit: int) -> Sequence[TextRow]:
    """Of nobody whom we know, or of a customer without an open case. The newest first."""
    unheard = select(TextRow).where(col(TextRow.meaning).in_(UNHEARD))
    newest = unheard.order_by(col(TextRow.received_at).desc(), col(TextRow.sid).desc())
    return (await session.exec(newest.limit(limit))).all()


async def _answered_since(session: AsyncSession, number: str, since: datetime) -> int:
    answered = select(func.count()).where(
        TextRow.number == number, col(TextRow.answered_at) > since
    )
    return (await session.exec(answered)).one()


def _seal(row: TextRow, box: Box, text: Text) -> None:
    place = f"texts.{row.sid}"
    row.sender_sealed = box.seal(f"{place}.sender", text.sender)
    row.body_sealed = box.seal(f"{place}.body", text.body)
