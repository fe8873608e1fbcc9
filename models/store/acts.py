"""What people sent, kept before the workflow is asked, and unique for ever on case, actor and key."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from models.actions import Act
from models.errors import KeyReused, WrongMove
from models.tables import ActRow
from models.vault import Box


@dataclass(frozen=True, slots=True)
class Draft:
    """`words` is what was typed, by field: it is sealed. `asked` is the request as it was sent."""

    case_id: str
    actor: str
    key: str
    act: Act
    words: Mapping[str, str]
    asked: str
    received_at: datetime


async def keep_draft(session: AsyncSession, box: Box, draft: Draft) -> ActRow:
    """The row of this key, new or known. Raises KeyReused when it came with another payload."""
    digest = hashlib.sha256(draft.asked.encode()).hexdigest()
    same_key = select(ActRow).where(
        ActRow.case_id == draft.case_id, ActRow.actor == draft.actor, ActRow.key == draft.key
    )
    known = (await session.exec(same_key)).first()
    if known is not None:
        if known.digest != digest:
            raise KeyReused("This Idempotency-Key was used before with another content.")
        return known
    row = ActRow(
        id=str(uuid7()),
        case_id=draft.case_id,
        actor=draft.actor,
        key=draft.key,
        kind=draft.act.kind,
        digest=digest,
        received_at=draft.received_at,
    )
    words = json.dumps(dict(draft.words), ensure_ascii=False) if draft.words else None
    row.words_sealed = box.seal_if_any(f"acts.{row.id}.words", words)
    session.add(row)
    return row


async def keep_refusal(session: AsyncSession, draft_id: str, wrong: WrongMove) -> int | None:
    """Returns the commit's number where the act was committed after all: it was asked for twice."""
    row = await session.get_one(ActRow, draft_id)
    if row.seq is None:
        row.refusal, row.refusal_detail = wrong.rule, wrong.detail
        session.add(row)
    return row.seq


def words_of(row: ActRow, box: Box) -> Mapping[str, str]:
    words = box.open_if_any(f"acts.{row.id}.words", row.words_sealed)
    return dict(json.loads(words)) if words else {}
