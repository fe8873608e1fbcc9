"""Open cases by the thousand, copied from a real one down to its rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import insert
from sqlmodel import SQLModel, col, select
from uuid_utils.compat import uuid7

from activities.case_records import CaseRecords
from models.case import CaseState, Opened
from models.ladder import Rung, RungKind, Target
from models.messages import CaseStart, CommitRequest
from models.moves import apply
from models.store.database import Database
from models.store.deliveries import Delivery
from models.store.intake import Intake
from models.store.organisations import OrganisationBook
from models.survey import Identity, Metric, SurveyResponse
from models.tables import CaseRow, ResponseRow
from models.tally_tables import CountedRow
from models.target_tables import TargetRow

AT_ONCE = 500
FAR = timedelta(days=365)
_STATE = TypeAdapter(CaseState)


@dataclass(frozen=True, slots=True)
class Herd:
    """`rows` are those of the open case `pattern`, of its answer, its counts and its target."""

    database: Database
    pattern: CaseState
    rows: tuple[SQLModel, ...]

    async def breed(self, dues: Sequence[datetime]) -> tuple[CaseStart, ...]:
        """An open case for each instant, at which its next reminder is due. No workflow runs them yet."""
        bred = [self._due(due) for due in dues]
        for first in range(0, len(bred), AT_ONCE):
            await self._write(bred[first : first + AT_ONCE])
        return tuple(CaseStart(state.case_id, state.opened_at, state) for state in bred)

    def _due(self, due: datetime) -> CaseState:
        rungs = Rung(RungKind.REMIND, due), Rung(RungKind.HAND_UP, due + FAR)
        return replace(self.pattern, case_id=str(uuid7()), rungs=rungs, deadlines=())

    async def _write(self, states: Sequence[CaseState]) -> None:
        async with self.database.write() as session:
            connection = await session.connection()
            for row in self.rows:
                await connection.execute(insert(type(row)), [_copy(row, s) for s in states])


async def open_one(database: Database, book: OrganisationBook, records: CaseRecords) -> Herd:
    """The case that all others are like: it was opened just now."""
    now = datetime.now(UTC)
    answer = SurveyResponse(
        "r-1", "s-1", now, Metric.NPS, 2, customer=Identity(id="c-1"), region="nord"
    )
    async with database.write() as session:
        in_force = await book.in_force(session)
        delivery = Delivery("survey", b"{}", now)
        taken = await Intake(database.vault, book).take(session, delivery, answer, by=in_force)
    minted = CaseState(taken.case_id or "", now)
    opened = CommitRequest("opened", apply(minted, Opened(now)), now)
    state = (await records.commit(opened)).state
    async with database.read() as session:
        case = await session.get_one(CaseRow, state.case_id)
        of_case = select(ResponseRow).where(ResponseRow.case_id == case.id)
        response = (await session.exec(of_case)).one()
        counted = await session.get_one(CountedRow, response.id)
        awaited = select(TargetRow).where(
            TargetRow.case_id == case.id, col(TargetRow.target) == Target.ACKNOWLEDGE
        )
        target = (await session.exec(awaited)).one()
    return Herd(database, state, (case, response, counted, target))


def _copy(row: SQLModel, state: CaseState) -> dict[str, Any]:
    """Its own ids; the answer of a case has that of the case."""
    columns, own = row.model_dump(), state.case_id
    match row:
        case CaseRow():
            snapshot = _STATE.dump_python(state, mode="json")
            due = {"due_at": state.rungs[0].at, "awaited_by": state.rungs[-1].at}
            return columns | due | {"id": own, "case_key": own, "snapshot": snapshot}
        case ResponseRow():
            return columns | {"id": own, "response_id": own, "case_id": own}
        case CountedRow():
            return columns | {"response_id": own}
        case _:
            return columns | {"case_id": own}
