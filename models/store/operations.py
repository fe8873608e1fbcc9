"""How the machine is doing: what arrived, what left, what is in force. Counts and enumerated words,
never an address nor anybody's words.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.organisation_tables import OrganisationRow
from models.posting import LOST, TAKEN, Posting
from models.store.deliveries import DeliveryFate
from models.store.quarantine import Quarantined, list_quarantined
from models.submissions import Way
from models.tables import CaseRow, DeliveryRow, IntentRow

LATELY = timedelta(days=1)
"""What a trouble may be old and still is one."""
RECENT = timedelta(days=30)
SHOWN = 50
NOT_ARRIVED = (*LOST, Posting.UNKNOWN)
WAITING = (Posting.PENDING, Posting.SENDING)


@dataclass(frozen=True, slots=True)
class Traffic:
    """The deliveries of one source that came one way and have one fate: ever, recently and lately."""

    source: str
    way: Way
    fate: DeliveryFate
    ever: int
    recent: int
    lately: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Posted:
    """The messages of one kind: recent ones by what became of them, and all that wait.

    `oldest` is when the first of these may leave, or might have left.
    """

    message: str
    by_status: Mapping[Posting, int]
    waiting: int
    oldest: datetime | None

    @property
    def sent(self) -> int:
        """A carrier took them, and says nothing else."""
        return self._count(TAKEN)

    @property
    def not_arrived(self) -> int:
        return self._count(NOT_ARRIVED)

    def _count(self, postings: Collection[Posting]) -> int:
        return sum(self.by_status.get(each, 0) for each in postings)


@dataclass(frozen=True, slots=True)
class Failure:
    """Recent messages that did not arrive, or perhaps did, for the same reason."""

    status: Posting
    reason: str
    recent: int
    lately: int


@dataclass(frozen=True, slots=True)
class Intent:
    created_at: datetime
    message: str
    audience: str
    channel: str
    status: Posting
    reason: str | None


@dataclass(frozen=True, slots=True)
class OpenCases:
    stage: str
    version: int
    n: int


@dataclass(frozen=True, slots=True)
class Version:
    number: int
    applied_at: datetime


@dataclass(frozen=True, slots=True)
class Operations:
    """Messages by kind, the other lists newest, or most frequent, first."""

    traffic: Sequence[Traffic]
    quarantine: Sequence[Quarantined]
    posted: Sequence[Posted]
    failures: Sequence[Failure]
    intents: Sequence[Intent]
    open_cases: Sequence[OpenCases]
    versions: Sequence[Version]


async def read_operations(session: AsyncSession, now: datetime) -> Operations:
    connection = await session.connection()
    return Operations(
        await read_traffic(session, now),
        await list_quarantined(session, limit=SHOWN),
        await _posted(connection, now),
        await _failures(connection, now),
        await _newest_intents(connection),
        await _open_cases(connection),
        await _versions(connection),
    )


async def read_traffic(session: AsyncSession, now: datetime) -> Sequence[Traffic]:
    at = col(DeliveryRow.received_at)
    counted = select(
        col(DeliveryRow.source),
        col(DeliveryRow.way),
        col(DeliveryRow.fate),
        func.count(),
        func.count().filter(at >= now - RECENT),
        func.count().filter(at >= now - LATELY),
        func.max(at),
    ).group_by(col(DeliveryRow.fate), col(DeliveryRow.source), col(DeliveryRow.way))
    return [
        Traffic(source, Way(way), DeliveryFate(fate), ever, recent, lately, last_at)
        for source, way, fate, ever, recent, lately, last_at in await (
            await session.connection()
        ).execute(counted)
    ]


async def _posted(connection: AsyncConnection, now: datetime) -> Sequence[Posted]:
    kind, status = col(IntentRow.message), col(IntentRow.status)
    became = select(kind, status, func.count()).where(col(IntentRow.created_at) >= now - RECENT)
    found: defaultdict[str, dict[Posting, int]] = defaultdict(dict)
    # In the order of the other index SQLite would read every message there ever was.
    for message, posting, n in await connection.execute(became.group_by(kind, status)):
        found[message][Posting(posting)] = n
    ready = select(kind, func.count(), func.min(col(IntentRow.not_before))).where(
        status.in_(WAITING)
    )
    waiting = {
        message: (n, at) for message, n, at in await connection.execute(ready.group_by(kind))
    }
    return [
        Posted(message, found.get(message, {}), *waiting.get(message, (0, None)))
        for message in sorted(found.keys() | waiting.keys())
    ]


async def _failures(connection: AsyncConnection, now: datetime) -> Sequence[Failure]:
    status, reason, created = (
        col(IntentRow.status),
        col(IntentRow.reason),
        col(IntentRow.created_at),
    )
    n = func.count()
    failed = (
        select(status, reason, n, n.filter(created >= now - LATELY))
        .where(status.in_(NOT_ARRIVED), created >= now - RECENT)
        .group_by(status, reason)
        .order_by(n.desc())
    )
    return [
        Failure(Posting(posting), why or "", recent, lately)
        for posting, why, recent, lately in await connection.execute(failed)
    ]


async def _newest_intents(connection: AsyncConnection) -> Sequence[Intent]:
    intents = select(
        col(IntentRow.created_at),
        col(IntentRow.message),
        col(IntentRow.audience),
        col(IntentRow.channel),
        col(IntentRow.status),
        col(IntentRow.reason),
    )
    newest = intents.order_by(col(IntentRow.created_at).desc(), col(IntentRow.id).desc())
    return [
        Intent(at, message, audience, channel, Posting(status), reason)
        for at, message, audience, channel, status, reason in await connection.execute(
            newest.limit(SHOWN)
        )
    ]


async def _open_cases(connection: AsyncConnection) -> Sequence[OpenCases]:
    stage, version = col(CaseRow.stage), col(CaseRow.version)
    counted = select(stage, version, func.count()).where(col(CaseRow.open))
    found = await connection.execute(counted.group_by(stage, version))
    return [OpenCases(*row) for row in found]


async def _versions(connection: AsyncConnection) -> Sequence[Version]:
    number = col(OrganisationRow.number)
    newest = select(number, col(OrganisationRow.applied_at)).order_by(number.desc()).limit(SHOWN)
    return [Version(*row) for row in await connection.execute(newest)]


async def all_versions(session: AsyncSession) -> Sequence[Version]:
    """The oldest first."""
    number = col(OrganisationRow.number)
    every = select(number, col(OrganisationRow.applied_at)).order_by(number)
    return [Version(*row) for row in await (await session.connection()).execute(every)]


async def find_version(session: AsyncSession, number: int) -> Version | None:
    row = await session.get(OrganisationRow, number)
    return Version(row.number, row.applied_at) if row else None
