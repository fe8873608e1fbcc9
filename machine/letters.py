"""The weekly letters by hand: sent now rather than on Monday, or only shown."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from temporalio.common import WorkflowIDConflictPolicy

from activities.letters import LetterWriter
from machine.opening import opened_database
from models.digest import (
    DigestEnd,
    DigestStart,
    LetterAsked,
    Week,
    letter_for,
    read_week,
    week_before,
)
from models.errors import EngineAway, NotKnown, NotUnderstood
from models.organisation import Organisation
from models.store.database import Database
from models.store.organisations import OrganisationBook
from settings import Settings
from temporal_client import TASK_QUEUE, connect, digest_id
from workflows.digest import DigestWorkflow

PATIENCE = 60.0
"""Seconds until we say that nobody writes."""


async def send_letters(settings: Settings, week: str | None, *, to: str | None) -> DigestEnd:
    """Raises EngineAway when no worker has written them in time; they are written all the same."""
    async with opened_database(settings) as database:
        asked, _ = await _asked(database, week, to=to)
    if asked.end > datetime.now(UTC):
        raise NotUnderstood(f"The week {asked} is not over yet: `--show` shows it so far.")
    week = str(asked)
    client = await connect(embedded_port=settings.embedded_port)
    handle = await client.start_workflow(
        DigestWorkflow.run,
        DigestStart(week, to),
        id=digest_id(week, *([to] if to else [])),
        task_queue=TASK_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )
    try:
        return await asyncio.wait_for(handle.result(), PATIENCE)
    except TimeoutError:
        raise EngineAway(
            "The letters are asked for, but not written yet: does a worker run?"
        ) from None


async def show_letters(
    settings: Settings, week: str | None, *, to: str | None
) -> AsyncIterator[str]:
    """As they would be written now. Nothing is kept, so the links are those of who is signed in."""

    def link(case: str | None) -> str:
        return f"{settings.public_url}/{f'cases/{case}' if case else ''}"

    async with opened_database(settings) as database:
        asked, people = await _asked(database, week, to=to)
        writer = LetterWriter(OrganisationBook(database.vault))
        for person in people:
            async with database.read() as session:
                draft = await writer.draft(
                    session, LetterAsked(str(asked), person, datetime.now(UTC))
                )
            if draft is not None:
                letter = writer.letter(draft, link)
                yield f"{person}: {letter.subject or ''}\n\n{letter.body}\n"


async def _asked(database: Database, week: str | None, *, to: str | None) -> tuple[Week, list[str]]:
    """Which week, and whose letters. Raises NotUnderstood and NotKnown."""
    async with database.read() as session:
        book = OrganisationBook(database.vault)
        today = (await book.in_force(session)).organisation
    zone = ZoneInfo(today.head_office.zone)
    asked = read_week(week, zone) if week else week_before(datetime.now(UTC), zone)
    return asked, _readers(today, to)


def _readers(today: Organisation, to: str | None) -> list[str]:
    readers = [p.id for p in today.people.values() if letter_for(p)]
    if to is None:
        return readers
    if to not in readers:
        raise NotKnown(f"There is nobody with the id {to} who gets a weekly letter.")
    return [to]
