"""The rows of gestures that are drawn for review, as commits write them and the national owner reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.case import Move
from models.errors import NotKnown, WrongMove
from models.gesture_tables import GestureReviewRow
from models.reviews import ReviewVerdict, is_drawn, newly_given
from models.store.database import box_of
from models.tables import CaseRow, CustomerRow
from models.vault import Box, Vault


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What somebody thinks of a gesture. `note` is typed, and sealed with the customer's key."""

    verdict: ReviewVerdict
    by: str
    at: datetime
    note: str = ""


async def draw_for_review(
    session: AsyncSession, vault: Vault, move: Move, *, share: float, at: datetime
) -> None:
    """Decided here and now: a share that changes later draws nothing of before."""
    gesture = newly_given(move) if share else None
    if gesture is None or gesture.cost is None:
        return
    case_id, number = move.state.case_id, gesture.number
    if not is_drawn(vault.index("gesture_review", case_id, str(number)), share):
        return
    if await session.get(GestureReviewRow, (case_id, number)) is None:
        session.add(
            GestureReviewRow(
                case_id=case_id,
                number=number,
                cents=gesture.cost.cents,
                currency=gesture.cost.currency,
                drawn_at=at,
            )
        )


async def count_to_review(session: AsyncSession) -> int:
    waiting = select(func.count()).where(col(GestureReviewRow.verdict).is_(None))
    return (await session.exec(waiting)).one()


async def list_to_review(
    session: AsyncSession, *, limit: int, skip: int = 0
) -> Sequence[tuple[GestureReviewRow, CaseRow]]:
    """Those that wait longest first."""
    waiting = (
        select(GestureReviewRow, CaseRow)
        .join(CaseRow, col(CaseRow.id) == col(GestureReviewRow.case_id))
        .where(col(GestureReviewRow.verdict).is_(None))
        .order_by(
            col(GestureReviewRow.drawn_at),
            col(GestureReviewRow.case_id),
            col(GestureReviewRow.number),
        )
    )
    rows = await session.exec(waiting.limit(limit).offset(skip))
    return [(review, case) for review, case in rows]


async def settle_review(
    session: AsyncSession, vault: Vault, case_id: str, number: int, reviewed: Reviewed
) -> GestureReviewRow:
    """The same said again changes nothing. Raises NotKnown, or WrongMove for another word on it."""
    by_key = select(GestureReviewRow).where(
        GestureReviewRow.case_id == case_id, GestureReviewRow.number == number
    )
    row = (await session.exec(by_key.with_for_update())).first()
    if row is None:
        raise NotKnown("This gesture was not drawn for review.")
    if row.verdict is not None:
        if (row.verdict, row.reviewed_by) != (reviewed.verdict, reviewed.by):
            raise WrongMove("reviewed_already", "This gesture was reviewed already.")
        return row
    row.verdict, row.reviewed_by, row.reviewed_at = reviewed.verdict, reviewed.by, reviewed.at
    box = await _box(session, vault, case_id)
    row.note_sealed = box.seal_if_any(_place(row), reviewed.note) if box else None
    session.add(row)
    return row


async def note_of(session: AsyncSession, vault: Vault, row: GestureReviewRow) -> str:
    """None is left of a customer who was forgotten."""
    box = await _box(session, vault, row.case_id)
    return (box.open_if_any(_place(row), row.note_sealed) if box else None) or ""


async def _box(session: AsyncSession, vault: Vault, case_id: str) -> Box | None:
    case = await session.get_one(CaseRow, case_id)
    customer = await session.get_one(CustomerRow, case.customer_id)
    return await box_of(session, vault, customer.key_id)


def _place(row: GestureReviewRow) -> str:
    return f"gesture_reviews.{row.case_id}.{row.number}.note"
