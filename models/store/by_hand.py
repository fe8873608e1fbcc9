"""What was written down by hand, as it was sent: to tell a repeat from something else under its key."""

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.store.database import box_of
from models.store.deliveries import DeliveryFate
from models.tables import DeliveryRow, ResponseRow
from models.vault import Vault


async def body_of(session: AsyncSession, vault: Vault, response: ResponseRow) -> bytes | None:
    """Of the delivery that told it first; None once it is forgotten."""
    first = select(DeliveryRow).where(
        DeliveryRow.fate == DeliveryFate.UNDERSTOOD,
        DeliveryRow.source == response.source,
        DeliveryRow.response_row == response.id,
    )
    row = (await session.exec(first)).first()
    box = await box_of(session, vault, row.key_id) if row else None
    return box.open_bytes(f"deliveries.{row.id}.body", row.body_sealed) if row and box else None
