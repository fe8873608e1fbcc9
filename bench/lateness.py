"""How late a step of the ladder is written: by the cases' own timers, and by a poller of the usual kind.

Both write the same commits to the same database. The poller looks at the column of due instants every five
seconds and takes 500 cases at most, as such engines do. Late is from the instant that was planned to the
end of the commit, by this machine's clock.
"""

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import col, select
from temporalio import activity
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from activities.addressing import Addressing
from activities.case_records import CaseRecords
from bench.herd import Herd, open_one
from machine.children import start, stop
from machine.lock import locked
from machine.port import free_port_for_temporal
from machine.temporal_server import temporal_server
from models.case import Silence
from models.messages import CaseStart, CommitReceipt, CommitRequest, workflow_id
from models.moves import apply
from models.store.casebook import state_of
from models.store.database import Database, migrate
from models.store.organisations import OrganisationBook, apply_organisation
from models.tables import CaseRow
from models.vault import Vault
from templates.messages import MessageTemplates
from temporal_client import TASK_QUEUE, connect
from worker import make_worker
from workflows.callback import CallbackWorkflow

ORGANISATION = Path(__file__).parents[1] / "organisation.yaml"
OPEN, SPREAD, AT_ONCE = 10_000, 1_200, 1_000
FAR, MINUTE = timedelta(days=30), timedelta(minutes=1)
SWEEP, BATCH = 5.0, 500
"""Seconds between two sweeps of the poller, and the cases of one."""
AIM = 2.0
"""Seconds: the p99 of the steps spread over a minute, by the cases' own timers."""
STARTS = 8
"""At the same time."""
AHEAD = timedelta(seconds=90)
"""From the first start of a workflow with a step to that step; starting a thousand takes less."""


@dataclass(slots=True)
class Stopwatch:
    """The real commit, and when it was done, by case."""

    records: CaseRecords
    done: dict[str, datetime] = field(default_factory=dict)

    @activity.defn(name="case.commit")
    async def commit(self, request: CommitRequest) -> CommitReceipt:
        receipt = await self.records.commit(request)
        self.done[receipt.state.case_id] = datetime.now(UTC)
        return receipt


@dataclass(frozen=True, slots=True)
class Field:
    database: Database
    herd: Herd
    stopwatch: Stopwatch
    client: Client

    async def run(self, cases: Sequence[CaseStart]) -> None:
        """Start their workflows; each finds what it was and has armed its timer when this ends."""
        waiting = list(cases)

        async def start_some() -> None:
            while waiting:
                case = waiting.pop()
                await self.client.start_workflow(
                    CallbackWorkflow.run,
                    case,
                    id=workflow_id(case.case_id),
                    task_queue=TASK_QUEUE,
                )

        await asyncio.gather(*(start_some() for _ in range(STARTS)))
        while await self._backlog():  # noqa: ASYNC110 - the worker does it
            await asyncio.sleep(1)

    async def _backlog(self) -> int:
        """Tasks of workflows that no worker has taken yet."""
        asked = DescribeTaskQueueRequest(
            namespace=self.client.namespace,
            task_queue=TaskQueue(name=TASK_QUEUE),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
            report_stats=True,
        )
        found = await self.client.workflow_service.describe_task_queue(asked)
        return found.stats.approximate_backlog_count

    async def finished(self, cases: Sequence[CaseStart]) -> Sequence[float]:
        """Seconds late, each."""
        ids = {case.case_id for case in cases}
        while not ids <= self.stopwatch.done.keys():  # noqa: ASYNC110 - the worker does it
            await asyncio.sleep(0.5)
        return [
            (self.stopwatch.done[case.case_id] - _planned(case)).total_seconds() for case in cases
        ]


async def main() -> None:
    print("Lateness of steps of the ladder, from the planned instant to the end of the commit")
    print(
        f"Among {OPEN} open cases on the embedded server; the poller sweeps {BATCH} every {SWEEP:.0f} s"
    )
    async with _field() as field_:
        print(f"Starting {OPEN} workflows ...", flush=True)
        far = await field_.herd.breed([datetime.now(UTC) + FAR] * OPEN)
        await field_.run(far)
        print(f"{'seconds late':34}{'p50':>8}{'p99':>8}{'max':>8}{'a second':>10}")
        found = {}
        for name, steps, over in (
            (f"{SPREAD} over one minute", SPREAD, MINUTE),
            (f"{AT_ONCE} at one instant", AT_ONCE, timedelta()),
        ):
            for how, measure in (("timers", _by_timers), ("poller", _by_poller)):
                late = await measure(field_, steps, over)
                found[name, how] = _nth(late, 0.99)
                print(_line(f"{name}, {how}", late, over), flush=True)
    _conclude(found)


