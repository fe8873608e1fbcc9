"""The worker process: workflows and activities, the post office, and what Temporal starts by itself."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import structlog
from temporalio.client import Client
from temporalio.worker import Worker

from activities.addressing import Addressing
from activities.audit import Audit
from activities.carriers import carrier_for
from activities.case_records import CaseRecords
from activities.case_runs import CaseRuns
from activities.digest import Digest
from activities.discretion import Discretion
from activities.heartbeat import keep_beating
from activities.post_office import PostOffice
from activities.roster import Roster
from models.clock import clock_through, real_clock
from models.store.database import Database, check_revision
from models.store.organisations import OrganisationBook, name_in_force
from models.store.outbox import Outbox
from models.vault import Vault
from schedules import keep_audit, keep_weekly_letter
from settings import Settings
from templates.messages import MessageTemplates
from temporal_client import TASK_QUEUE, connect_patiently
from workflows.absence import AbsenceWorkflow
from workflows.audit import AuditWorkflow
from workflows.callback import CallbackWorkflow
from workflows.digest import DigestWorkflow
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
        book = OrganisationBook(vault)
        carrier = carrier_for(settings.mail_server, house=partial(name_in_force, database, book))
        post_office = PostOffice(Outbox(database), carrier, clock_through(settings.demo))
        addressing = Addressing(vault, MessageTemplates(), settings.public_url)
        records = CaseRecords(database, book, addressing, post_office.wake)
        digest = Digest(database, book, public_url=settings.public_url, written=post_office.wake)
        roster = Roster(database, book)
        client = await connect_patiently(embedded_port=settings.embedded_port)
        audit = Audit(database, CaseRuns(client), settings.demo)
        activities = (records.commit, digest.plan, digest.write, roster.look, audit.inspect)
        async with make_worker(client, *activities), asyncio.TaskGroup() as loops:
            loops.create_task(post_office.run())
            loops.create_task(keep_beating(database, "worker", real_clock))
            loops.create_task(keep_weekly_letter(client, database, book))
            loops.create_task(keep_audit(client))
            log.info("worker_started", task_queue=TASK_QUEUE)
    finally:
        await database.close()
        log.info("worker_stopped")


def make_worker(client: Client, *activities: Callable[..., object]) -> Worker:
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[CallbackWorkflow, DigestWorkflow, AbsenceWorkflow, AuditWorkflow],
        activities=activities,
        workflow_runner=sandboxed_runner(),
        interceptors=[Discretion()],
        graceful_shutdown_timeout=GRACE,
    )
