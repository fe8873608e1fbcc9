"""The workflows of cases as Temporal sees them, for the audit: which run, and how one does."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from models.audit import OpenCase, Sighting
from models.errors import EngineAway
from models.messages import workflow_id
from temporal_client import TASK_QUEUE, namespace_id

RUNNING = (
    f"WorkflowType = 'CallbackWorkflow' AND TaskQueue = '{TASK_QUEUE}' "
    "AND ExecutionStatus = 'Running'"
)
PAST_AUDITS = "WorkflowType = 'AuditWorkflow' AND ExecutionStatus != 'Running' AND CloseTime < '{}'"
FORGOTTEN = 20
"""Histories a run, at most."""
NUDGE = "nudge"
LISTED = 1000
"""Workflows a call."""
AT_ONCE = 20
GONE = Sighting(running=False)


class CaseRuns:
    """All but `forget_audits`, which raises RPCError, raise EngineAway when Temporal does not answer."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def engine(self) -> str:
        """The namespace's id."""
        try:
            return await namespace_id(self._client)
        except RPCError as fault:
            raise _away(fault) from None

    async def running(self) -> Collection[str] | None:
        """Ids of cases, as visibility knows them: a hint. None from a server that cannot list."""
        prefix = workflow_id("")
        listed = self._client.list_workflows(RUNNING, page_size=LISTED)
        try:
            return {run.id.removeprefix(prefix) async for run in listed}
        except RPCError as fault:
            if fault.status is RPCStatusCode.UNIMPLEMENTED:
                return None
            raise _away(fault) from None

    async def look_at(self, cases: Collection[OpenCase]) -> Mapping[OpenCase, Sighting]:
        """Each by `describe`, which reads what is, not what visibility has heard of."""
        few = asyncio.Semaphore(AT_ONCE)

        async def look(case: OpenCase) -> tuple[OpenCase, Sighting]:
            async with few:
                return case, await self._look(case.case_id)

        return dict(await asyncio.gather(*(look(case) for case in cases)))

    async def nudge(self, case_id: str) -> None:
        """One that has ended meanwhile needs none."""
        handle = self._client.get_workflow_handle(workflow_id(case_id))
        try:
            await handle.signal(NUDGE)
        except RPCError as fault:
            if fault.status is not RPCStatusCode.NOT_FOUND:
                raise _away(fault) from None

    async def forget_audits(self, *, before: datetime) -> None:
        """Their histories: each holds 21 KiB of the server's file, and the table says the same."""
        past = PAST_AUDITS.format(before.isoformat())
        async for run in self._client.list_workflows(past, limit=FORGOTTEN):
            await self._forget(WorkflowExecution(workflow_id=run.id, run_id=run.run_id))

    async def _forget(self, run: WorkflowExecution) -> None:
        """Visibility may still list one that is gone."""
        try:
            await self._client.workflow_service.delete_workflow_execution(
                DeleteWorkflowExecutionRequest(
                    namespace=self._client.namespace, workflow_execution=run
                )
            )
        except RPCError as fault:
            if fault.status is not RPCStatusCode.NOT_FOUND:
                raise

    async def _look(self, case_id: str) -> Sighting:
        try:
            found = await self._client.get_workflow_handle(workflow_id(case_id)).describe()
        except RPCError as fault:
            if fault.status is RPCStatusCode.NOT_FOUND:
                return GONE
            raise _away(fault) from None
        running = found.status is WorkflowExecutionStatus.RUNNING
        return Sighting(running, _attempt(found)) if running else GONE


def _attempt(found: WorkflowExecutionDescription) -> int:
    raw = found.raw_description
    task = raw.pending_workflow_task.attempt  # 0 where none is pending
    return max((task, *(activity.attempt for activity in raw.pending_activities)))


def _away(fault: RPCError) -> EngineAway:
    return EngineAway(f"Temporal does not answer ({fault.status.name}).")
