"""The activities as workflows see them: typed stubs, their timeouts and retries in one place."""

from datetime import timedelta

from temporalio import activity, workflow
from temporalio.common import RetryPolicy

from models.absence import Misplaced, RosterAsked
from models.audit import AuditEnd
from models.backfill import BackfillAsked, BackfillPlan, PageAsked, PageEnd
from models.digest import DigestAsked, DigestPlan, LetterAsked, LetterReceipt
from models.fetching import FetchEnd, FetchStart
from models.messages import CommitReceipt, CommitRequest

BACKING_OFF = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    backoff_coefficient=2,
    maximum_interval=timedelta(minutes=1),
)
"""Without an end of its own: a commit waits for the database as long as it takes."""


LETTER_LIFE = timedelta(days=3)
"""A letter of last week that could not be written by then is none any more; the next one follows."""

PAGE_LIFE = timedelta(hours=1)
"""A vendor that is away for longer is asked again in the next night."""

AUDIT_LIFE = timedelta(minutes=30)
"""Then the next run takes its place."""


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
        retry_policy=BACKING_OFF,
    )


@activity.defn(name="digest.plan")
async def plan_digest_stub(asked: DigestAsked) -> DigestPlan:
    """Bound to `activities.digest` by the worker, as the next one is."""
    raise NotImplementedError


@activity.defn(name="digest.write")
async def write_letter_stub(asked: LetterAsked) -> LetterReceipt:
    raise NotImplementedError


async def plan_digest(asked: DigestAsked) -> DigestPlan:
    return await workflow.execute_activity(
        plan_digest_stub,
        asked,
        start_to_close_timeout=timedelta(seconds=10),
        retry_policy=BACKING_OFF,
    )


async def write_letter(asked: LetterAsked) -> LetterReceipt:
    """Raises ActivityError when its life is over. The figures of a large house take a while."""
    return await workflow.execute_activity(
        write_letter_stub,
        asked,
        start_to_close_timeout=timedelta(minutes=2),
        schedule_to_close_timeout=LETTER_LIFE,
        retry_policy=BACKING_OFF,
    )


@activity.defn(name="roster.look")
async def look_at_roster_stub(asked: RosterAsked) -> Misplaced:
    """Bound to `activities.roster` by the worker."""
    raise NotImplementedError


async def look_at_roster(asked: RosterAsked) -> Misplaced:
    return await workflow.execute_activity(
        look_at_roster_stub,
        asked,
        start_to_close_timeout=timedelta(seconds=30),
        retry_policy=BACKING_OFF,
    )


@activity.defn(name="audit.inspect")
async def inspect_stub() -> AuditEnd:
    """Bound to `activities.audit` by the worker."""
    raise NotImplementedError


async def inspect() -> AuditEnd:
    """It beats after each page, the first time once all that runs is listed: a killed worker is noticed,
    and the next one goes on from there.
    """
    return await workflow.execute_activity(
        inspect_stub,
        heartbeat_timeout=timedelta(minutes=2),
        schedule_to_close_timeout=AUDIT_LIFE,
        retry_policy=BACKING_OFF,
    )


@activity.defn(name="fetch.answer")
async def fetch_stub(start: FetchStart) -> FetchEnd:
    """Bound to `activities.fetching` by the worker."""
    raise NotImplementedError


async def fetch(start: FetchStart) -> FetchEnd:
    """As long as it takes: each try says when the next one is, be it tomorrow."""
    return await workflow.execute_activity(
        fetch_stub,
        start,
        start_to_close_timeout=timedelta(minutes=1),
        retry_policy=BACKING_OFF,
    )


@activity.defn(name="backfill.plan")
async def plan_backfill_stub(asked: BackfillAsked) -> BackfillPlan:
    """Bound to `activities.backfill` by the worker, as the next one is."""
    raise NotImplementedError


@activity.defn(name="backfill.page")
async def take_page_stub(asked: PageAsked) -> PageEnd:
    raise NotImplementedError


async def plan_backfill(asked: BackfillAsked) -> BackfillPlan:
    return await workflow.execute_activity(
        plan_backfill_stub,
        asked,
        start_to_close_timeout=timedelta(seconds=10),
        retry_policy=BACKING_OFF,
    )


async def take_page(asked: PageAsked) -> PageEnd:
    """Raises ActivityError when its life is over."""
    return await workflow.execute_activity(
        take_page_stub,
        asked,
        start_to_close_timeout=timedelta(minutes=5),
        schedule_to_close_timeout=PAGE_LIFE,
        retry_policy=BACKING_OFF,
    )
