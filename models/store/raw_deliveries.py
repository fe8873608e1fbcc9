"""Raw deliveries: each has a key of its own, for it is kept before anybody knows whose it is."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from models.store.database import new_box
from models.tables import DeliveryRow
from models.vault import Vault


def new_delivery(
    session: AsyncSession, vault: Vault, source: str, body: bytes, received_at: datetime
) -> DeliveryRow:
    """Its fate is for the caller to say, and to keep it."""
    delivery_id, key_id = str(uuid7()), str(uuid7())
    box = new_box(session, vault, key_id)
    return DeliveryRow(
        id=delivery_id,
        source=source,
        received_at=received_at,
        fate="",
        key_id=key_id,
        body_sealed=box.seal_bytes(f"deliveries.{delivery_id}.body", body),
    )
