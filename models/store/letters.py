"""A letter to a colleague that belongs to no case, kept in the outbox once, however often it is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from models.enclosure_tables import EnclosureRow
from models.mailing import COLLEAGUE, Mailing
from models.people import Channel
from models.posting import Posting
from models.store.database import new_box
from models.tables import IntentRow
from models.vault import Box, Vault

PICTURE = "image/png"


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A letter as it goes to the outbox. The pictures are PNGs, by the name that the HTML gives them."""

    id: str
    mailing: Mailing
    person: str
    channel: Channel
    address: str
    language: str
    written_at: datetime
    not_before: datetime
    subject: str | None
    body: str
    html: str | None = None
    pictures: Mapping[str, bytes] = field(default_factory=dict)


async def is_kept(session: AsyncSession, letter_id: str) -> bool:
    return await session.get(IntentRow, letter_id) is not None


async def keep_letter(session: AsyncSession, vault: Vault, letter: NewLetter) -> Box:
    """Sealed with a key of its own: it outlives every case, and forgetting a customer leaves it."""
    key_id, place = str(uuid7()), f"intents.{letter.id}"
    box = new_box(session, vault, key_id)
    session.add(
        IntentRow(
            id=letter.id,
            seq=0,
            message=letter.mailing,
            audience=COLLEAGUE,
            person=letter.person,
            channel=letter.channel,
            language=letter.language,
            nags=False,
            status=Posting.PENDING,
            not_before=letter.not_before,
            created_at=letter.written_at,
            key_id=key_id,
            address_sealed=box.seal(f"{place}.address", letter.address),
            subject_sealed=box.seal_if_any(f"{place}.subject", letter.subject),
            body_sealed=box.seal(f"{place}.body", letter.body),
            html_sealed=box.seal_if_any(f"{place}.html", letter.html),
        )
    )
    await session.flush()  # the enclosures point at it
    for name, content in letter.pictures.items():
        sealed = box.seal_bytes(f"enclosures.{letter.id}.{name}", content)
        session.add(
            EnclosureRow(intent_id=letter.id, name=name, media_type=PICTURE, content_sealed=sealed)
        )
    return box
