"""What people have typed of what they heard, and not sent yet: they find it on any device."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlmodel import col, delete
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from models.sheet_tables import SheetRow
from models.store.database import box_of, new_box
from models.tables import KeyRow
from models.vault import Vault


async def keep_sheet(
    session: AsyncSession, vault: Vault, person: str, words: Mapping[str, str], *, at: datetime
) -> None:
    """The newest words replace those before; an empty sheet leaves nothing."""
    await forget_sheet(session, person)
    if not words:
        return
    key_id = str(uuid7())
    sealed = new_box(session, vault, key_id).seal(
        _place(person), json.dumps(dict(words), ensure_ascii=False)
    )
    session.add(SheetRow(person=person, saved_at=at, key_id=key_id, words_sealed=sealed))


async def sheet_of(session: AsyncSession, vault: Vault, person: str) -> Mapping[str, str]:
    """By field; empty where nothing was typed."""
    row = await session.get(SheetRow, person)
    box = await box_of(session, vault, row.key_id) if row else None
    return json.loads(box.open(_place(person), row.words_sealed)) if row and box else {}


async def forget_sheet(session: AsyncSession, person: str) -> None:
    """With its key: no backup of the words can be opened any more."""
    row = await session.get(SheetRow, person)
    if row is None:
        return
    await session.exec(delete(KeyRow).where(col(KeyRow.id) == row.key_id))
    await session.delete(row)
    await session.flush()


def _place(person: str) -> str:
    return f"sheets.{person}.words"
