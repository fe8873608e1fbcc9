"""Finding a customer's cases by what a person remembers of him, among those the person may read.

What is stored is sealed: it is opened and compared one by one, in a number that has a limit. Only
what a customer is identified by is found at once, by the blind index, however old his cases are.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.people import Person, Right, may
from models.spelling import plain
from models.store.customers import identity_of
from models.store.rights import readable_by
from models.store.views import facts_of
from models.survey import Identity
from models.tables import CaseRow, CustomerRow, KeyRow, ResponseRow
from models.vault import Vault, WrappedKey

OPEN_SEARCHED = 1000
CLOSED_SEARCHED = 500
AT_ONCE = 200
"""Between this many openings others are served."""
FOUND = 20
FEWEST_DIGITS = 4


class Field(StrEnum):
    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Sought:
    """`given` as it was typed; `text` is what the field must hold, in the form it is compared in."""

    given: str
    field: Field
    text: str


def sought(given: str, *, phone: str | None) -> Sought:
    """`phone` is what was typed in E.164, where it is a number."""
    digits = "".join(letter for letter in given if letter.isdigit())
    if "@" in given:
        return Sought(given, Field.EMAIL, given.lower())
    if phone:
        return Sought(given, Field.PHONE, phone)
    if len(digits) >= FEWEST_DIGITS and not any(letter.isalpha() for letter in given):
        return Sought(given, Field.PHONE, digits)
    return Sought(given, Field.NAME, plain(given))


async def search_cases(
    session: AsyncSession, vault: Vault, me: Person, wanted: Sought
) -> Sequence[CaseRow]:
    """At most `FOUND`, those that are surely meant first, then the newest."""
    if not wanted.text:
        return []
    found = dict.fromkeys(await _known_by(session, vault, me, wanted))
    async for case_id in _holding(session, vault, me, wanted):
        found[case_id] = None
        if len(found) > FOUND:
            break
    return (await _read(session, me, list(found)))[:FOUND]


async def _known_by(
    session: AsyncSession, vault: Vault, me: Person, wanted: Sought
) -> Sequence[str]:
    """By the case's own id, or by an id, e-mail or phone that identifies the customer."""
    meant = [Identity(id=wanted.given)]
    if wanted.field is Field.EMAIL:
        meant.append(Identity(email=wanted.text))
    if wanted.field is Field.PHONE:
        meant.append(Identity(phone=wanted.text))
    identities = [identity_of(identity, vault) for identity in meant]
    of_customer = select(CustomerRow.id).where(col(CustomerRow.identity).in_(identities))
    told = select(ResponseRow.case_id).where(col(ResponseRow.customer_id).in_(of_customer))
    is_his = or_(col(CaseRow.customer_id).in_(of_customer), col(CaseRow.id).in_(told))
    his = select(CaseRow.id).where(is_his, readable_by(me))
    newest = (await session.exec(his.order_by(col(CaseRow.id).desc()).limit(FOUND))).all()
    return [wanted.given.lower(), *newest]


async def _holding(
    session: AsyncSession, vault: Vault, me: Person, wanted: Sought
) -> AsyncIterator[str]:
    searched = await _searched(session, me)
    for start in range(0, len(searched), AT_ONCE):
        ids = searched[start : start + AT_ONCE]
        sealed = await _sealed(session, ids, wanted.field)
        for case_id in ids:
            if case_id in sealed and _holds(vault, sealed[case_id], wanted):
                yield case_id


async def _searched(session: AsyncSession, me: Person) -> Sequence[str]:
    """The newest first."""
    case_id, is_open, closed_at = col(CaseRow.id), col(CaseRow.open), col(CaseRow.closed_at)
    mine = select(CaseRow.id).where(readable_by(me))
    newest = mine.where(is_open).order_by(case_id.desc()).limit(OPEN_SEARCHED)
    closed = mine.where(~is_open).order_by(closed_at.desc(), case_id.desc()).limit(CLOSED_SEARCHED)
    return [*(await session.exec(newest)).all(), *(await session.exec(closed)).all()]


async def _sealed(
    session: AsyncSession, ids: Sequence[str], field: Field
) -> Mapping[str, tuple[str, bytes | None, KeyRow]]:
    """By case: its customer's id, what is sealed of him, and the key; nothing of who was forgotten."""
    kept = {
        Field.NAME: CustomerRow.name_sealed,
        Field.EMAIL: CustomerRow.email_sealed,
        Field.PHONE: CustomerRow.phone_sealed,
    }[field]
    rows = await session.exec(
        select(CaseRow.id, CaseRow.customer_id, kept, KeyRow)
        .join(CustomerRow, col(CustomerRow.id) == CaseRow.customer_id)
        .join(KeyRow, col(KeyRow.id) == CustomerRow.key_id)
        .where(col(CaseRow.id).in_(ids))
    )
    return {case_id: (customer, sealed, key) for case_id, customer, sealed, key in rows.all()}


def _holds(vault: Vault, found: tuple[str, bytes | None, KeyRow], wanted: Sought) -> bool:
    customer, sealed, key = found
    if sealed is None:
        return False
    box = vault.unlock(WrappedKey(key.id, key.wrapped))
    said = box.open(f"customers.{customer}.{wanted.field}", sealed)
    match wanted.field:
        case Field.NAME:
            name = plain(said)
            return all(word in name for word in wanted.text.split())
        case Field.EMAIL:
            return wanted.text in said.lower()
        case Field.PHONE:
            return wanted.text in said


async def _read(session: AsyncSession, me: Person, ids: Sequence[str]) -> Sequence[CaseRow]:
    rows = (await session.exec(select(CaseRow).where(col(CaseRow.id).in_(ids)))).all()
    readable = {row.id: row for row in rows if may(me, Right.READ, facts_of(row))}
    return [readable[case_id] for case_id in ids if case_id in readable]
