"""A real Temporal server, the real workflow, and the ledger in the place of the database."""

import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from google.protobuf.json_format import MessageToDict
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from models.actions import Act
from models.case import CaseState, HeardAgain
from models.messages import ActReceipt, ActRequest, CaseEnd, CaseStart, ResponseHeard
from tests.models.rehearsal import DIRECTOR
from tests.workflows.ledger import Ledger
from workflows.callback import CallbackWorkflow
from workflows.sandbox import sandboxed_runner

QUEUE = "cases"
CASE = "case-1"


async def skipping_server() -> WorkflowEnvironment:
    """The server whose clock jumps to the next timer."""
    return await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=_binary("temporal-test-server"),
        data_converter=pydantic_data_converter,
    )


async def server_with_short_histories() -> WorkflowEnvironment:
    """The development server, which already suggests to continue as new after 40 events."""
    settings = ("limit.historyCount.suggestContinueAsNew=40", 'history.workflowIdReuseMinimalInterval="0s"')
    return await WorkflowEnvironment.start_local(
        dev_server_existing_path=_binary("temporal"),
        data_converter=pydantic_data_converter,
        dev_server_extra_args=[word for s in settings for word in ("--dynamic-config-value", s)],
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


@dataclass(slots=True)
class Desk:
    """One case on a server, and everything that can be done to it from outside."""

    env: WorkflowEnvironment
    ledger: Ledger
    _numbers: count[int] = field(default_factory=lambda: count(1))

    @property
    def handle(self) -> WorkflowHandle[CallbackWorkflow, CaseEnd]:
        return self.env.client.get_workflow_handle_for(CallbackWorkflow.run, f"case/{CASE}")

    @property
    def state(self) -> CaseState:
        return self.ledger.states[CASE]

    async def now(self) -> datetime:
        return await self.env.get_current_time()

    async def open(self, *, ago: timedelta = timedelta(), state: CaseState | None = None) -> None:
        """`ago` is how long the customer has been waiting when the workflow starts."""
        start = CaseStart(CASE, await self.now() - ago, state)
        await self.env.client.start_workflow(
            CallbackWorkflow.run, start, id=self.handle.id, task_queue=QUEUE
        )

    async def request(self, act: Act, *, at: datetime | None = None, draft: str = "") -> ActRequest:
        number = f"draft-{next(self._numbers)}"
        return ActRequest(act, DIRECTOR, draft or number, at or await self.now())

    async def act(self, act: Act, *, at: datetime | None = None, draft: str = "") -> ActReceipt:
        request = await self.request(act, at=at, draft=draft)
        return await self.handle.execute_update(CallbackWorkflow.act, request)

    async def refusal(self, act: Act) -> str:
        """The rule by which the act is refused."""
        try:
            await self.act(act)
        except WorkflowUpdateFailedError as refused:
            assert isinstance(refused.cause, ApplicationError)
            return refused.cause.type or ""
        raise AssertionError(f"{act} was not refused")

    async def live(self, *acts: Act) -> None:
        for act in acts:
            await self.act(act)

    async def link(self, response: str = "response-2") -> ResponseHeard:
        """A further response joins in the database; the signal that tells so is not sent yet."""
        now = await self.now()
        self.ledger.linked[response] = HeardAgain(response, 1, now, now)
        return ResponseHeard(response, 1, now)

    async def hear(self, response: ResponseHeard) -> None:
        await self.handle.signal(CallbackWorkflow.heard, response)

    async def count_events(self, kind: EventType.ValueType) -> int:
        history = await self.handle.fetch_history()
        return sum(event.event_type == kind for event in history.events)
