"""The edge to Temporal: start a case, tell it what was heard, ask it to take an act; fetch an answer."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from temporalio.client import (
    Client,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from models.absence import Absence, AbsenceEnds, AbsenceStart
from models.errors import EngineAway, NotKnown, WrongMove
from models.fetching import FetchStart
from models.messages import (
    ActReceipt,
    ActRequest,
    CaseEnd,
    CaseStart,
    ResponseHeard,
    workflow_id,
)
from models.timelapse import Timelapse
from temporal_client import TASK_QUEUE, absence_id, fetch_id, namespace_id
from workflows.absence import AbsenceWorkflow
from workflows.callback import CallbackWorkflow
from workflows.fetch import FetchWorkflow

ACT_TIMEOUT = timedelta(seconds=12)
SHORT_TIMEOUT = timedelta(seconds=5)
NOT_RUNNING = "No workflow runs for this case."

CaseHandle = WorkflowHandle[CallbackWorkflow, CaseEnd]


class Engine:
    """Serves from the moment Temporal answers; before that every call raises EngineAway.

    The cases that it starts live by `lapse`.
    """

    def __init__(self, lapse: Timelapse | None = None) -> None:
        self._lapse = lapse
        self._client: Client | None = None
        self._id = ""
        self._ready = asyncio.Event()

    async def use(self, client: Client) -> None:
        """Raises EngineAway."""
        self._client = client
        await self.refresh()
        self._ready.set()

    @property
    def id(self) -> str:
        """The namespace's id: another one than yesterday's means that the server's file is a new one."""
        return self._id

    async def wait_until_ready(self) -> None:
        await self._ready.wait()

    async def refresh(self) -> None:
        """Learn the namespace's id again: the server may have come back with another file.

        Raises EngineAway.
        """
        try:
            self._id = await namespace_id(self._connected())
        except RPCError as fault:
            raise _away(fault) from None

    async def start(self, case: CaseStart) -> None:
        """Already running is success. Whatever ended starts again: the database knows it as open.

        A run that ended while an older copy of the database was restored would else be open for ever;
        one that is started too late finds the database ahead at its first commit, and ends.
        """
        try:
            await self._connected().start_workflow(
                CallbackWorkflow.run,
                replace(case, lapse=self._lapse),
                id=workflow_id(case.case_id),
                task_queue=TASK_QUEUE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                rpc_timeout=SHORT_TIMEOUT,
            )
        except RPCError as fault:
            raise _away(fault) from None

    async def keep(self, absence: Absence) -> None:
        """Whether it runs already, is new, or was called off: afterwards it ends when it should."""
        start = AbsenceStart(absence.id, absence.person, absence.since, absence.until, self._lapse)
        try:
            await self._connected().start_workflow(
                AbsenceWorkflow.run,
                start,
                id=absence_id(absence.id),
                task_queue=TASK_QUEUE,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                start_signal=AbsenceWorkflow.ends.__name__,
                start_signal_args=[AbsenceEnds(absence.until)],
                rpc_timeout=SHORT_TIMEOUT,
            )
        except RPCError as fault:
            raise _away(fault) from None

    async def fetch(self, fetch: str, *, anew: bool) -> None:
        """Already running is success, unless it is to begin `anew`: it may wait for its next try. What ended
        starts again: the row says that it still waits.
        """
        running = WorkflowIDConflictPolicy
        try:
            await self._connected().start_workflow(
                FetchWorkflow.run,
                FetchStart(fetch),
                id=fetch_id(fetch),
                task_queue=TASK_QUEUE,
                id_conflict_policy=running.TERMINATE_EXISTING if anew else running.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                rpc_timeout=SHORT_TIMEOUT,
            )
        except RPCError as fault:
            raise _away(fault) from None

    async def tell(self, case_id: str, response: ResponseHeard) -> None:
        """Raises NotKnown when no such workflow runs."""
        try:
            await self._handle(case_id).signal(
                CallbackWorkflow.heard, response, rpc_timeout=SHORT_TIMEOUT
            )
        except RPCError as fault:
            if fault.status is RPCStatusCode.NOT_FOUND:
                raise NotKnown(NOT_RUNNING) from None
            raise _away(fault) from None

    async def act(self, case_id: str, request: ActRequest) -> ActReceipt:
        """Returns once the act is committed. Raises WrongMove, EngineAway, or NotKnown (not running)."""
        try:
            async with asyncio.timeout(ACT_TIMEOUT.total_seconds()):
                return await self._handle(case_id).execute_update(
                    CallbackWorkflow.act, request, id=request.draft, rpc_timeout=ACT_TIMEOUT
                )
        except WorkflowUpdateFailedError as failed:
            raise _refusal(failed) from None
        except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError):
            _go_on_being_cancelled()
            raise EngineAway("No worker has answered in time.") from None
        except RPCError as fault:
            if fault.status is RPCStatusCode.NOT_FOUND:
                raise NotKnown(NOT_RUNNING) from None
            raise _away(fault) from None

    def _handle(self, case_id: str) -> CaseHandle:
        return self._connected().get_workflow_handle_for(CallbackWorkflow.run, workflow_id(case_id))

    def _connected(self) -> Client:
        if self._client is None:
            raise EngineAway("Temporal was not reached yet.")
        return self._client


def _go_on_being_cancelled() -> None:
    """The SDK answers a cancelled call with an error of its own; the process still wants to stop."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def _refusal(failed: WorkflowUpdateFailedError) -> WrongMove | EngineAway:
    cause = failed.cause
    if isinstance(cause, ApplicationError) and cause.type == WrongMove.__name__:
        return WrongMove(str(cause.details[0]), cause.message)
    return EngineAway("The workflow ended before it could answer.")


def _away(fault: RPCError) -> EngineAway:
    return EngineAway(f"Temporal does not answer ({fault.status.name}).")