async def _by_timers(where: Field, steps: int, over: timedelta) -> Sequence[float]:
    """Each case of the herd has its workflow, with one timer."""
    cases = await where.herd.breed(_instants(steps, over))
    await where.run(cases)
    if datetime.now(UTC) > _planned(cases[0]):
        sys.exit("The workflows were not started in time: this machine is busy.")
    return await where.finished(cases)


async def _by_poller(where: Field, steps: int, over: timedelta) -> Sequence[float]:
    """One commit after the other, with no workflow and no task queue between."""
    cases = await where.herd.breed(_instants(steps, over))
    polling = asyncio.create_task(_poll(where))
    late = await where.finished(cases)
    polling.cancel()
    return late


async def _poll(where: Field) -> None:
    while True:
        now = datetime.now(UTC)
        due = (
            select(CaseRow)
            .where(col(CaseRow.open), col(CaseRow.due_at) <= now)
            .order_by(col(CaseRow.due_at))
            .limit(BATCH)
        )
        async with where.database.read() as session:
            rows = (await session.exec(due)).all()
        for row in rows:
            state = state_of(row)
            if state is not None:
                silence = Silence(state.rungs[0], datetime.now(UTC))
                await where.stopwatch.commit(
                    CommitRequest(f"{row.id[-12:]}@sweep", apply(state, silence), silence.at)
                )
        await asyncio.sleep(SWEEP)


def _instants(steps: int, over: timedelta) -> Sequence[datetime]:
    first = datetime.now(UTC) + AHEAD
    return [first + over * n / steps for n in range(steps)]


def _planned(case: CaseStart) -> datetime:
    assert case.state is not None  # noqa: S101 - the herd is bred with states
    return case.state.rungs[0].at


def _line(name: str, late: Sequence[float], over: timedelta) -> str:
    rate = len(late) / (over.total_seconds() + max(late))
    worst = f"{_nth(late, 0.5):8.2f}{_nth(late, 0.99):8.2f}{max(late):8.2f}"
    return f"{name:34}{worst}{rate:10.1f}"


def _nth(late: Sequence[float], share: float) -> float:
    """By nearest rank."""
    return sorted(late)[ceil(share * len(late)) - 1]


def _conclude(p99: Mapping[tuple[str, str], float]) -> None:
    names = dict.fromkeys(name for name, _ in p99)
    for name in names:
        timers, poller = p99[name, "timers"], p99[name, "poller"]
        better, ratio = (
            ("timers", poller / timers) if timers < poller else ("poller", timers / poller)
        )
        print(
            f"{name}: the {better} are ahead, {ratio:.1f} times at p99.".replace(
                "poller are", "poller is"
            )
        )
    if p99[next(iter(names)), "timers"] > AIM:
        sys.exit(f"Steps spread over a minute are later than {AIM:.0f} s at p99.")


@asynccontextmanager
async def _field() -> AsyncIterator[Field]:
    with TemporaryDirectory(prefix="rappel-", ignore_cleanup_errors=True) as name:
        folder, port = Path(name), free_port_for_temporal(20_000 + secrets.randbelow(20_000))
        async with locked(folder) as lock:
            with (folder / "temporal.log").open("wb") as log:
                server = replace(temporal_server(folder, port=port, lock=lock), output=log.fileno())
                process = await start(server)
            try:
                await server.ready()
                client = await connect(embedded_port=port)
                async with _records(f"sqlite+aiosqlite:///{folder}/rappel.db") as (herd, records):
                    stopwatch = Stopwatch(records)
                    async with make_worker(client, stopwatch.commit):
                        yield Field(herd.database, herd, stopwatch, client)
            finally:
                await stop(process, grace=server.grace)


@asynccontextmanager
async def _records(url: str) -> AsyncIterator[tuple[Herd, CaseRecords]]:
    await migrate(url)
    vault = Vault(bytes(range(32)))
    database = Database(url, vault)
    try:
        now = datetime.now(UTC)
        written = ORGANISATION.read_text()
        await apply_organisation(database, written, name=ORGANISATION.name, at=now)
        book = OrganisationBook(vault)
        addressing = Addressing(vault, MessageTemplates(), "http://127.0.0.1:8080")
        records = CaseRecords(database, book, addressing, committed=lambda: None)
        yield await open_one(database, book, records), records
    finally:
        await database.close()
