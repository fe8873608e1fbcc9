"""The activities as workflows see them: typed stubs, their timeouts and retries in one place."""

from datetime import timedelta

from temporalio import activity, workflow
from temporalio.common import RetryPolicy

from models.messages import CommitReceipt, CommitRequest

COMMIT_RETRY = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    backoff_coefficient=2,
    maximum_interval=timedelta(minutes=1),
)
"""For ever: a commit waits for the database as long as it takes."""


@activity.defn(name="case.commit")
async def commit_stub(request: CommitRequest) -> CommitReceipt:
    """Bound to `activities.case_records` by the worker, under the same name."""
    raise NotImplementedError


async def commit(request: CommitRequest) -> CommitReceipt:
    """Write a move. The time-out is also how a killed worker is noticed."""
    return await workflow.execute_activity(
        commit_stub,
        request,
        start_to_close_timeout=timedelta(seconds=10),
        retry_policy=COMMIT_RETRY,
    )
