"""The calls that came in, for who runs Rappel: when, and what became of each. Never whose it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.inbound import Fate
from models.inbound_tables import InboundCallRow


@dataclass(frozen=True, slots=True)
class CallIn:
    """`fate` is None while it goes on, or until its case has heard of it. `times` is how often that number,
    which no customer has, has called since then. `case_id` is the case that it was about, or his last one.
    """

    came_at: datetime
    fate: Fate | None
    times: int
    case_id: str | None


async def count_calls_in(session: AsyncSession, *, since: datetime) -> Mapping[Fate, int]:
    """Of which it is known what became of them."""
    fate = col(InboundCallRow.fate)
    counted = select(fate, func.count()).where(InboundCallRow.came_at >= since, fate.is_not(None))
    found = {Fate(str(each)): n for each, n in (await session.exec(counted.group_by(fate))).all()}
    return {each: found[each] for each in Fate if each in found}


async def list_calls_in(session: AsyncSession, *, since: datetime, limit: int) -> Sequence[CallIn]:
    """The newest first."""
    recent = select(InboundCallRow).where(InboundCallRow.came_at >= since)
    newest = recent.order_by(col(InboundCallRow.id).desc()).limit(limit)
    rows = (await session.exec(newest)).all()
    times = await _times(session, {row.number_index for row in rows} - {None}, since=since)
    return [
        CallIn(
            row.came_at,
            Fate(row.fate) if row.fate else None,
            times.get(row.number_index or "", 1),
            row.case_id,
        )
        for row in rows
    ]


async def _times(
    session: AsyncSession, indexes: set[str | None], *, since: datetime
) -> Mapping[str | None, int]:
    number = col(InboundCallRow.number_index)
    counted = select(number, func.count()).where(
        number.in_(indexes), InboundCallRow.came_at >= since
    )
    return dict((await session.exec(counted.group_by(number))).all())
