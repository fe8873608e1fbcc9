"""A raw delivery, sealed."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from models.store.database import new_box
from models.tables import DeliveryRow
from models.vault import Vault


def sealed_delivery(
    session: AsyncSession, vault: Vault, source: str, body: bytes, *, at: datetime
) -> DeliveryRow:
    """With a key of its own: it is kept before anybody knows whose it is. Its fate is not decided yet."""
    delivery_id, key_id = str(uuid7()), str(uuid7())
    box = new_box(session, vault, key_id)
    return DeliveryRow(
        id=delivery_id,
        source=source,
        received_at=at,
        fate="",
        key_id=key_id,
        body_sealed=box.seal_bytes(f"deliveries.{delivery_id}.body", body),
    )
