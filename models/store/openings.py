"""How a response comes to its case: it joins the open one, or opens another.

Called inside the unit of work of a delivery.
"""

from datetime import datetime
from typing import assert_never

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from models.case import Stage
from models.organisation import Organisation
from models.recognition import CaseKey
from models.store.organisations import InForce
from models.tables import CaseRow, ResponseRow
from models.topics import graver
from models.vault import Vault


async def mint_or_join(
    session: AsyncSession, row: ResponseRow, vault: Vault, *, by: InForce, at: datetime
) -> None:
    """One open case per key: the row lock orders joining and closing one after the other."""
    case_key = vault.index("case", *_shared_by(row, by.organisation.recognition.case_key))
    open_case = await _find_open_case(session, case_key)
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
            case_key=case_key,
            customer_id=row.customer_id,
            reopens=await _last_closed(session, case_key),
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


def _shared_by(row: ResponseRow, key: CaseKey) -> tuple[str, ...]:
    """What all answers of one open case have in common."""
    match key:
        case CaseKey.CONTRACT if row.contract:
            return key, row.contract
        case CaseKey.CUSTOMER | CaseKey.CONTRACT:
            return (row.customer_id,)
        case CaseKey.CUSTOMER_AND_TOUCHPOINT:
            return key, row.customer_id, row.touchpoint or ""
        case CaseKey.RESPONSE:
            return key, row.id
        case _:
            assert_never(key)


def make_graver(case: CaseRow, row: ResponseRow, today: Organisation) -> None:
    if row.topic:
        case.topic = graver(today.topics, case.topic, row.topic)


async def _find_open_case(session: AsyncSession, case_key: str) -> CaseRow | None:
    open_one = select(CaseRow).where(CaseRow.case_key == case_key, col(CaseRow.open))
    return (await session.exec(open_one.with_for_update())).first()


async def _last_closed(session: AsyncSession, case_key: str) -> str | None:
    closed = select(CaseRow.id).where(CaseRow.case_key == case_key, ~col(CaseRow.open))
    return (await session.exec(closed.order_by(col(CaseRow.closed_at).desc()).limit(1))).first()
