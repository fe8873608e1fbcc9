"""What a text message may be an answer to. Called inside a unit of work."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.actions import Reached
from models.case import TO_CALL, Stage
from models.errors import Misconfigured
from models.notices import Audience, Message
from models.obsolescence import Unsent
from models.people import Channel
from models.posting import Posting
from models.store.database import box_of
from models.store.merging import same_person
from models.tables import CaseRow, EntryRow, IntentRow, ResponseRow
from models.text_tables import TextChoiceRow
from models.timeline import EntryKind
from models.vault import Vault

LATELY = timedelta(days=7)
"""Older questions are answered on the page."""
LEFT = (Posting.SENDING, Posting.ACCEPTED, Posting.DELIVERED, Posting.UNKNOWN)
READ = (Posting.ACCEPTED, Posting.DELIVERED, Posting.UNKNOWN)
"""It may be answered."""
PERHAPS_READ = (*READ, Posting.SENDING, Posting.UNDELIVERED)


@dataclass(frozen=True, slots=True)
class _Told:
    """A text that asked to turn to a case, alone or together with others; `at` is when it left."""

    case_id: str
    status: str
    at: datetime


async def asked_of(session: AsyncSession, person: str, *, now: datetime) -> Sequence[CaseRow]:
    """The open cases of his to which texts that had left by `now` have asked him to turn, as long as their
    customers are to be called; the one last asked about first.
    """
    asked = _latest(await _told(session, person, now=now), READ)
    cases = select(CaseRow).where(
        col(CaseRow.id).in_(asked),
        col(CaseRow.open),
        CaseRow.owner == person,
        col(CaseRow.stage).in_(TO_CALL),
    )
    found = (await session.exec(cases.order_by(col(CaseRow.id)))).all()
    return sorted(found, key=lambda case: asked[case.id], reverse=True)


async def may_mean_another(
    session: AsyncSession, person: str, case_id: str, *, now: datetime
) -> bool:
    """Whether a letter without a number may answer another text than the last one about this case: one that
    left no earlier, or one about a case of which he had not yet told himself, when this one left, that the
    customer was reached. How that case stands today says nothing: its text still lies in his phone.
    """
    told = await _told(session, person, now=now)
    since = _latest(told, READ).get(case_id)
    if since is None:
        return True
    others = {case: at for case, at in _latest(told, PERHAPS_READ).items() if case != case_id}
    over = await _reached_by(session, person, others, before=since)
    return any(at >= since or case not in over for case, at in others.items())


async def _told(session: AsyncSession, person: str, *, now: datetime) -> Sequence[_Told]:
    together = aliased(IntentRow)
    bundled = and_(
        col(together.id) == col(IntentRow.bundled_in),
        col(IntentRow.status) == Posting.WITHDRAWN,
        col(IntentRow.reason) == Unsent.BUNDLED,
    )
    left_at = func.coalesce(
        col(together.posted_at),
        col(together.claimed_at),
        col(IntentRow.posted_at),
        col(IntentRow.claimed_at),
        col(IntentRow.created_at),
    )
    status = func.coalesce(col(together.status), col(IntentRow.status))
    texts = (
        select(col(IntentRow.case_id), status, left_at)
        .outerjoin(together, bundled)
        .where(
            IntentRow.person == person,
            IntentRow.channel == Channel.SMS,
            col(IntentRow.nags),
            col(IntentRow.case_id).is_not(None),
            col(IntentRow.created_at) > now - LATELY,
            left_at <= now,
        )
    )
    found = (await session.exec(texts)).all()
    return [_Told(case_id or "", stands, at) for case_id, stands, at in found]


def _latest(told: Sequence[_Told], statuses: Collection[str]) -> Mapping[str, datetime]:
    found = sorted((text for text in told if text.status in statuses), key=lambda text: text.at)
    return {text.case_id: text.at for text in found}


async def _reached_by(
    session: AsyncSession, person: str, asked: Mapping[str, datetime], *, before: datetime
) -> Collection[str]:
    """Those of them in which his own word that the customer was reached is the last on it, and stood before
    then.
    """
    told = select(EntryRow).where(
        col(EntryRow.case_id).in_(asked),
        col(EntryRow.kind).in_((EntryKind.ATTEMPTED, EntryKind.TAKEN_BACK)),
    )
    in_order = told.order_by(col(EntryRow.case_id), col(EntryRow.seq), col(EntryRow.n))
    last = {entry.case_id: entry for entry in (await session.exec(in_order)).all()}
    return {
        case
        for case, entry in last.items()
        if (entry.kind, entry.by) == (EntryKind.ATTEMPTED, person)
        and entry.facts.get("outcome") == Reached.REACHED
        and asked[case] <= entry.at <= before
    }


async def chosen_by(
    session: AsyncSession, person: str, number: int, *, now: datetime
) -> str | None:
    """The case that he names by the number; None where it was not offered to him lately, or only since."""
    row = await session.get(TextChoiceRow, (person, number))
    return row.case_id if row and now - LATELY < row.offered_at <= now else None


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
    """The last question of the case: it may have been asked before, at another number. One that does not open
    went nowhere that we know.
    """
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
    try:
        box = await box_of(session, vault, row.key_id) if row else None
        if row is None or box is None:
            return False
        return box.open(f"intents.{row.id}.address", row.address_sealed) == number
    except Misconfigured:
        return False


def _ago(at: datetime | None) -> float:
    return -at.timestamp() if at else 0.0
