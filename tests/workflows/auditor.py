"""A stand-in for the activity of the audit: it has seen one case, and it was sound."""

from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from models.audit import AuditEnd
from schedules import AUDIT, put_audit
from temporal_client import TASK_QUEUE
from tests.workflows.scribe import latest_run
from workflows.audit import AuditWorkflow
from workflows.sandbox import sandboxed_runner


@activity.defn(name="audit.inspect")
async def inspect() -> AuditEnd:
    return AuditEnd(1)


def auditor_at_work(client: Client) -> Worker:
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[AuditWorkflow],
        activities=[inspect],
        workflow_runner=sandboxed_runner(),
    )


async def audit_by_schedule(client: Client) -> WorkflowHandle[AuditWorkflow, AuditEnd]:
    """The run that a new schedule starts at once."""
    await put_audit(client)
    return client.get_workflow_handle_for(AuditWorkflow.run, await latest_run(client, AUDIT))
