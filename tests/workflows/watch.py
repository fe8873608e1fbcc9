"""A stand-in for the activity of an absence, and a worker around it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from temporalio import activity
from temporalio.client import WorkflowHandle
from temporalio.worker import Worker

from models.absence import AbsenceStart, Misplaced, RosterAsked
from temporal_client import absence_id
from tests.workflows.engine import Desk
from workflows.absence import AbsenceWorkflow
from workflows.sandbox import sandboxed_runner


@dataclass(slots=True)
class Watch:
    """It keeps when it was asked, and finds the same cases each time."""

    found: tuple[str, ...] = ()
    asked: list[datetime] = field(default_factory=list)

    @activity.defn(name="roster.look")
    async def look(self, asked: RosterAsked) -> Misplaced:
        self.asked.append(asked.at)
        return Misplaced(self.found)


@asynccontextmanager
async def watching(desk: Desk, watch: Watch, *, cached: int = 100) -> AsyncIterator[None]:
    async with Worker(
        desk.env.client,
        task_queue="absences",
        workflows=[AbsenceWorkflow],
        activities=[watch.look],
        workflow_runner=sandboxed_runner(),
        max_cached_workflows=cached,
    ):
        yield


async def go_away(
    desk: Desk, since: datetime, until: datetime
) -> WorkflowHandle[AbsenceWorkflow, None]:
    return await desk.env.client.start_workflow(
        AbsenceWorkflow.run,
        AbsenceStart("away", "dora", since, until),
        id=absence_id("away"),
        task_queue="absences",
    )
