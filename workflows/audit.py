"""One audit: every open case is compared with its workflow. A schedule starts it."""

from temporalio import workflow

from models.audit import AuditEnd
from workflows import ports


@workflow.defn(name="AuditWorkflow")
class AuditWorkflow:
    @workflow.run
    async def run(self) -> AuditEnd:
        return await ports.inspect()
