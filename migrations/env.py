"""Alembic's entry: one revision history for SQLite and PostgreSQL, applied whole or not at all."""

import asyncio

import sqlmodel
from alembic import context
from sqlalchemy import Connection, text

from models import (
    absence_tables,
    access_tables,
    action_tables,
    audit_tables,
    call_tables,
    customer_tables,
    enclosure_tables,
    fallback_tables,
    fetch_tables,
    gesture_tables,
    heartbeat_tables,
    inbound_tables,
    organisation_tables,
    pause_tables,
    practice_tables,
    promise_tables,
    response_tables,
    resurvey_tables,
    sheet_tables,
    suppression_tables,
    tables,
    tally_tables,
    target_tables,
    team_tables,
    text_tables,
    typed_tables,
)
from models.store.database import WRITES, make_engine

KNOWN = (
    tables,
    absence_tables,
    access_tables,
    action_tables,
    audit_tables,
    call_tables,
    customer_tables,
    enclosure_tables,
    fallback_tables,
    fetch_tables,
    gesture_tables,
    heartbeat_tables,
    inbound_tables,
    organisation_tables,
    pause_tables,
    practice_tables,
    promise_tables,
    response_tables,
    resurvey_tables,
    sheet_tables,
    suppression_tables,
    tally_tables,
    target_tables,
    team_tables,
    text_tables,
    typed_tables,
)
"""Imported so that the metadata knows every table."""
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7277735)")
"""SQLite's write lock does the same: of two processes that migrate, the second finds it done."""


def _migrate(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(ONE_AT_A_TIME)
    context.configure(
        connection=connection,
        target_metadata=sqlmodel.SQLModel.metadata,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _run() -> None:
    engine = make_engine(context.config.attributes["url"])
    try:
        async with engine.execution_options(**{WRITES: True}).begin() as connection:
            await connection.run_sync(_migrate)
    finally:
        await engine.dispose()


asyncio.run(_run())
