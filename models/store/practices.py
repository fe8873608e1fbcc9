"""Practices as they are kept, changed, withdrawn and searched."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.errors import NotKnown
from models.practice_tables import PracticeRow
from models.practices import Practice
from models.spelling import plain
from models.tables import CaseRow


@dataclass(frozen=True, slots=True)
class Shared:
    """A practice, and the case behind it: who may read that is for whoever shows it."""

    practice: Practice
    case: CaseRow


@dataclass(frozen=True, slots=True)
class Sought:
    """None is any. All of `words` must be found, be it with other capitals or accents."""

    causes: Collection[str] | None = None
    words: str = ""
    region: str | None = None
    trade: str | None = None


async def keep_practice(session: AsyncSession, practice: Practice, *, key: str) -> None:
    row = PracticeRow(
        id=practice.id,
        case_id=practice.case_id,
        cause=practice.cause,
        region=practice.region,
        trade=practice.trade,
        title=practice.title,
        helped=practice.helped,
        said=_said(practice.title, practice.helped),
        marked_by=practice.marked_by,
        marked_at=practice.marked_at,
        key=key,
    )
    session.add(row)


async def practice_sent(session: AsyncSession, key: str, *, by: str) -> Practice | None:
    """What this person marked with this key, as it stands now."""
    sent = select(PracticeRow).where(PracticeRow.marked_by == by, PracticeRow.key == key)
    row = (await session.exec(sent)).first()
    return _practice(row) if row else None


async def practice_of(session: AsyncSession, case_id: str) -> Practice | None:
    """The one that is shared of this case."""
    shared = select(PracticeRow).where(
        PracticeRow.case_id == case_id, col(PracticeRow.withdrawn_at).is_(None)
    )
    row = (await session.exec(shared)).first()
    return _practice(row) if row else None


async def find_practice(session: AsyncSession, practice_id: str) -> Practice:
    """Be it withdrawn or not. Raises NotKnown."""
    return _practice(await _row(session, practice_id))


async def change_practice(
    session: AsyncSession, practice_id: str, *, title: str, helped: str, by: str, at: datetime
) -> Practice:
    """The same words again change nothing, nor who wrote them."""
    row = await _row(session, practice_id)
    if (row.title, row.helped) != (title, helped):
        row.title, row.helped, row.said = title, helped, _said(title, helped)
        row.changed_by, row.changed_at = by, at
        session.add(row)
    return _practice(row)


async def withdraw_practice(
    session: AsyncSession, practice_id: str, *, by: str, at: datetime
) -> Practice:
    """Once: who comes later changes nothing."""
    row = await _row(session, practice_id)
    if row.withdrawn_at is None:
        row.withdrawn_by, row.withdrawn_at = by, at
        session.add(row)
    return _practice(row)


async def search_practices(
    session: AsyncSession, sought: Sought, *, limit: int, before: str | None = None
) -> Sequence[Shared]:
    """Newest first. `before` is the id of the last one of the page before: ids are time-ordered."""
    newest = (
        select(PracticeRow, CaseRow)
        .join(CaseRow, col(CaseRow.id) == col(PracticeRow.case_id))
        .where(col(PracticeRow.withdrawn_at).is_(None))
        .order_by(col(PracticeRow.id).desc())
        .limit(limit)
    )
    if sought.causes is not None:
        newest = newest.where(col(PracticeRow.cause).in_(sorted(sought.causes)))
    for column, value in ((PracticeRow.region, sought.region), (PracticeRow.trade, sought.trade)):
        if value is not None:
            newest = newest.where(col(column) == value)
    for word in plain(sought.words).split():
        newest = newest.where(col(PracticeRow.said).contains(word, autoescape=True))
    if before is not None:
        newest = newest.where(col(PracticeRow.id) < before)
    return [Shared(_practice(row), case) for row, case in await session.exec(newest)]


async def _row(session: AsyncSession, practice_id: str) -> PracticeRow:
    row = await session.get(PracticeRow, practice_id)
    if row is None:
        raise NotKnown("There is no such practice.")
    return row


def _said(title: str, helped: str) -> str:
    return plain(f"{title} {helped}")


def _practice(row: PracticeRow) -> Practice:
    return Practice(**row.model_dump(exclude={"said", "key"}))
