"""What the tables hold when the year is over: all that the invariants look at."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func
from sqlalchemy import select as sa_select
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.sqltypes import UTCDateTime

from models.absence_tables import AbsenceRow
from models.audit_tables import FindingRow
from models.gesture_tables import WaitingGestureRow
from models.organisation import Organisation
from models.organisation_tables import OrganisationRow
from models.promise_tables import PromiseRow
from models.store.database import Database
from models.store.organisations import OrganisationBook
from models.tables import (
    ActRow,
    CaseRow,
    CustomerRow,
    DeliveryRow,
    EntryRow,
    IntentRow,
    ResponseRow,
)
from models.target_tables import TargetRow


@dataclass(frozen=True, slots=True)
class Version:
    applied_at: datetime
    organisation: Organisation


@dataclass(frozen=True, slots=True)
class Tables:
    """`entries` are by case, in their order; `stamps` the first and the last of each column of instants."""

    since: datetime
    now: datetime
    versions: Mapping[int, Version]
    cases: Mapping[str, CaseRow]
    entries: Mapping[str, Sequence[EntryRow]]
    responses: Sequence[ResponseRow]
    deliveries: Sequence[DeliveryRow] = ()
    customers: Sequence[CustomerRow] = ()
    intents: Sequence[IntentRow] = ()
    targets: Sequence[TargetRow] = ()
    promises: Sequence[PromiseRow] = ()
    gestures: Sequence[WaitingGestureRow] = ()
    acts: Sequence[ActRow] = ()
    absences: Sequence[AbsenceRow] = ()
    findings: Sequence[FindingRow] = ()
    stamps: Mapping[str, tuple[datetime, datetime]] = field(default_factory=dict)

    def of(self, case_id: str, *kinds: str) -> Iterator[EntryRow]:
        for entry in self.entries.get(case_id, ()):
            if entry.kind in kinds or not kinds:
                yield entry

    def all_entries(self) -> Iterator[EntryRow]:
        for entries in self.entries.values():
            yield from entries

    def in_force(self, at: datetime) -> Organisation:
        applied = [v for v in self.versions.values() if v.applied_at <= at]
        return max(applied, key=lambda version: version.applied_at).organisation

    def pinned(self, case: CaseRow) -> Organisation:
        return self.versions[case.version].organisation


async def read_tables(
    database: Database, book: OrganisationBook, *, since: datetime, now: datetime
) -> Tables:
    async with database.read() as session:
        rows = (await session.exec(select(OrganisationRow))).all()
        versions = {
            row.number: Version(row.applied_at, await book.version(session, row.number))
            for row in rows
        }
        entries: defaultdict[str, list[EntryRow]] = defaultdict(list)
        in_order = select(EntryRow).order_by(col(EntryRow.seq), col(EntryRow.n))
        for entry in await session.exec(in_order):
            entries[entry.case_id].append(entry)
        return Tables(
            since,
            now,
            versions,
            {case.id: case for case in (await session.exec(select(CaseRow))).all()},
            entries,
            (await session.exec(select(ResponseRow))).all(),
            (await session.exec(select(DeliveryRow))).all(),
            (await session.exec(select(CustomerRow))).all(),
            (await session.exec(select(IntentRow))).all(),
            (await session.exec(select(TargetRow))).all(),
            (await session.exec(select(PromiseRow))).all(),
            (await session.exec(select(WaitingGestureRow))).all(),
            (await session.exec(select(ActRow))).all(),
            (await session.exec(select(AbsenceRow))).all(),
            (await session.exec(select(FindingRow))).all(),
            dict([stamp async for stamp in _stamps(session)]),
        )


async def _stamps(session: AsyncSession) -> AsyncIterator[tuple[str, tuple[datetime, datetime]]]:
    connection = await session.connection()
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, UTCDateTime):
                ends = sa_select(func.min(column), func.max(column))
                first, last = (await connection.execute(ends)).one()
                if first is not None:
                    yield f"{table.name}.{column.name}", (first, last)
