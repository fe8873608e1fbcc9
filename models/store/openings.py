"""How a response comes to its case: it joins the open one, or opens another.

Called inside the unit of work of a delivery.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from models.case import Stage
from models.organisation import Organisation
from models.recognition import CaseKey
from models.store.merging import same_person
from models.store.organisations import InForce
from models.tables import CaseRow, ResponseRow
from models.topics import graver
from models.vault import Vault


async def mint_or_join(
    session: AsyncSession, row: ResponseRow, vault: Vault, *, by: InForce, at: datetime
) -> None:
    """One open case per key: the row lock orders joining and closing one after the other.

    Who is known under several ids has the key of the oldest; a case of before that was known is his too.
    """
    shared = by.organisation.recognition.case_key
    his = await same_person(session, row.customer_id)
    case_keys = [
        vault.index("case", *_shared_by_answers(row, shared, customer=each)) for each in his
    ]
    open_case = await _find_open_case(session, case_keys)
    row.joined, row.consumed_seq, row.signalled_at = open_case is not None, None, None
    row.heard_score = None
    if open_case is not None:
        row.case_id = open_case.id
        make_graver(open_case, row, by.organisation)
        session.add(open_case)
        return
    case_id = str(uuid7())
    session.add(
        CaseRow(
            id=case_id,
            case_key=case_keys[0],
            customer_id=row.customer_id,
            reopens=await _last_closed(session, case_keys),
            opened_at=at,
            version=by.number,
            region=row.region,
            trade=row.trade,
            touchpoint=row.touchpoint,
            language=row.language,
            origin=row.origin,
            topic=row.topic,
            stage=Stage.HEARD,
        )
    )
    await session.flush()
    row.case_id = case_id


def _shared_by_answers(row: ResponseRow, key: CaseKey, *, customer: str) -> tuple[str, ...]:
    """What all answers of one open case have in common."""
    if key is CaseKey.CONTRACT and row.contract:
        return key, row.contract
    if key is CaseKey.RESPONSE:
        return key, row.id
    return shared_by_cases(key, customer=customer, touchpoint=row.touchpoint)


def shared_by_cases(key: CaseKey, *, customer: str, touchpoint: str | None) -> tuple[str, ...]:
    """What two open cases of one customer cannot both have; nothing where several may be open."""
    match key:
        case CaseKey.CUSTOMER | CaseKey.CONTRACT:
            return (customer,)
        case CaseKey.CUSTOMER_AND_TOUCHPOINT:
            return key, customer, touchpoint or ""
        case CaseKey.RESPONSE:
            return ()
        case _:
            assert_never(key)


def make_graver(case: CaseRow, row: ResponseRow, today: Organisation) -> None:
    if row.topic:
        case.topic = graver(today.topics, case.topic, row.topic)


async def _find_open_case(session: AsyncSession, case_keys: Sequence[str]) -> CaseRow | None:
    """The oldest, where there were several before it was known that their customers are one."""
    of_his = select(CaseRow).where(col(CaseRow.case_key).in_(case_keys), col(CaseRow.open))
    oldest = of_his.order_by(col(CaseRow.opened_at), col(CaseRow.id))
    return (await session.exec(oldest.with_for_update())).first()


async def _last_closed(session: AsyncSession, case_keys: Sequence[str]) -> str | None:
    of_his = select(CaseRow.id).where(col(CaseRow.case_key).in_(case_keys))
    closed = of_his.where(~col(CaseRow.open))
    return (await session.exec(closed.order_by(col(CaseRow.closed_at).desc()).limit(1))).first()
