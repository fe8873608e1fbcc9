"""How both edges reach Temporal: one converter, one task queue, one way to name a workflow."""

import asyncio
from datetime import timedelta

import structlog
from google.protobuf.duration_pb2 import Duration
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, UpdateNamespaceRequest
from temporalio.client import Client
from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultPayloadConverter,
    JSONPlainPayloadConverter,
)
from temporalio.envconfig import ClientConfig, ClientConnectConfig
from temporalio.runtime import Runtime
from temporalio.service import RPCError

from models.errors import EngineAway, Misconfigured

TASK_QUEUE = "rappel"
RETENTION = timedelta(days=90)
LONGEST_PAUSE = 2.0
"""Seconds between two attempts to connect."""

log = structlog.get_logger()

_json = PydanticJSONPlainPayloadConverter()


class Payloads(CompositePayloadConverter):
    """What the library's own for pydantic writes and reads, with one memory of types for the whole process.

    Each workflow run makes itself a converter; one that has to learn all types anew takes fifty
    milliseconds over it, before the run has done anything.
    """

    def __init__(self) -> None:
        usual = DefaultPayloadConverter.default_encoding_payload_converters
        super().__init__(
            *(_json if isinstance(each, JSONPlainPayloadConverter) else each for each in usual)
        )


DATA_CONVERTER = DataConverter(payload_converter_class=Payloads)


def absence_id(absence: str) -> str:
    return f"absence/{absence}"


def fetch_id(fetch: str) -> str:
    return f"fetch/{fetch}"


def backfill_id(*parts: str) -> str:
    """Of one source since one day; without parts, of the schedule."""
    return "/".join(("backfill", *parts))


def digest_id(*parts: str) -> str:
    """Of the letters of a week, and perhaps of one person only; without parts, of the schedule."""
    return "/".join(("digest", *parts))


async def connect(*, embedded_port: int | None, runtime: Runtime | None = None) -> Client:
    """Raises EngineAway when nobody answers, Misconfigured when the standard variables are wrong.

    With a port the embedded server is meant and the standard `TEMPORAL_*` variables are not read.
    """
    target = _target(embedded_port)
    try:
        return await Client.connect(**target, data_converter=DATA_CONVERTER, runtime=runtime)
    except (RuntimeError, RPCError) as error:
        raise EngineAway(f"Temporal does not answer at {target['target_host']}.") from error


async def connect_patiently(*, embedded_port: int | None, runtime: Runtime | None = None) -> Client:
    """Like `connect`, but waits for as long as it takes; each new reason to wait is logged once."""
    said, pause = "", 0.1
    while True:
        try:
            client = await connect(embedded_port=embedded_port, runtime=runtime)
        except EngineAway as away:
            if (reason := str(away.__cause__)) != said:
                log.warning("temporal_away", detail=away.detail, reason=reason)
            said, pause = reason, min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(pause)
        else:
            log.info("temporal_reached", target=client.service_client.config.target_host)
            return client


async def namespace_id(client: Client) -> str:
    """A new server file has a new id under the same name: every workflow it knew is gone."""
    found = await client.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace=client.namespace)
    )
    return found.namespace_info.id


async def set_retention(client: Client, *, length: timedelta = RETENTION) -> None:
    """How long closed histories stay readable. The server's own default is a single day."""
    config = NamespaceConfig(
        workflow_execution_retention_ttl=Duration(seconds=int(length.total_seconds()))
    )
    await client.workflow_service.update_namespace(
        UpdateNamespaceRequest(namespace=client.namespace, config=config)
    )


def _target(embedded_port: int | None) -> ClientConnectConfig:
    if embedded_port is not None:
        return {"target_host": f"127.0.0.1:{embedded_port}"}
    try:
        told = ClientConfig.load_client_connect_config()
    except RuntimeError as error:
        fault = str(error).splitlines()[0]  # the lines below it quote the file, keys and all
        raise Misconfigured(f"The TEMPORAL_ variables or their file are wrong: {fault}.") from None
    return {"target_host": "localhost:7233", **told}
