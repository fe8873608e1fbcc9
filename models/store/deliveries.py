"""The rows of raw deliveries: what came, and what became of it. Called inside a unit of work."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from models.store.database import new_box
from models.submissions import Way
from models.tables import DeliveryRow, ResponseRow
from models.vault import Vault


class DeliveryFate(StrEnum):
    UNDERSTOOD = "understood"
    REPEAT = "repeat"
    """Nothing new: told before, or older than what is known."""
    QUARANTINED = "quarantined"
    UNFINISHED = "unfinished"
    """On its way, without a score yet."""
    WITHDRAWN = "withdrawn"
    """Taken back before it came."""
    TO_FETCH = "to_fetch"
    """It says only that there is an answer, which is waited for."""
    FETCHED = "fetched"
    """That answer was had, and lies in quarantine by itself. Understood, its fate is that of both."""
    TEST = "test"
    PREVIEW = "preview"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A raw body whose signature was good. It is kept as it came, be it a text or not. `kept` is the row
    that has it already, and is told what becomes of it now. Of what was imported none is kept: nobody
    delivered it.
    """

    source: str
    body: bytes
    received_at: datetime
    kept: DeliveryRow | None = None
    way: Way = Way.DELIVERED


def keep_delivery(
    session: AsyncSession,
    vault: Vault,
    delivery: Delivery,
    *,
    fate: DeliveryFate,
    response: ResponseRow | None = None,
    problem: str | None = None,
) -> str:
    """Its id, or nothing for a row of a back-file."""
    if delivery.way is Way.IMPORTED:
        return ""
    row = delivery.kept or _new_row(session, vault, delivery)
    row.fate, row.problem = fate, problem
    row.response_row = response.id if response else None
    row.customer_id = response.customer_id if response else None
    row.digest = _digest(vault, delivery) if fate is DeliveryFate.QUARANTINED else None
    session.add(row)
    return row.id


async def keep_once(
    session: AsyncSession, vault: Vault, delivery: Delivery, *, problem: str
) -> str:
    """In quarantine; the id of the one that waits there, where the very same body does."""
    same = select(DeliveryRow.id).where(
        DeliveryRow.fate == DeliveryFate.QUARANTINED,
        DeliveryRow.source == delivery.source,
        DeliveryRow.digest == _digest(vault, delivery),
    )
    known = None if delivery.kept else (await session.exec(same)).first()
    quarantined = DeliveryFate.QUARANTINED
    return known or keep_delivery(session, vault, delivery, fate=quarantined, problem=problem)


def _digest(vault: Vault, delivery: Delivery) -> str:
    return vault.index("delivery", delivery.source, delivery.body.hex())


def _new_row(session: AsyncSession, vault: Vault, delivery: Delivery) -> DeliveryRow:
    """A raw delivery has a key of its own: it is kept before anybody knows whose it is."""
    delivery_id, key_id = str(uuid7()), str(uuid7())
    box = new_box(session, vault, key_id)
    return DeliveryRow(
        id=delivery_id,
        source=delivery.source,
        received_at=delivery.received_at,
        fate="",
        way=delivery.way,
        key_id=key_id,
        body_sealed=box.seal_bytes(f"deliveries.{delivery_id}.body", delivery.body),
    )
