"""A whole Rappel on skipped time: the real workflows, activities, web and post office on real tables, and
one who moves the time.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from shutil import disk_usage

from httpx2 import ASGITransport, AsyncClient
from pydantic import SecretStr
from temporalio.testing import WorkflowEnvironment

from activities.addressing import Addressing
from activities.audit import Audit
from activities.carriers import ConsoleCarrier
from activities.case_records import CaseRecords
from activities.case_runs import CaseRuns
from activities.digest import Digest
from activities.post_office import PostOffice
from activities.roster import Roster
from demo.doors import Case, Doors
from demo.lives import Step
from demo.stage import SOURCE
from models.audit import AuditEnd
from models.digest import DigestAsked, DigestPlan, LetterAsked, LetterFate
from models.gesture_tables import WaitingGestureRow
from models.messages import workflow_id
from models.store.database import migrate
from models.store.organisations import apply_organisation
from models.store.outbox import Outbox
from settings import Settings
from templates.messages import MessageTemplates
from web.app import create_app, make_house
from web.provided import House
from worker import make_worker
from year.lives import PRACTICE
from year.skipped import SkippedClock, invented_settings, skipping_server

MEMORY = Path("/dev/shm")  # noqa: S108 - where Linux keeps files in memory
PLENTY = 2**30
"""Bytes. A disk that must keep every commit would take longer than all the rest."""
SECRET = SecretStr("bm9ib2R5IGtlZXBzIHRoaXMgc2VjcmV0IGxvbmc=")


@dataclass(frozen=True, slots=True)
class Stage:
    env: WorkflowEnvironment
    house: House
    clock: SkippedClock
    doors: Doors
    post_office: PostOffice
    audit: Audit
    digest: Digest
    committed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set by each commit."""

    async def pass_until(self, instant: datetime) -> None:
        """Where the server's clock is past it by then, for it never stands still, nothing is skipped."""
        now = await self.env.get_current_time()
        if instant > now:
            await self.env.sleep(instant - now)
        self.clock.now = max(self.clock.now, instant)

    async def inspect(self) -> AuditEnd:
        return await self.audit.run(f"audit-{self.clock():%Y%m%d%H%M}", told=lambda _: None)

    async def apply(self, organisation: str) -> None:
        await apply_organisation(
            self.house.database, organisation, name="the invented group", at=self.clock()
        )

    async def approver(self, case_id: str, number: int) -> str | None:
        """Who is asked to say yes to a gesture just now."""
        async with self.house.database.read() as session:
            row = await session.get(WaitingGestureRow, (case_id, number))
        return row.approver if row else None

    async def look_back(self, case: Case, steps: Sequence[Step]) -> None:
        """What helped is shared, if it is still to be."""
        for step in steps:
            if step.act == PRACTICE:
                await self.doors.share(case.id, step.said, by=case.owner or "")

    async def lose(self, case_id: str) -> None:
        await self.env.client.get_workflow_handle(workflow_id(case_id)).terminate()

    async def plan_letters(self) -> DigestPlan:
        return await self.digest.plan(DigestAsked(self.clock()))

    async def write_letters(self, plan: DigestPlan) -> int:
        """How many were written: who has nothing to read gets none."""
        receipts = [
            await self.digest.write(LetterAsked(plan.week, person, self.clock()))
            for person in plan.people
        ]
        return sum(receipt.fate is LetterFate.WRITTEN for receipt in receipts)


@asynccontextmanager
async def staged(since: datetime, organisation: str) -> AsyncIterator[Stage]:
    """At `since`, with this organisation in force."""
    with tempfile.TemporaryDirectory(prefix="rappel-year-", dir=_memory()) as folder:
        settings = invented_settings(Path(folder), {SOURCE: SECRET})
        await migrate(settings.database_url)
        env = await skipping_server()
        async with env:
            stage = _stage(env, settings, SkippedClock(since))
            await stage.pass_until(since)
            await stage.apply(organisation)
            await stage.house.engine.use(env.client)
            async with stage.doors.http, _working(stage):
                yield stage
            await stage.house.database.close()


def _memory() -> Path | None:
    return MEMORY if MEMORY.is_dir() and disk_usage(MEMORY).free > PLENTY else None


def _stage(env: WorkflowEnvironment, settings: Settings, clock: SkippedClock) -> Stage:
    app = create_app(settings)
    house = app.state.house = make_house(settings, clock=clock)
    http = AsyncClient(transport=ASGITransport(app), base_url=settings.public_url, timeout=60)
    digest = Digest(
        house.database, house.book, public_url=settings.public_url, written=lambda: None
    )
    return Stage(
        env,
        house,
        clock,
        Doors(http, settings),
        PostOffice(Outbox(house.database), ConsoleCarrier(), clock),
        Audit(house.database, CaseRuns(env.client), clock=clock),
        digest,
    )


@asynccontextmanager
async def _working(stage: Stage) -> AsyncIterator[None]:
    """The worker; whoever moves the time also empties the outbox."""
    house = stage.house
    addressing = Addressing(house.database.vault, MessageTemplates(), house.settings.public_url)
    records = CaseRecords(house.database, house.book, addressing, stage.committed.set)
    roster = Roster(house.database, house.book)
    async with make_worker(stage.env.client, records.commit, roster.look):
        yield
