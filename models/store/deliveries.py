"""The rows of raw deliveries: what came, and what became of it. Called inside a unit of work."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import col, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from models.submissions import Way
from models.tables import DeliveryRow, KeyRow, ResponseRow
from models.vault import Vault


class DeliveryFate(StrEnum):
    RECEIVED = "received"
    """Kept, to be taken soon: the door was pressed when it came."""
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
    awaits: str | None = None,
) -> str:
    """Its id, or nothing for a row of a back-file. `awaits` is how its system calls the response: where there
    is none yet, the body belongs to its customer once it comes.
    """
    if delivery.way is Way.IMPORTED:
        return ""
    row = delivery.kept or _new_row(session, vault, delivery)
    row.fate, row.problem, row.take_after = fate, problem, None
    row.response_row = response.id if response else None
    row.customer_id = response.customer_id if response else None
    row.awaits = _awaited(vault, delivery.source, awaits) if awaits and not response else None
    row.digest = _digest(vault, delivery) if fate is DeliveryFate.QUARANTINED else None
    session.add(row)
    return row.id


async def link_deliveries(session: AsyncSession, vault: Vault, response: ResponseRow) -> None:
    """All that ever told of it belongs to whose it is now: who is forgotten is forgotten with them."""
    awaited = _awaited(vault, response.source, response.response_id)
    told = or_(col(DeliveryRow.awaits) == awaited, col(DeliveryRow.response_row) == response.id)
    theirs = {"response_row": response.id, "customer_id": response.customer_id, "awaits": None}
    await session.exec(update(DeliveryRow).where(told).values(theirs))


def _awaited(vault: Vault, source: str, response_id: str) -> str:
    return vault.index("awaited", source, response_id)


async def keep_once(
    session: AsyncSession, vault: Vault, delivery: Delivery, *, problem: str
) -> str:
    """In quarantine; the id of the one that waits there, where the very same body does."""
    known = None if delivery.kept else await find_twin(session, vault, delivery)
    quarantined = DeliveryFate.QUARANTINED
    return known or keep_delivery(session, vault, delivery, fate=quarantined, problem=problem)


async def find_twin(session: AsyncSession, vault: Vault, delivery: Delivery) -> str | None:
    """Another one in quarantine with the very same body."""
    same = select(DeliveryRow.id).where(
        DeliveryRow.fate == DeliveryFate.QUARANTINED,
        DeliveryRow.source == delivery.source,
        DeliveryRow.digest == _digest(vault, delivery),
        DeliveryRow.id != (delivery.kept.id if delivery.kept else ""),
    )
    return (await session.exec(same)).first()


def place_of_body(delivery_id: str) -> str:
    return f"deliveries.{delivery_id}.body"


def _digest(vault: Vault, delivery: Delivery) -> str:
    return vault.index("delivery", delivery.source, delivery.body.hex())


def sealed_rows(vault: Vault, delivery: Delivery) -> tuple[KeyRow, DeliveryRow]:
    """Its own and that of its key: it is kept before anybody knows whose it is."""
    delivery_id, key = str(uuid7()), vault.new_key(str(uuid7()))
    return KeyRow(id=key.id, wrapped=key.wrapped), DeliveryRow(
        id=delivery_id,
        source=delivery.source,
        received_at=delivery.received_at,
        fate="",
        way=delivery.way,
        key_id=key.id,
        body_sealed=vault.unlock(key).seal_bytes(place_of_body(delivery_id), delivery.body),
    )


def _new_row(session: AsyncSession, vault: Vault, delivery: Delivery) -> DeliveryRow:
    key, row = sealed_rows(vault, delivery)
    session.add(key)
    return row
