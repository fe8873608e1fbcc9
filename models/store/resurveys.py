"""Re-surveys as they are scheduled, and then asked or withheld. Called inside a unit of work.

Rows are locked in one order: the customer, the letter, the case; so the post office and an answer
that come at once wait for each other, and one of them sees what the other did.
"""

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.resurvey_policy import Withheld
from models.resurvey_tables import ResurveyRow
from models.resurveys import Scheduled
from models.store.casebook import append_entry, lock_case
from models.survey import Metric
from models.tables import CaseRow, IntentRow, KeyRow, ResponseRow
from models.timeline import Entry, EntryKind


async def write_scheduled(session: AsyncSession, case: CaseRow, scheduled: Scheduled) -> None:
    """By the closing commit. Its letter lies in the outbox, if there is a way to write to him."""
    if scheduled.ask_at is None:
        return
    row = await resurvey_of(session, case)
    row.ask_at, row.unless_since = scheduled.ask_at, scheduled.unless_since
    session.add(row)


async def why_withheld(
    session: AsyncSession, intent: IntentRow, *, now: datetime
) -> Withheld | None:
    """Asked of the letter just before it leaves; None where it may."""
    row = await session.get(ResurveyRow, intent.case_id)
    if row is None:
        return None
    if row.answered_at is not None:
        return Withheld.ANSWERED
    if await session.get(KeyRow, intent.key_id) is None:
        return Withheld.FORGOTTEN
    theirs = select(CaseRow.id).where(CaseRow.customer_id == row.customer_id, col(CaseRow.open))
    if (await session.exec(theirs.limit(1))).first() is not None:
        return Withheld.CASE_OPEN
    return Withheld.ASKED_LATELY if await _asked_lately(session, row) else None


async def note_withheld(
    session: AsyncSession, case_id: str, why: Withheld, *, at: datetime
) -> None:
    row = await session.get(ResurveyRow, case_id)
    if row is None:
        return
    row.withheld, row.asked_at = why, None
    session.add(row)
    facts = {"withheld": why}
    await note(session, case_id, Entry(EntryKind.RESURVEY_WITHHELD, at, facts=facts))


async def note_asked(session: AsyncSession, case_id: str, *, at: datetime) -> None:
    """The carrier is handed the question. Put back and handed over again, it is one question."""
    row = await session.get(ResurveyRow, case_id)
    if row is not None and row.asked_at is None:
        row.asked_at = at
        session.add(row)
        await note(session, case_id, Entry(EntryKind.RESURVEY_ASKED, at))


async def note(session: AsyncSession, case_id: str, entry: Entry) -> None:
    """The case is closed: nobody else but one of us writes on its timeline."""
    case = await lock_case(session, case_id)
    await append_entry(session, case_id, case.seq, entry)
    await session.flush()


async def resurvey_of(session: AsyncSession, case: CaseRow) -> ResurveyRow:
    """As it stands in the database by now, or a new one."""
    row = await session.get(ResurveyRow, case.id, populate_existing=True)
    return row or ResurveyRow(
        case_id=case.id, customer_id=case.customer_id, metric=await _metric_of(session, case.id)
    )


async def _metric_of(session: AsyncSession, case_id: str) -> str:
    """Of the answer that opened the case, else of the first that has one; else the usual question."""
    scored = select(ResponseRow.metric).where(
        ResponseRow.case_id == case_id, ResponseRow.metric != ""
    )
    opening = scored.order_by(col(ResponseRow.joined), col(ResponseRow.id)).limit(1)
    return (await session.exec(opening)).first() or Metric.NPS


async def _asked_lately(session: AsyncSession, row: ResurveyRow) -> bool:
    asked = select(ResurveyRow.case_id).where(
        ResurveyRow.customer_id == row.customer_id,
        ResurveyRow.case_id != row.case_id,
        col(ResurveyRow.asked_at) > row.unless_since,
    )
    return (await session.exec(asked.limit(1))).first() is not None
