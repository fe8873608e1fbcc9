"""Answers to ask for: from the delivery that told of one until it is had, or given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Update, and_, func, or_
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from models.fetch_tables import FetchRow
from models.fetching import FetchFate, Trouble
from models.response_tables import WithdrawalRow
from models.store.deliveries import DeliveryFate
from models.store.dispatch import CLAIM, LONG_OVERDUE
from models.store.tellings import find_response
from models.submissions import Pointer
from models.tables import DeliveryRow, ResponseRow

AGAIN = timedelta(minutes=10)
"""After so long one that is overdue is brought once more: mostly it is not lost, but waits for a worker."""
WAITS = col(FetchRow.fate) == FetchFate.WAITING


@dataclass(frozen=True, slots=True)
class Claimed:
    """`anew`: nobody was given it yet, or it is to be asked for at once, whatever waits for its next try."""

    id: str
    anew: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """One answer to ask for. `answered` are the ids of all that wait for the same one, this one too: what
    the vendor says from now on answers them all.
    """

    fetch_id: str
    source: str
    survey_id: str
    response_id: str
    attempts: int
    missing_since: datetime | None
    answered: Sequence[str]


async def ask_for(
    session: AsyncSession, source: str, pointer: Pointer, *, delivery: str, at: datetime
) -> bool:
    """Whether there is something to ask for now that nobody asked for yet: each change is asked for once,
    and once more where it was given up.
    """
    change = f"{pointer.progress}@{pointer.at.isoformat() if pointer.at else pointer.mark}"
    same = select(FetchRow).where(
        FetchRow.source == source,
        FetchRow.response_id == pointer.response_id,
        FetchRow.change == change,
    )
    row = (await session.exec(same.with_for_update())).first()
    if row is not None and row.fate != FetchFate.GIVEN_UP:
        return False
    row = row or FetchRow(
        id=str(uuid7()),
        source=source,
        survey_id=pointer.survey_id,
        response_id=pointer.response_id,
        change=change,
        delivery_id=delivery,
        asked_at=at,
        not_before=at,
        fate=FetchFate.WAITING,
    )
    row.fate, row.delivery_id, row.not_before = FetchFate.WAITING, delivery, at
    row.attempts, row.asked_at = 0, at
    row.problem = row.missing_since = row.engine = row.claimed_until = None
    session.add(row)
    await session.flush()
    return True


async def first_seen(session: AsyncSession, source: str, mark: str, *, at: datetime) -> bool:
    """Of an answer that nobody pointed at and nobody understands: it is found again every night."""
    same = select(FetchRow.id).where(
        FetchRow.source == source, FetchRow.response_id == "", FetchRow.change == mark
    )
    if (await session.exec(same)).first() is not None:
        return False
    session.add(
        FetchRow(
            id=str(uuid7()),
            source=source,
            survey_id="",
            response_id="",
            change=mark,
            delivery_id="",
            asked_at=at,
            not_before=at,
            fate=FetchFate.FETCHED,
        )
    )
    return True


async def forget_fetches(session: AsyncSession, source: str, response_id: str) -> None:
    """Its customer took the response back: nobody asks for it any more."""
    waiting = WAITS, col(FetchRow.source) == source, col(FetchRow.response_id) == response_id
    await session.exec(_what_told(*waiting).values(fate=DeliveryFate.WITHDRAWN))
    await session.exec(update(FetchRow).where(*waiting).values(fate=FetchFate.GONE))


async def is_taken_back(session: AsyncSession, source: str, response_id: str) -> bool:
    """Whether its customer ever took it back: then it is no wonder that the vendor does not know it."""
    if await session.get(WithdrawalRow, (source, response_id)) is not None:
        return True
    row = await find_response(session, source, response_id)
    return row is not None and row.withdrawn_at is not None


async def claim_fetches(
    session: AsyncSession, engine: str, *, now: datetime, limit: int
) -> Sequence[Claimed]:
    """Of those that `engine` (a Temporal namespace's id) was not given, and of those that are long overdue:
    these it may have lost. The oldest come first.
    """
    lost = or_(col(FetchRow.engine).is_(None), col(FetchRow.engine) != engine)
    overdue = col(FetchRow.not_before) < now - LONG_OVERDUE
    unstarted = (
        select(FetchRow.id)
        .where(
            WAITS,
            or_(and_(lost, _unclaimed(now)), and_(overdue, _unclaimed(now - AGAIN))),
        )
        .order_by(col(FetchRow.not_before))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claim = update(FetchRow).where(col(FetchRow.id).in_(unstarted))
    given = col(FetchRow.id), col(FetchRow.engine)
    claimed = claim.values(claimed_until=now + CLAIM).returning(*given)
    return [Claimed(fetch, had is None) for fetch, had in await session.exec(claimed)]


def _unclaimed(since: datetime) -> ColumnElement[bool]:
    return or_(col(FetchRow.claimed_until).is_(None), col(FetchRow.claimed_until) < since)


async def mark_given(session: AsyncSession, fetches: Sequence[str], engine: str) -> None:
    """The claim stays: what is only overdue must not be brought again at every sweep."""
    given = update(FetchRow).where(col(FetchRow.id).in_(fetches))
    await session.exec(given.values(engine=engine))


async def release_fetches(session: AsyncSession, fetches: Sequence[str]) -> None:
    """Temporal did not answer: they need not wait until their claim runs out."""
    failed = update(FetchRow).where(col(FetchRow.id).in_(fetches))
    await session.exec(failed.values(claimed_until=None))


async def wanted(session: AsyncSession, fetch_id: str) -> Wanted | FetchFate:
    """What is still to be asked for, or what became of it."""
    row = await session.get(FetchRow, fetch_id)
    if row is None or row.fate != FetchFate.WAITING:
        return FetchFate(row.fate) if row else FetchFate.GONE
    same = select(FetchRow.id).where(
        WAITS, FetchRow.source == row.source, FetchRow.response_id == row.response_id
    )
    waiting = (await session.exec(same)).all()
    return Wanted(
        row.id,
        row.source,
        row.survey_id,
        row.response_id,
        row.attempts,
        row.missing_since,
        tuple(waiting),
    )


async def still_waits(session: AsyncSession, fetch_id: str) -> bool:
    """Locked until the unit ends."""
    row = await session.get(FetchRow, fetch_id, with_for_update=True, populate_existing=True)
    return row is not None and row.fate == FetchFate.WAITING


async def end_fetches(
    session: AsyncSession, answered: Sequence[str], *, fate: DeliveryFate, response: str
) -> None:
    """What told of the answer has its fate, and belongs to its customer from now on. `response` is empty
    where none came.
    """
    row = await session.get(ResponseRow, response) if response else None
    waiting = WAITS, col(FetchRow.id).in_(answered)
    lies_apart = fate is DeliveryFate.QUARANTINED
    theirs = _what_told(*waiting).values(
        fate=DeliveryFate.FETCHED if lies_apart else fate,
        response_row=row.id if row else None,
        customer_id=row.customer_id if row else None,
    )
    await session.exec(theirs)
    fetched = update(FetchRow).where(*waiting)
    await session.exec(fetched.values(fate=FetchFate.FETCHED, problem=None))


def _what_told(*of: ColumnElement[bool]) -> Update:
    """Of these fetches the deliveries that have no other fate yet."""
    told = select(FetchRow.delivery_id).where(*of)
    still = col(DeliveryRow.fate) == DeliveryFate.TO_FETCH
    return update(DeliveryRow).where(still, col(DeliveryRow.id).in_(told))


async def put_off(
    session: AsyncSession, fetch: Wanted, *, until: datetime, problem: str, missing: datetime | None
) -> None:
    """`missing` is since when the vendor does not know it."""
    row = await session.get_one(FetchRow, fetch.fetch_id)
    row.attempts += 1
    row.not_before, row.problem, row.missing_since = until, problem, missing
    session.add(row)


async def give_up(session: AsyncSession, fetch: Wanted, problem: Trouble, *, fate: str) -> None:
    """Its delivery gets `fate`, so that somebody looks at it and may have it asked for again."""
    row = await session.get_one(FetchRow, fetch.fetch_id)
    row.attempts += 1
    row.fate, row.problem = FetchFate.GIVEN_UP, problem
    session.add(row)
    told = await session.get(DeliveryRow, row.delivery_id)
    if told is not None:
        told.fate, told.problem = fate, problem
        session.add(told)


async def oldest_unfetched(session: AsyncSession) -> datetime | None:
    """When the longest waiting answer was told of."""
    return (await session.exec(select(func.min(FetchRow.asked_at)).where(WAITS))).one()
