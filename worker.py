"""The worker process: it runs the cases' workflows and activities, and the post office."""

import asyncio
from datetime import UTC, datetime, timedelta

import structlog
from temporalio.client import Client
from temporalio.worker import Worker

from activities.addressing import Addressing
from activities.carriers import ConsoleCarrier
from activities.case_records import CaseRecords
from activities.discretion import Discretion
from activities.heartbeat import keep_beating
from activities.post_office import PostOffice
from models.store.database import Database, check_revision
from models.store.organisations import OrganisationBook
from models.store.outbox import Outbox
from models.vault import Vault
from settings import Settings
from templates.messages import MessageTemplates
from temporal_client import TASK_QUEUE, connect_patiently
from workflows.callback import CallbackWorkflow
from workflows.sandbox import sandboxed_runner

GRACE = timedelta(seconds=30)
"""What is in hand when the process is told to stop may take this long to finish."""

log = structlog.get_logger()


async def run(settings: Settings) -> None:
    """Until cancelled; then what is in hand is finished first."""
    vault = Vault.from_text(settings.data_key.get_secret_value())
    database = Database(settings.database_url, vault)
    try:
        await check_revision(database)
        post_office = PostOffice(Outbox(database), ConsoleCarrier(), _now)
        addressing = Addressing(vault, MessageTemplates(), settings.public_url)
        records = CaseRecords(database, OrganisationBook(vault), addressing, post_office.wake)
        client = await connect_patiently(embedded_port=settings.embedded_port)
        async with make_worker(client, records), asyncio.TaskGroup() as loops:
            loops.create_task(post_office.run())
            loops.create_task(keep_beating(database, "worker", _now))
            log.info("worker_started", task_queue=TASK_QUEUE)
    finally:
        await database.close()
        log.info("worker_stopped")


def make_worker(client: Client, records: CaseRecords) -> Worker:
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[CallbackWorkflow],
        activities=[records.commit],
        workflow_runner=sandboxed_runner(),
        interceptors=[Discretion()],
        graceful_shutdown_timeout=GRACE,
    )


def _now() -> datetime:
    return datetime.now(UTC)
