"""Deliveries that were promised to be taken: kept as cheaply as can be, found again, put off if need be."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.store.database import Database
from models.store.deliveries import Delivery, DeliveryFate, sealed_rows
from models.tables import DeliveryRow, KeyRow
from models.vault import Vault

SHORTEST, LONGEST = timedelta(seconds=30), timedelta(hours=1)
"""For how long one is put off that could not be taken."""
WAITS = col(DeliveryRow.take_after).is_not(None)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait to be taken, and when the oldest of them came."""

    n: int
    oldest: datetime | None


class Ledger:
    """Keeps deliveries in the order in which they come. Those that come while others are being written are
    written together next, in one transaction.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._unwritten: list[tuple[Delivery, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def keep(self, delivery: Delivery) -> None:
        """Returns once it is committed. Raises DatabaseAway."""
        written = asyncio.get_running_loop().create_future()
        self._unwritten.append((delivery, written))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        await written

    async def _write_all(self) -> None:
        """A task of its own: whoever hangs up takes nobody's row away with him."""
        while self._unwritten:
            page = list[tuple[Delivery, asyncio.Future[None]]]()
            try:
                async with self._database.write() as session:
                    page, self._unwritten = self._unwritten, []
                    await keep_received(session, self._database.vault, [each for each, _ in page])
            except Exception as fault:  # noqa: BLE001 - each of them answers for it
                if not page:
                    page, self._unwritten = self._unwritten, []
                _tell(page, fault)
            else:
                _tell(page, None)


def _tell(page: Sequence[tuple[Delivery, asyncio.Future[None]]], fault: Exception | None) -> None:
    for _, written in page:
        if written.done():
            continue
        if fault is None:
            written.set_result(None)
        else:
            written.set_exception(fault)


async def keep_received(
    session: AsyncSession, vault: Vault, deliveries: Sequence[Delivery]
) -> None:
    """Two statements, however many there are."""
    keys, rows = list[KeyRow](), list[DeliveryRow]()
    for delivery in deliveries:
        key, row = sealed_rows(vault, delivery)
        row.fate, row.take_after = DeliveryFate.RECEIVED, delivery.received_at
        keys.append(key)
        rows.append(row)
    connection = await session.connection()
    await connection.execute(insert(KeyRow), [key.model_dump() for key in keys])
    await connection.execute(insert(DeliveryRow), [row.model_dump() for row in rows])


async def due_received(
    session: AsyncSession, *, now: datetime, limit: int
) -> Sequence[DeliveryRow]:
    """The oldest. In a unit that writes they are nobody else's until it ends."""
    due = (
        select(DeliveryRow)
        .where(col(DeliveryRow.take_after) <= now)
        .order_by(col(DeliveryRow.take_after), col(DeliveryRow.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await session.exec(due)).all()


async def put_off(session: AsyncSession, delivery_id: str, *, now: datetime) -> None:
    """One that could not be taken waits as long again as it has waited: it stands before no other."""
    row = await session.get(DeliveryRow, delivery_id)
    if row is not None and row.take_after is not None:
        row.take_after = now + min(max(now - row.received_at, SHORTEST), LONGEST)
        session.add(row)


async def count_waiting(session: AsyncSession) -> Waiting:
    counted = select(func.count(), func.min(DeliveryRow.received_at)).where(WAITS)
    n, oldest = (await session.exec(counted)).one()
    return Waiting(n, oldest)
