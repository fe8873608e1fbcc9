"""The answers to re-surveys: which closed case an answer speaks of. Called inside a unit of work."""

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.notices import Message
from models.posting import Posting
from models.resurvey_policy import LAST, Withheld
from models.resurvey_tables import ResurveyRow
from models.store.resurveys import note, resurvey_of
from models.survey import Feeling
from models.tables import CaseRow, IntentRow, ResponseRow
from models.timeline import CUSTOMER, Entry, EntryKind


async def note_answered(session: AsyncSession, response: ResponseRow, *, named: str | None) -> None:
    """An answer is that of the re-survey it names, else of one that was still to be asked.

    The first one counts. What one of us heard is no answer: he was asked nothing.
    """
    if response.heard_by is not None:
        return
    case = await _case_meant(session, response, named)
    if case is None:
        return
    await _withdraw(session, case.id)
    row = await resurvey_of(session, case)
    gone = row.asked_at is not None or row.withheld is not None
    if row.answered_at is not None or (named is None and gone):
        return
    row.answered_at, row.response_id = response.submitted_at, response.id
    row.recovered = response.feeling != Feeling.UNHAPPY
    if row.ask_at is not None and not gone:
        row.withheld = Withheld.ANSWERED
    session.add(row)
    facts: dict[str, str | int] = {
        "response": response.id,
        "recovered": int(row.recovered),
        "named": int(named is not None),
    }
    answered = Entry(EntryKind.RESURVEY_ANSWERED, response.received_at, CUSTOMER, facts=facts)
    await note(session, case.id, answered)


async def judge_anew(session: AsyncSession, response: ResponseRow) -> None:
    """The answer to a re-survey was changed: how he feels is what it says now."""
    judged = update(ResurveyRow).where(col(ResurveyRow.response_id) == response.id)
    await session.exec(judged.values(recovered=response.feeling != Feeling.UNHAPPY))


async def _case_meant(
    session: AsyncSession, response: ResponseRow, named: str | None
) -> CaseRow | None:
    """A closed one of the same customer. A name that means none is passed over."""
    closed = select(CaseRow).where(CaseRow.customer_id == response.customer_id, ~col(CaseRow.open))
    before = closed.where(col(CaseRow.closed_at) <= response.submitted_at)
    if named is not None and named != LAST:
        return (await session.exec(closed.where(CaseRow.id == named))).first()
    if named is None:
        before = before.join(ResurveyRow, col(ResurveyRow.case_id) == col(CaseRow.id)).where(
            col(ResurveyRow.ask_at).is_not(None),
            col(ResurveyRow.asked_at).is_(None),
            col(ResurveyRow.answered_at).is_(None),
            col(ResurveyRow.withheld).is_(None),
        )
    return (await session.exec(before.order_by(col(CaseRow.closed_at).desc()).limit(1))).first()


async def _withdraw(session: AsyncSession, case_id: str) -> None:
    """The question, if it is still to leave. Waits for a post office that has it in hand."""
    pending = (
        col(IntentRow.case_id) == case_id,
        col(IntentRow.message) == Message.RESURVEY,
        col(IntentRow.status) == Posting.PENDING,
    )
    withdrawn = {"status": Posting.WITHDRAWN, "reason": Withheld.ANSWERED}
    await session.exec(update(IntentRow).where(*pending).values(withdrawn))
