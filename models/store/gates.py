"""How much each source is asked, whichever worker asks: one row a source, locked while a call is counted."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.fetch_tables import GateRow
from models.fetching import Gate, Trouble, pass_gate
from models.mappings import Source

ABOUT_THE_TOKEN = (Trouble.NO_TOKEN, Trouble.REFUSED)


async def count_call(
    session: AsyncSession, source: Source, *, now: datetime
) -> tuple[datetime, Trouble] | None:
    """None: it may be made, and is counted. Else when to come again, and why not now."""
    row = await _row(session, source.id, now)
    gate = Gate(row.day, row.day_calls, row.minute, row.minute_calls, row.resting_until)
    passed = pass_gate(gate, source.fetching, now)
    if isinstance(passed, datetime):
        resting = row.trouble if passed == row.resting_until else None
        return passed, Trouble(resting or Trouble.BUDGET)
    row.day, row.day_calls = passed.day, passed.day_calls
    row.minute, row.minute_calls = passed.minute, passed.minute_calls
    session.add(row)
    return None


async def rest(
    session: AsyncSession, source: str, *, until: datetime, trouble: Trouble, now: datetime
) -> None:
    """The vendor is not asked for this source before."""
    row = await _row(session, source, now)
    row.resting_until, row.trouble = until, trouble
    session.add(row)


async def note_answer(session: AsyncSession, source: str, *, now: datetime) -> None:
    """The token is good; a rest that the vendor asked for goes on, whatever was on its way before."""
    row = await _row(session, source, now)
    if row.trouble in ABOUT_THE_TOKEN:
        row.resting_until = row.trouble = None
        session.add(row)


async def let_try(session: AsyncSession, source: str) -> None:
    """Somebody may have mended the token: it is tried at once. A vendor that asked for patience has it."""
    row = await session.get(GateRow, source, with_for_update=True, populate_existing=True)
    if row is not None and row.trouble in ABOUT_THE_TOKEN:
        row.resting_until = None
        session.add(row)


async def troubled_sources(session: AsyncSession) -> Mapping[str, Trouble]:
    """Those whose token somebody must look at."""
    refused = col(GateRow.trouble).in_(ABOUT_THE_TOKEN)
    rows = (await session.exec(select(GateRow).where(refused))).all()
    return {row.source: Trouble(row.trouble) for row in rows if row.trouble}


async def _row(session: AsyncSession, source: str, now: datetime) -> GateRow:
    known = await session.get(GateRow, source, with_for_update=True, populate_existing=True)
    return known or GateRow(source=source, day=now, minute=now)
