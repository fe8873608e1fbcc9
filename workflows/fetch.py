"""One answer that must be asked for. Its row says what became of it."""

from temporalio import workflow

from models.fetching import FetchEnd, FetchStart
from workflows import ports


@workflow.defn(name="FetchWorkflow")
class FetchWorkflow:
    @workflow.run
    async def run(self, start: FetchStart) -> FetchEnd:
        return await ports.fetch(start)
