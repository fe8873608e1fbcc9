"""What a text message may be an answer to. Called inside a unit of work."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.case import TO_CALL, Stage
from models.notices import Audience, Message
from models.obsolescence import Unsent
from models.people import Channel
from models.posting import Posting
from models.store.database import box_of
from models.store.merging import same_person
from models.tables import CaseRow, IntentRow, ResponseRow
from models.text_tables import TextChoiceRow
from models.vault import Vault

LATELY = timedelta(days=7)
"""Older questions are answered on the page."""
LEFT = (Posting.SENDING, Posting.ACCEPTED, Posting.DELIVERED, Posting.UNKNOWN)


async def asked_of(session: AsyncSession, person: str, *, now: datetime) -> Sequence[CaseRow]:
    """The open cases of his to which texts have asked him to turn, as long as their customers are to be
    called; the one last asked about first.
    """
    together = and_(
        col(IntentRow.status) == Posting.WITHDRAWN, col(IntentRow.reason) == Unsent.BUNDLED
    )
    asked = (
        select(col(IntentRow.case_id), func.max(col(IntentRow.created_at)).label("asked_at"))
        .where(
            IntentRow.person == person,
            IntentRow.channel == Channel.SMS,
            col(IntentRow.nags),
            col(IntentRow.created_at) > now - LATELY,
            or_(col(IntentRow.status).in_(LEFT), together),
        )
        .group_by(col(IntentRow.case_id))
        .subquery()
    )
    cases = (
        select(CaseRow)
        .join(asked, asked.c.case_id == col(CaseRow.id))
        .where(col(CaseRow.open), CaseRow.owner == person, col(CaseRow.stage).in_(TO_CALL))
        .order_by(asked.c.asked_at.desc(), col(CaseRow.id))
    )
    return (await session.exec(cases)).all()


async def chosen_by(
    session: AsyncSession, person: str, number: int, *, now: datetime
) -> str | None:
    """The case that he names by the number; None where it was not offered to him lately."""
    row = await session.get(TextChoiceRow, (person, number))
    return row.case_id if row and row.offered_at > now - LATELY else None


async def offer(
    session: AsyncSession, person: str, cases: Collection[str], *, now: datetime
) -> Sequence[int]:
    """Their numbers, in their order. A case keeps its number, and no other one gets it, as long as a text
    that names it may still be answered.
    """
    of_his = select(TextChoiceRow).where(TextChoiceRow.person == person)
    rows = {row.number: row for row in (await session.exec(of_his)).all()}
    alive = {n: row for n, row in rows.items() if row.offered_at > now - LATELY}
    known = {row.case_id: n for n, row in alive.items()}
    newest = max(alive, default=0)
    for case in cases:
        if case not in known:
            newest += 1
            known[case] = newest
        row = rows.get(known[case]) or TextChoiceRow(
            person=person, number=known[case], case_id=case, offered_at=now
        )
        row.case_id, row.offered_at = case, now
        session.add(row)
    return [known[case] for case in cases]


async def cases_of(session: AsyncSession, customers: Collection[str]) -> Sequence[CaseRow]:
    """The open cases of those customers, under all their names, and those in which they are heard: the one
    about which one of us last wrote to them first, then the newest.
    """
    names = {name for each in customers for name in await same_person(session, each)}
    heard = select(ResponseRow.case_id).where(col(ResponseRow.customer_id).in_(names))
    theirs = or_(col(CaseRow.customer_id).in_(names), col(CaseRow.id).in_(heard))
    written = (
        select(func.max(IntentRow.created_at))
        .where(
            IntentRow.case_id == CaseRow.id,
            IntentRow.audience == Audience.CUSTOMER,
            col(IntentRow.status).in_(LEFT),
        )
        .correlate(CaseRow)
        .scalar_subquery()
    )
    cases = select(CaseRow, written).where(col(CaseRow.open), theirs)
    found = (await session.exec(cases)).all()
    newest_first = sorted(found, key=lambda each: each[0].id, reverse=True)
    return [row for row, _ in sorted(newest_first, key=lambda each: _ago(each[1]))]


async def asked_whether_solved(
    session: AsyncSession, vault: Vault, cases: Sequence[CaseRow], number: str
) -> Sequence[CaseRow]:
    """Those of them whose question went to this very number, and is still to be answered."""
    return [
        case
        for case in cases
        if case.stage == Stage.CONFIRMING and await _went_to(session, vault, case, number)
    ]


async def _went_to(session: AsyncSession, vault: Vault, case: CaseRow, number: str) -> bool:
    """The last question of the case: it may have been asked before, at another number."""
    asked = (
        select(IntentRow)
        .where(
            IntentRow.case_id == case.id,
            IntentRow.message == Message.CONFIRM,
            IntentRow.channel == Channel.SMS,
            col(IntentRow.status).in_(LEFT),
        )
        .order_by(col(IntentRow.created_at).desc())
        .limit(1)
    )
    row = (await session.exec(asked)).first()
    box = await box_of(session, vault, row.key_id) if row else None
    if row is None or box is None:
        return False
    return box.open(f"intents.{row.id}.address", row.address_sealed) == number


def _ago(at: datetime | None) -> float:
    return -at.timestamp() if at else 0.0
