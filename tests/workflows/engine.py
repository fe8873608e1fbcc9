"""A real Temporal server, the real workflow, and the ledger in the place of the database."""

import asyncio
import sys
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import (
    Client,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateHandle,
    WorkflowUpdateStage,
)
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from models.actions import Act, AddAction
from models.case import CaseState, HeardAgain
from models.messages import ActReceipt, ActRequest, CaseEnd, CaseStart, ResponseHeard
from models.revisions import Change
from temporal_client import DATA_CONVERTER
from tests.models.rehearsal import DIRECTOR, HAPPY, HOUR
from tests.workflows.ledger import Ledger
from workflows.callback import CallbackWorkflow
from workflows.sandbox import sandboxed_runner

QUEUE = "cases"
CASE = "case-1"
Sent: TypeAlias = WorkflowUpdateHandle[ActReceipt]


async def skipping_server() -> WorkflowEnvironment:
    """The server whose clock jumps to the next timer."""
    return await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=_binary("temporal-test-server"),
        data_converter=DATA_CONVERTER,
        identity="tests",
    )


async def server_with_short_histories() -> WorkflowEnvironment:
    """The development server, which already suggests to continue as new after 40 events."""
    soon = "limit.historyCount.suggestContinueAsNew=40"
    at_once = 'history.workflowIdReuseMinimalInterval="0s"'
    return await WorkflowEnvironment.start_local(
        dev_server_existing_path=_binary("temporal"),
        data_converter=DATA_CONVERTER,
        identity="tests",
        dev_server_extra_args=["--dynamic-config-value", soon, "--dynamic-config-value", at_once],
        dev_server_log_level="error",
    )


def _binary(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def worker(client: Client, ledger: Ledger, *, cached: int = 100) -> Worker:
    return Worker(
        client,
        task_queue=QUEUE,
        workflows=[CallbackWorkflow],
        activities=[ledger.commit],
        workflow_runner=sandboxed_runner(),
        max_cached_workflows=cached,
    )


async def refused(act: Awaitable[ActReceipt]) -> str:
    """The rule by which an act is refused."""
    with pytest.raises(WorkflowUpdateFailedError) as failure:
        await act
    assert isinstance(failure.value.cause, ApplicationError)
    return str(failure.value.cause.details[0])


@dataclass(slots=True)
class Desk:
    """One case on a server, and everything that can be done to it from outside."""

    env: WorkflowEnvironment
    ledger: Ledger
    drafts: int = 0

    @property
    def handle(self) -> WorkflowHandle[CallbackWorkflow, CaseEnd]:
        return self.env.client.get_workflow_handle_for(CallbackWorkflow.run, f"case/{CASE}")

    @property
    def state(self) -> CaseState:
        return self.ledger.states[CASE]

    async def run_id(self) -> str:
        return (await self.handle.describe()).run_id or ""

    async def now(self) -> datetime:
        return await self.env.get_current_time()

    async def until(self, instant: datetime) -> None:
        """Let the server's clock pass an instant in the ordinary way, without a skip."""
        while await self.now() <= instant:
            await asyncio.sleep(0.02)

    async def open(self, *, ago: timedelta = timedelta(), state: CaseState | None = None) -> None:
        """`ago` is how long the customer has been waiting when the workflow starts."""
        start = CaseStart(CASE, await self.now() - ago, state)
        await self.env.client.start_workflow(
            CallbackWorkflow.run, start, id=self.handle.id, task_queue=QUEUE
        )

    async def request(self, act: Act, *, at: datetime | None = None, draft: str = "") -> ActRequest:
        self.drafts += 1
        return ActRequest(act, DIRECTOR, draft or f"draft-{self.drafts}", at or await self.now())

    async def act(self, act: Act, *, at: datetime | None = None, draft: str = "") -> ActReceipt:
        request = await self.request(act, at=at, draft=draft)
        return await self.handle.execute_update(CallbackWorkflow.act, request)

    async def send(self, act: Act, *, at: datetime | None = None) -> Sent:
        """Returns as soon as the workflow has taken the act, before it has answered it."""
        return await self.handle.start_update(
            CallbackWorkflow.act,
            await self.request(act, at=at),
            wait_for_stage=WorkflowUpdateStage.ACCEPTED,
        )

    async def happy(self, acts: int = 6) -> None:
        """The first acts of a life in which nothing goes wrong."""
        repair = AddAction("plumber", await self.now() + 72 * HOUR)
        for act in (*HAPPY[:3], repair, *HAPPY[4:])[:acts]:
            await self.act(act)

    async def link(
        self, response: str = "response-2", *, revision: int = 1, change: Change = Change.JOINED
    ) -> ResponseHeard:
        """A further response joins in the database, or one of the case's changes; the signal that tells
        so is not sent yet.
        """
        now = await self.now()
        self.ledger.linked[response] = HeardAgain(response, revision, now, now, change=change)
        return ResponseHeard(response, revision, now, change=change)

    async def hear(self, response: ResponseHeard) -> None:
        await self.handle.signal(CallbackWorkflow.heard, response)

    async def nudge(self) -> None:
        await self.handle.signal(CallbackWorkflow.nudge)

    async def count_events(self, kind: EventType.ValueType) -> int:
        history = await self.handle.fetch_history()
        return sum(event.event_type == kind for event in history.events)
