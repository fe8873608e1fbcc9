from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from machine.lock import locked
from machine.port import free_port_for_temporal
from machine.supervisor import supervised
from machine.temporal_server import temporal_server
from models.messages import workflow_id
from temporal_client import connect, namespace_id

pytestmark = pytest.mark.story


async def test_the_server_keeps_its_histories_over_a_restart(tmp_path: Path) -> None:
    async with _server(tmp_path) as client:
        first = await namespace_id(client)
        await client.start_workflow("Anything", id=workflow_id("1"), task_queue="nobody")

    async with _server(tmp_path) as client:
        assert await namespace_id(client) == first
        assert (await client.get_workflow_handle(workflow_id("1")).describe()).id == "case/1"


async def test_a_new_file_is_known_by_a_new_namespace_id(tmp_path: Path) -> None:
    async with _server(tmp_path / "one") as client:
        first = await namespace_id(client)

    async with _server(tmp_path / "two") as client:
        assert await namespace_id(client) != first


async def test_closed_histories_stay_for_ninety_days(tmp_path: Path) -> None:
    async with _server(tmp_path) as client:
        found = await client.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace=client.namespace)
        )

    kept = found.config.workflow_execution_retention_ttl.ToTimedelta()
    assert kept == timedelta(days=90)


@asynccontextmanager
async def _server(folder: Path) -> AsyncIterator[Client]:
    port = free_port_for_temporal(17233)
    async with locked(folder) as lock:
        server = temporal_server(folder, port=port, lock=lock)
        async with supervised([server], say=lambda _: None):
            yield await connect(embedded_port=port)
