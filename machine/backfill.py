"""A backfill by hand: of one source, as far back as is asked."""

import asyncio
from datetime import UTC, datetime

from temporalio.common import WorkflowIDConflictPolicy

from machine.opening import opened_database
from models.backfill import BackfillEnd, BackfillStart
from models.errors import EngineAway, Misconfigured, NotKnown, NotUnderstood
from models.mappings import Source
from models.spelling import did_you_mean
from models.store.organisations import OrganisationBook
from settings import API_TOKEN_OF, Settings
from surveys.apis import APIS
from temporal_client import TASK_QUEUE, backfill_id, connect
from workflows.backfill import BackfillWorkflow

PATIENCE = 15 * 60.0
"""Seconds until we say that it goes on without us."""


async def backfill_source(settings: Settings, name: str, *, since: datetime) -> str:
    """What came of it, in lines. Raises NotKnown, NotUnderstood and Misconfigured for what cannot be asked,
    EngineAway when it was not read in time; it goes on all the same.
    """
    async with opened_database(settings) as database, database.read() as session:
        organisation = (await OrganisationBook(database.vault).in_force(session)).organisation
    if name not in organisation.sources:
        meant = did_you_mean(name, organisation.sources) or "."
        raise NotKnown(f"There is no source {name!r} in the organisation{meant}")
    _require_askable(organisation.sources[name], settings)
    if since > datetime.now(UTC):
        raise NotUnderstood("That day is still to come.")
    client = await connect(embedded_port=settings.embedded_port)
    handle = await client.start_workflow(
        BackfillWorkflow.run,
        BackfillStart(name, since),
        id=backfill_id(name, f"{since:%Y-%m-%d}"),
        task_queue=TASK_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )
    try:
        end = await asyncio.wait_for(handle.result(), PATIENCE)
    except TimeoutError:
        raise EngineAway("It is begun, but not read to its end: does a worker run?") from None
    return _told(end, f"{name} since {since:%Y-%m-%d}")


def _told(end: BackfillEnd, of: str) -> str:
    tally = end.tally
    counted = (
        f"{tally.found} responses, {tally.new} of them new, {tally.quarantined} not understood"
    )
    unread = (f"Not read to its end: {each}." for each in end.problems)
    return "\n".join((f"{of}: {counted}.", *unread))


def _require_askable(source: Source, settings: Settings) -> None:
    if source.kind not in APIS:
        kinds = ", ".join(sorted(APIS))
        raise NotUnderstood(f"A source of the kind {source.kind} cannot be asked; {kinds} can.")
    if source.id not in settings.api_tokens:
        raise Misconfigured(f"{API_TOKEN_OF}{source.id.upper()} is not set.")
