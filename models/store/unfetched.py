"""Answers that a survey system told of and that are not had yet: counted, shown, and asked for again."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import case, func
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.errors import NotKnown
from models.fetch_tables import FetchRow
from models.fetching import FetchFate, Unread
from models.figures import Asked
from models.store.deliveries import DeliveryFate
from models.store.gates import let_try
from models.store.received import WAITS
from models.tables import DeliveryRow, ResponseRow

OPEN = (FetchFate.WAITING, FetchFate.GIVEN_UP)
NOT_HAD = col(FetchRow.fate).in_(OPEN)
FIRST = col(FetchRow.fate), col(FetchRow.asked_at), col(FetchRow.id)
"""Those that are given up, then those that wait longest."""


@dataclass(frozen=True, slots=True)
class Unfetched:
    """One answer to ask for. `next_at` None: it is given up. `problem` is what was the matter last."""

    id: str
    source: str
    survey_id: str
    response_id: str
    asked_at: datetime
    fate: FetchFate
    attempts: int
    problem: str | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Held:
    """How many of a source have the same fate for the same reason, and since when the oldest."""

    source: str
    fate: FetchFate
    problem: str | None
    n: int
    since: datetime


async def list_unfetched(
    session: AsyncSession, *, source: str | None = None, limit: int
) -> Sequence[Unfetched]:
    """Those that are given up first, then those that wait longest."""
    rows = select(FetchRow).where(NOT_HAD).order_by(*FIRST)
    if source is not None:
        rows = rows.where(FetchRow.source == source)
    return [_listed(row) for row in (await session.exec(rows.limit(limit))).all()]


async def count_unfetched(session: AsyncSession) -> Sequence[Held]:
    """By source, the given up first, then by the last fault."""
    by = col(FetchRow.source), col(FetchRow.fate), col(FetchRow.problem)
    counted = select_columns(*by, func.count(), func.min(col(FetchRow.asked_at))).where(NOT_HAD)
    rows = await (await session.connection()).execute(counted.group_by(*by).order_by(*by))
    return [Held(source, FetchFate(fate), why, n, at) for source, fate, why, n, at in rows]


async def unfetched_ids(session: AsyncSession, *, source: str, limit: int) -> Sequence[str]:
    """Of a source those that are given up, the oldest first."""
    ids = select(FetchRow.id).where(FetchRow.source == source, FetchRow.fate == FetchFate.GIVEN_UP)
    return (await session.exec(ids.order_by(*FIRST).limit(limit))).all()


async def ask_again(session: AsyncSession, fetch_id: str, *, now: datetime) -> Unfetched | None:
    """It is asked for at once; None where it is had, or taken back, by now. Raises NotKnown."""
    row = await session.get(FetchRow, fetch_id, with_for_update=True, populate_existing=True)
    if row is None or not row.response_id:
        raise NotKnown("There is no such answer to fetch.")
    if row.fate not in OPEN:
        return None
    told = await session.get(DeliveryRow, row.delivery_id)
    if row.fate == FetchFate.GIVEN_UP and told and told.fate == DeliveryFate.QUARANTINED:
        told.fate, told.problem = DeliveryFate.TO_FETCH, None
        session.add(told)
    row.fate, row.not_before, row.attempts = FetchFate.WAITING, now, 0
    row.missing_since = row.engine = row.claimed_until = None
    session.add(row)
    await let_try(session, row.source)
    return _listed(row)


async def why_unread(session: AsyncSession, source: str, response_id: str) -> Unread | None:
    """Of a response that nobody knows yet; None where nothing told of it."""
    fates = select(FetchRow.fate).where(
        NOT_HAD, FetchRow.source == source, FetchRow.response_id == response_id
    )
    found = set((await session.exec(fates)).all())
    if FetchFate.WAITING in found:
        return Unread.WAITING_FOR_FETCH
    return Unread.FETCH_GIVEN_UP if found else None


async def count_unread(
    session: AsyncSession, asked: Asked, zone: ZoneInfo
) -> Mapping[str, Counter[Unread]]:
    """By the month in which they were told of. Of a response that is known already only the newest change
    is not had, and its figures stand. They have no region and no trade yet.
    """
    found: defaultdict[str, Counter[Unread]] = defaultdict(Counter)
    if asked.region or asked.trade:
        return found
    known = (
        select(ResponseRow.id)
        .where(col(ResponseRow.source) == col(FetchRow.source))
        .where(col(ResponseRow.response_id) == col(FetchRow.response_id))
    )
    waits = func.max(case((col(FetchRow.fate) == FetchFate.WAITING, 1), else_=0))
    fetches = (
        select_columns(func.min(col(FetchRow.asked_at)), waits)
        .where(NOT_HAD, ~known.exists())
        .group_by(col(FetchRow.source), col(FetchRow.response_id))
    )
    received = select_columns(col(DeliveryRow.received_at)).where(WAITS)
    connection = await session.connection()
    unread = [(at, Unread.RECEIVED) for (at,) in await connection.execute(received)]
    for at, waiting in await connection.execute(fetches):
        unread.append((at, Unread.WAITING_FOR_FETCH if waiting else Unread.FETCH_GIVEN_UP))
    for at, why in unread:
        month = f"{at.astimezone(zone):%Y-%m}"
        if (asked.first or month) <= month <= (asked.last or month):
            found[month][why] += 1
    return found


def _listed(row: FetchRow) -> Unfetched:
    fate = FetchFate(row.fate)
    return Unfetched(
        row.id,
        row.source,
        row.survey_id,
        row.response_id,
        row.asked_at,
        fate,
        row.attempts,
        row.problem,
        row.not_before if fate is FetchFate.WAITING else None,
    )
