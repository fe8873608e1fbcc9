"""What people sent, kept before the workflow is asked, and unique for ever on case, actor and key."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import tuple_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from models.actions import Act
from models.errors import KeyReused, WrongMove
from models.tables import ActRow, EntryRow
from models.timeline import EntryKind
from models.vault import Box

Numbered: TypeAlias = tuple[str, int]
"""The id of a case, and which of its actions."""
SENT_AGAIN = timedelta(minutes=10)


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


async def find_draft(session: AsyncSession, draft: Draft) -> ActRow | None:
    """The row of the same key. Raises KeyReused when it came with another payload.

    An act that was only kept, and is sent again much later, counts from then: its clocks must not
    start in the past.
    """
    same_key = select(ActRow).where(
        ActRow.case_id == draft.case_id, ActRow.actor == draft.actor, ActRow.key == draft.key
    )
    known = (await session.exec(same_key)).first()
    if known is None:
        return None
    if known.digest != _digest(draft):
        raise KeyReused("This Idempotency-Key was used before with another content.")
    if known.seq is None and draft.received_at - known.received_at > SENT_AGAIN:
        known.received_at = draft.received_at
        session.add(known)
    return known


async def keep_draft(session: AsyncSession, box: Box, draft: Draft) -> ActRow:
    row = ActRow(
        id=str(uuid7()),
        case_id=draft.case_id,
        actor=draft.actor,
        key=draft.key,
        kind=draft.act.kind,
        digest=_digest(draft),
        received_at=draft.received_at,
    )
    said = {name: text for name, text in draft.words.items() if text}
    words = json.dumps(said, ensure_ascii=False) if said else None
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


async def action_added(session: AsyncSession, case_id: str, key: str) -> int | None:
    """The number of the action that the act with this key added; None where it added none."""
    entries = select(EntryRow).join(
        ActRow,
        (col(ActRow.case_id) == col(EntryRow.case_id)) & (col(ActRow.seq) == col(EntryRow.seq)),
    )
    added = entries.where(
        ActRow.case_id == case_id, ActRow.key == key, EntryRow.kind == EntryKind.ACTION_ADDED
    )
    entry = (await session.exec(added)).first()
    return int(entry.facts["number"]) if entry else None


async def words_of_action(
    session: AsyncSession, case_id: str, number: int, box: Box
) -> Mapping[str, str]:
    """Those of the act that added it."""
    row = (await adding_acts(session, [(case_id, number)])).get((case_id, number))
    return words_of(row, box) if row else {}


async def adding_acts(
    session: AsyncSession, actions: Collection[Numbered]
) -> Mapping[Numbered, ActRow]:
    """By which each of these actions was added."""
    acts = select(ActRow, EntryRow).join(
        EntryRow,
        (col(ActRow.case_id) == col(EntryRow.case_id)) & (col(ActRow.seq) == col(EntryRow.seq)),
    )
    named = tuple_(col(EntryRow.case_id), col(EntryRow.facts)["number"].as_integer())
    added = acts.where(EntryRow.kind == EntryKind.ACTION_ADDED, named.in_(actions))
    rows = await session.exec(added)
    return {(entry.case_id, int(entry.facts["number"])): act for act, entry in rows}


def words_of(row: ActRow, box: Box) -> Mapping[str, str]:
    words = box.open_if_any(f"acts.{row.id}.words", row.words_sealed)
    return dict(json.loads(words)) if words else {}


def _digest(draft: Draft) -> str:
    return hashlib.sha256(draft.asked.encode()).hexdigest()
