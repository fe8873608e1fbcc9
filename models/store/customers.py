"""The customers whom answers tell of. Called inside the unit of work of a delivery."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from models.phone_zone import zone_of_phone
from models.recognition import Identified
from models.store.customer_views import told_at
from models.store.database import box_of, new_box
from models.store.texts import adopt_texts
from models.survey import Identity, SurveyResponse
from models.tables import CustomerRow
from models.vault import Box, Vault


async def customer_of(
    session: AsyncSession,
    vault: Vault,
    response: SurveyResponse,
    *,
    at: datetime,
    by: Sequence[Identified],
    known: CustomerRow | None = None,
) -> tuple[CustomerRow, Box, bool]:
    """With whether the answer brought another phone than the one we knew.

    Whom nothing identifies is the one `known` of an earlier telling, else somebody new.
    """
    identity = identity_of(response.customer, vault, by)
    row = await _find_customer(session, identity) if identity else known
    box = await box_of(session, vault, row.key_id) if row else None
    if row is not None and box is None:
        await _let_go(session, row)
    if row is None or box is None:
        row = CustomerRow(id=str(uuid7()), identity=identity, key_id=str(uuid7()), created_at=at)
        box = new_box(session, vault, row.key_id)
    new_phone = await refresh(session, vault, row, box, response)
    session.add(row)
    await session.flush()
    return row, box, new_phone


def identity_of(
    customer: Identity, vault: Vault, by: Sequence[Identified] = tuple(Identified)
) -> str | None:
    """The first that is told of what he is known `by`; None makes him a customer of this response alone."""
    told = {
        Identified.ID: customer.id,
        Identified.EMAIL: customer.email.lower() if customer.email else None,
        Identified.PHONE: customer.phone,
    }
    return next(
        (vault.index("customer", each, told[each] or "") for each in by if told[each]), None
    )


def identity_known(row: CustomerRow, box: Box) -> Identity:
    """The strongest thing by which he is found again, and nothing else: that would be told anew."""
    place = f"customers.{row.id}"
    external = box.open_if_any(f"{place}.external", row.external_sealed)
    if external:
        return Identity(id=external)
    email = box.open_if_any(f"{place}.email", row.email_sealed)
    return Identity(email=email) if email else Identity(phone=_phone(row, box))


async def refresh(
    session: AsyncSession, vault: Vault, row: CustomerRow, box: Box, response: SurveyResponse
) -> bool:
    """Returns whether the phone is another one now. It may be that of who asked not to be called."""
    before = _phone(row, box)
    phone = _retell(row, box, response, before)
    if phone is not None and (phone != before or row.phone_index is None):
        await _index(session, vault, row, phone)
    return phone != before


async def identify_phone(session: AsyncSession, vault: Vault, row: CustomerRow, box: Box) -> None:
    """Of who was known before phones had an index, and a clock that they let suppose."""
    phone = _phone(row, box)
    if phone is not None:
        row.zone = _zone(row, told=None, phone=phone)
        await _index(session, vault, row, phone)


async def _index(session: AsyncSession, vault: Vault, row: CustomerRow, phone: str) -> None:
    row.phone_index = vault.index("phone", phone)
    await adopt_texts(session, vault, row)
    await _heed_wish(session, row)


async def _heed_wish(session: AsyncSession, customer: CustomerRow) -> None:
    """Under another name, or of the same home: that phone is not called."""
    if customer.no_calls_since is None:
        said = select(CustomerRow.no_calls_since).where(
            CustomerRow.phone_index == customer.phone_index,
            col(CustomerRow.no_calls_since).is_not(None),
        )
        customer.no_calls_since = (await session.exec(said.limit(1))).first()


def _retell(row: CustomerRow, box: Box, response: SurveyResponse, before: str | None) -> str | None:
    """The newest answer knows each thing best, whenever it arrives; what it leaves out stays.

    Returns the phone that he has now; he had the one `before`.
    """
    place, told, at = f"customers.{row.id}", told_at(row), response.submitted_at
    said = asdict(response.customer) | {"language": response.language}
    new = {name: value for name, value in said.items() if value and at >= told.get(name, at)}
    row.language = new.get("language", row.language)
    row.external_sealed = box.seal_if_any(f"{place}.external", new.get("id")) or row.external_sealed
    row.name_sealed = box.seal_if_any(f"{place}.name", new.get("name")) or row.name_sealed
    row.email_sealed = box.seal_if_any(f"{place}.email", new.get("email")) or row.email_sealed
    row.phone_sealed = box.seal_if_any(f"{place}.phone", new.get("phone")) or row.phone_sealed
    row.told_at = row.told_at | dict.fromkeys(new, at.isoformat())
    phone = new.get("phone", before)
    row.zone = _zone(row, told=new.get("zone"), phone=phone)
    return phone


async def lock_customer(session: AsyncSession, customer_id: str) -> CustomerRow:
    by_id = select(CustomerRow).where(CustomerRow.id == customer_id).with_for_update()
    return (await session.exec(by_id)).one()


def _zone(row: CustomerRow, *, told: str | None, phone: str | None) -> str | None:
    """What he said of it stands, though he has another phone now."""
    if told:
        return told
    return row.zone if "zone" in row.told_at else zone_of_phone(phone)


def _phone(row: CustomerRow, box: Box) -> str | None:
    return box.open_if_any(f"customers.{row.id}.phone", row.phone_sealed)


async def _let_go(session: AsyncSession, forgotten: CustomerRow) -> None:
    """Who was forgotten and answers again is somebody new."""
    forgotten.identity = None
    session.add(forgotten)
    await session.flush()


async def _find_customer(session: AsyncSession, identity: str) -> CustomerRow | None:
    """Locked: of two answers at once the second sees what the first told."""
    by_identity = select(CustomerRow).where(col(CustomerRow.identity) == identity)
    return (await session.exec(by_identity.with_for_update())).first()
