"""What a case is to hear of its answers. Called inside a unit of work."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.messages import ResponseHeard
from models.revisions import Change, change_of
from models.store.topics import topic_to_hear
from models.survey import Reason
from models.tables import CaseRow, ResponseRow


async def news_of(session: AsyncSession, rows: Sequence[ResponseRow]) -> Sequence[ResponseHeard]:
    """In their order; each has a case."""
    cases = {row.case_id for row in rows if row.case_id}
    of_cases = select(CaseRow.id, CaseRow.topic).where(col(CaseRow.id).in_(cases))
    topics = dict((await session.exec(of_cases)).all())
    standing = await standing_cases(session, cases)
    return [
        _heard(row, topics.get(row.case_id or ""), alone=row.case_id not in standing)
        for row in rows
    ]


async def standing_cases(session: AsyncSession, cases: Collection[str]) -> set[str | None]:
    """Those of which an answer is not taken back."""
    stands = or_(col(ResponseRow.reason).is_(None), col(ResponseRow.reason) != Reason.WITHDRAWN)
    of_cases = select(ResponseRow.case_id).where(col(ResponseRow.case_id).in_(cases), stands)
    return set((await session.exec(of_cases.distinct())).all())


def _heard(row: ResponseRow, topic: str | None, *, alone: bool) -> ResponseHeard:
    withdrawn = row.reason == Reason.WITHDRAWN
    change = change_of(row.heard_score, row.score, withdrawn=withdrawn, alone=alone)
    grave = topic_to_hear(row, topic)
    return ResponseHeard(row.id, row.revision, _said_at(row, change), grave, row.new_phone, change)


def _said_at(row: ResponseRow, change: Change) -> datetime:
    """What he changed he said later than the rest."""
    if change is Change.JOINED:
        return row.submitted_at
    return max(row.submitted_at, row.changed_at or row.told_at or row.submitted_at)
