"""Lists of cases, as the API gives them: rows only, nobody's words."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.tables import CaseRow


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """None means any."""

    open: bool | None = None
    owner: str | None = None
    region: str | None = None
    stage: str | None = None
    topic: str | None = None
    stalled: bool | None = None


async def list_cases(
    session: AsyncSession,
    wanted: CaseFilter,
    *,
    limit: int,
    before: str | None,
    reach: ColumnElement[bool] | None = None,
) -> Sequence[CaseRow]:
    """Newest first. `before` is the id of the last row of the page before: ids are time-ordered.

    `reach` keeps to what somebody may read.
    """
    newest = select(CaseRow).order_by(col(CaseRow.id).desc()).limit(limit)
    if reach is not None:
        newest = newest.where(reach)
    if before:
        newest = newest.where(col(CaseRow.id) < before)
    if wanted.open is not None:
        newest = newest.where(col(CaseRow.open) == wanted.open)
    if wanted.stalled is not None:
        newest = newest.where(col(CaseRow.stalled_since).is_not(None) == wanted.stalled)
    for column, value in (
        (CaseRow.owner, wanted.owner),
        (CaseRow.region, wanted.region),
        (CaseRow.stage, wanted.stage),
        (CaseRow.topic, wanted.topic),
    ):
        if value is not None:
            newest = newest.where(col(column) == value)
    return (await session.exec(newest)).all()
