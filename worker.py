"""The worker process: workflows and activities, the post office, and what Temporal starts by itself."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import timedelta

import structlog
from temporalio.client import Client
from temporalio.worker import Worker

from activities.addressing import Addressing
from activities.audit import Audit
from activities.backfill import Backfill
from activities.case_records import CaseRecords
from activities.case_runs import CaseRuns
from activities.digest import Digest
from activities.discretion import Discretion
from activities.fetched_answers import FetchedAnswers
from activities.fetching import Fetching
from activities.heartbeat import keep_beating
from activities.post_office import PostOffice
from activities.roster import Roster
from activities.vendors import Vendors
from models.clock import clock_through, real_clock
from models.store.database import Database, check_revision
from models.store.intake import Intake
from models.store.organisations import OrganisationBook
from models.vault import Vault
from post import Rounds, make_post
from schedules import keep_audit, keep_backfill, keep_weekly_letter
from settings import Settings
from templates.messages import MessageTemplates
from templates.own_texts import checked_templates
from temporal_client import TASK_QUEUE, connect_patiently
from workflows.absence import AbsenceWorkflow
from workflows.audit import AuditWorkflow
from workflows.backfill import BackfillWorkflow
from workflows.callback import CallbackWorkflow
from workflows.digest import DigestWorkflow
from workflows.fetch import FetchWorkflow
from workflows.sandbox import sandboxed_runner

GRACE = timedelta(seconds=30)
"""What is in hand when the process is told to stop may take this long to finish."""
TASKS_AT_ONCE, ACTIVITIES_AT_ONCE = 12, 32
"""In one process, which has one interpreter and few connections: more would wait in it, each so long that it
passes for stuck, instead of in Temporal, where another process may take it.
"""
CACHED = 5_000
"""Cases whose workflow stays in memory between two steps, some 120 kB each. Of another one the history is
fetched and replayed first, which costs more than the step itself.
"""

log = structlog.get_logger()


async def run(settings: Settings) -> None:
    """Until cancelled; then what is in hand is finished first."""
    templates = checked_templates(settings.templates_dir)
    vault = Vault.from_text(settings.data_key.get_secret_value())
    database = Database(settings.database_url, vault)
    try:
        await check_revision(database)
        async with make_post(database, templates, settings) as (post_office, rounds):
            await _work(database, templates, settings, post_office, rounds)
    finally:
        await database.close()
        log.info("worker_stopped")


async def _work(
    database: Database,
    templates: MessageTemplates,
    settings: Settings,
    post_office: PostOffice,
    rounds: Rounds,
) -> None:
    book = OrganisationBook(database.vault)
    account, url = settings.account, settings.public_url
    answerable = account is not None and account.two_way
    addressing = Addressing(database.vault, templates, url, answerable=answerable)
    records = CaseRecords(database, book, addressing, post_office.wake)
    digest = Digest(database, book, public_url=settings.public_url, written=post_office.wake)
    roster = Roster(database, book)
    client = await connect_patiently(embedded_port=settings.embedded_port)
    audit = Audit(database, CaseRuns(client), settings.demo)
    asking = make_asking(database, book, settings)
    own = (records.commit, digest.plan, digest.write, roster.look, audit.inspect)
    async with (
        asking as fetched,
        make_worker(client, *own, *fetched),
        asyncio.TaskGroup() as loops,
    ):
        for each in rounds:
            loops.create_task(each())
        loops.create_task(keep_beating(database, "worker", real_clock))
        loops.create_task(keep_weekly_letter(client, database, book))
        loops.create_task(keep_audit(client))
        loops.create_task(keep_backfill(client, database, book))
        log.info("worker_started", task_queue=TASK_QUEUE)


@asynccontextmanager
async def make_asking(
    database: Database, book: OrganisationBook, settings: Settings
) -> AsyncIterator[Sequence[Callable[..., object]]]:
    """What asks the survey systems' own APIs."""
    clock = clock_through(settings.demo)
    tokens = {name: token.get_secret_value() for name, token in settings.api_tokens.items()}
    answers = FetchedAnswers(book, Intake(database.vault, book))
    async with aclosing(Vendors(database, tokens, clock=clock)) as vendors:
        backfill = Backfill(database, book, answers, vendors, clock=clock)
        fetching = Fetching(database, book, answers, vendors, clock=clock)
        yield fetching.fetch, backfill.plan, backfill.page


def make_worker(client: Client, *activities: Callable[..., object]) -> Worker:
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[
            CallbackWorkflow,
            DigestWorkflow,
            AbsenceWorkflow,
            AuditWorkflow,
            FetchWorkflow,
            BackfillWorkflow,
        ],
        activities=activities,
        workflow_runner=sandboxed_runner(),
        interceptors=[Discretion()],
        max_cached_workflows=CACHED,
        max_concurrent_workflow_tasks=TASKS_AT_ONCE,
        max_concurrent_activities=ACTIVITIES_AT_ONCE,
        graceful_shutdown_timeout=GRACE,
    )
