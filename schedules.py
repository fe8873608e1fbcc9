"""What Temporal starts by itself, and when: kept as it should be by every worker."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import structlog
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleIntervalSpec,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.service import RPCError

from models.audit import EVERY
from models.backfill import BackfillStart
from models.digest import DigestStart
from models.errors import RappelError
from models.store.database import Database
from models.store.organisations import OrganisationBook
from temporal_client import TASK_QUEUE, backfill_id, digest_id
from workflows.audit import AuditWorkflow
from workflows.backfill import BackfillWorkflow
from workflows.digest import DigestWorkflow

WEEKLY_LETTER = "weekly-letter"
AUDIT = "audit"
BACKFILL = "backfill"
NIGHT = (ScheduleRange(3),)
MONDAY, AT = (ScheduleRange(1),), (ScheduleRange(7),)
CATCH_UP = timedelta(days=7)
"""A Monday on which no server ran is made up for until the next one."""
LOOK_EVERY = 600
"""Seconds. The organisation may move to another zone, the server's file may be a new one."""
TRY_EVERY = 10

log = structlog.get_logger()


async def keep_weekly_letter(client: Client, database: Database, book: OrganisationBook) -> None:
    """Until cancelled. Before the first organisation is applied there is nobody to write to."""
    await _keep_by_the_clock(WEEKLY_LETTER, partial(put_weekly_letter, client), database, book)


async def keep_backfill(client: Client, database: Database, book: OrganisationBook) -> None:
    """Until cancelled."""
    await _keep_by_the_clock(BACKFILL, partial(put_backfill, client), database, book)


async def _keep_by_the_clock(
    schedule: str,
    put_in: Callable[[str], Awaitable[None]],
    database: Database,
    book: OrganisationBook,
) -> None:
    """By the clocks of the head office."""

    async def put() -> None:
        async with database.read() as session:
            zone = (await book.in_force(session)).organisation.head_office.zone
        await put_in(zone)

    while True:
        await _patiently(schedule, put)
        await asyncio.sleep(LOOK_EVERY)


async def keep_audit(client: Client) -> None:
    """Until cancelled. It runs when a worker starts: who knows what was lost, or restored, till then."""
    await _patiently(AUDIT, partial(put_audit, client, at_once=True))
    while True:
        await asyncio.sleep(LOOK_EVERY)
        await _patiently(AUDIT, partial(put_audit, client))


async def _patiently(schedule: str, put: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            return await put()
        except (RappelError, RPCError) as fault:
            log.warning("schedule_not_kept", schedule=schedule, fault=type(fault).__name__)
            await asyncio.sleep(TRY_EVERY)


async def put_weekly_letter(client: Client, zone: str) -> None:
    """There is one such schedule afterwards, whoever else puts it now; a pause of it is kept."""
    await _put(client, WEEKLY_LETTER, weekly_letter(zone))


async def put_backfill(client: Client, zone: str) -> None:
    """Like `put_weekly_letter`."""
    await _put(client, BACKFILL, backfill(zone))


async def put_audit(client: Client, *, at_once: bool = False) -> None:
    """Like `put_weekly_letter`. A new one runs at once too, unless it is paused or a run goes on."""
    new = await _put(client, AUDIT, audit())
    handle = client.get_schedule_handle(AUDIT)
    if (new or at_once) and not (await handle.describe()).schedule.state.paused:
        await handle.trigger()


async def _put(client: Client, name: str, wanted: Schedule) -> bool:
    """Whether it is new."""
    try:
        await client.create_schedule(name, wanted)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(name).update(lambda found: _mended(found, wanted))
        return False
    return True


def weekly_letter(zone: str) -> Schedule:
    """On Monday morning by the clocks of the head office."""
    return Schedule(
        action=ScheduleActionStartWorkflow(
            DigestWorkflow.run, DigestStart(), id=digest_id(), task_queue=TASK_QUEUE
        ),
        spec=ScheduleSpec(
            calendars=[ScheduleCalendarSpec(day_of_week=MONDAY, hour=AT)], time_zone_name=zone
        ),
        policy=SchedulePolicy(catchup_window=CATCH_UP),
    )


def backfill(zone: str) -> Schedule:
    """In the small hours of the head office; a night that was missed is within the next one's reach."""
    return Schedule(
        action=ScheduleActionStartWorkflow(
            BackfillWorkflow.run, BackfillStart(), id=backfill_id(), task_queue=TASK_QUEUE
        ),
        spec=ScheduleSpec(calendars=[ScheduleCalendarSpec(hour=NIGHT)], time_zone_name=zone),
        policy=SchedulePolicy(catchup_window=timedelta(days=1)),
    )


def audit() -> Schedule:
    """A run that still goes on is not overtaken; of those that were missed the last is made up for."""
    return Schedule(
        action=ScheduleActionStartWorkflow(AuditWorkflow.run, id=AUDIT, task_queue=TASK_QUEUE),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=EVERY)]),
        policy=SchedulePolicy(catchup_window=EVERY),
    )


def _mended(found: ScheduleUpdateInput, wanted: Schedule) -> ScheduleUpdate | None:
    """None where nothing but the pause and the count of runs could differ."""
    known = found.description.schedule
    if _shape(known) == _shape(wanted):
        return None
    return ScheduleUpdate(replace(wanted, state=known.state))


def _shape(schedule: Schedule) -> tuple[object, ...]:
    """When it starts what. The argument is left out: the server gives it back encoded."""
    match schedule.action:
        case ScheduleActionStartWorkflow(workflow=workflow, id=run, task_queue=queue):
            return schedule.spec, schedule.policy, workflow, run, queue
        case _:
            return schedule.spec, schedule.policy
