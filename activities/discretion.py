"""Error texts quote what they choke on; only an error's kind may enter a workflow's history."""

from typing import Any

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    Interceptor,
)

from models.errors import NotFetched, RappelError

log = structlog.get_logger()


class Discretion(Interceptor):
    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 - Temporal's name
        return _Discreet(next)


class _Discreet(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - Temporal's name
        try:
            return await super().execute_activity(input)
        except Exception as error:  # noqa: BLE001 - the boundary: whatever it is, its words stay here
            kind = type(error).__name__
            info = activity.info()
            log.warning(
                "activity_failed",
                activity=info.activity_type,
                workflow=info.workflow_id,
                attempt=info.attempt,
                error=error.detail if isinstance(error, RappelError) else kind,
            )
            wait = error.wait if isinstance(error, NotFetched) else None
            raise ApplicationError(kind, type=kind, next_retry_delay=wait) from None
