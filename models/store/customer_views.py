"""Customers as people read them: opened, and empty once forgotten."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.tables import CustomerRow
from models.vault import Box


@dataclass(frozen=True, slots=True)
class CustomerView:
    """`told_at` names each thing that is known, and the instant of the answer that told it. `zone` (IANA) is
    that of his own clock: where no answer told it, it is that of his phone; None is his region's.
    """

    id: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    language: str | None = None
    told_at: Mapping[str, datetime] = field(default_factory=dict)
    no_calls_since: datetime | None = None
    zone: str | None = None


async def customers_of(session: AsyncSession, ids: Collection[str]) -> dict[str, CustomerRow]:
    known = select(CustomerRow).where(col(CustomerRow.id).in_(ids))
    return {row.id: row for row in (await session.exec(known)).all()}


def open_customer(row: CustomerRow, box: Box | None) -> CustomerView:
    """`box` None: he was forgotten."""
    if box is None:
        return CustomerView(language=row.language, no_calls_since=row.no_calls_since)
    place = f"customers.{row.id}"
    return CustomerView(
        box.open_if_any(f"{place}.external", row.external_sealed),
        box.open_if_any(f"{place}.name", row.name_sealed),
        box.open_if_any(f"{place}.email", row.email_sealed),
        box.open_if_any(f"{place}.phone", row.phone_sealed),
        row.language,
        told_at(row),
        row.no_calls_since,
        row.zone,
    )


def told_at(row: CustomerRow) -> dict[str, datetime]:
    """Of each thing that is known; where nobody noted it, it is as old as the customer's row."""
    kept = {
        "id": row.external_sealed,
        "name": row.name_sealed,
        "email": row.email_sealed,
        "phone": row.phone_sealed,
        "language": row.language,
        "zone": row.told_at.get("zone"),
    }
    noted = {name: datetime.fromisoformat(at) for name, at in row.told_at.items()}
    return {name: noted.get(name, row.created_at) for name, known in kept.items() if known}
