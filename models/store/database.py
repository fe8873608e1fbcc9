"""The database: one engine, units of work, and the revision it must stand at."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import alembic.command
import alembic.config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from pydantic_core import from_json
from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.errors import DatabaseAway, Misconfigured, Outrun
from models.tables import KeyRow
from models.vault import Box, Vault, WrappedKey

MIGRATIONS = Path(__file__).parents[2] / "migrations"
WRITES = "rappel_writes"
UNDONE = "40"
PASSING_STATES = ("08", "25006", UNDONE, "53", "57")
"""SQLSTATEs: connection lost, read-only for now, rolled back for another, out of something, stopping."""
RACES = 3
SWITCH = 0.00005
"""Seconds after which a thread that computes lets another one have the interpreter, in the whole process.

SQLite's driver is a thread of its own that asks for it a hundred times a commit, the lock of the file in
hand: by Python's usual 5 ms most of a commit in a busy process would be waiting.
"""


Result = TypeVar("Result")


class Database:
    """Opens units of work. A unit commits when it ends well.

    Nothing inside one commits, or waits for a network. All raise DatabaseAway when it passes.
    """

    def __init__(self, url: str, vault: Vault) -> None:
        self.vault = vault
        self._engine = make_engine(url)
        self._writing = asyncio.Lock() if self._engine.dialect.name == "sqlite" else None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        async with _passing_faults(), AsyncSession(self._engine, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """On SQLite the lock is taken at the start (BEGIN IMMEDIATE): no unit fails half-way."""
        async with (
            _one_at_a_time(self._writing),
            _passing_faults(),
            AsyncSession(self._engine, expire_on_commit=False) as session,
        ):
            await session.connection(execution_options={WRITES: True})
            yield session
            await session.commit()

    async def write_again(self, unit: Callable[[AsyncSession], Awaitable[Result]]) -> Result:
        """A write unit that may lose a race, on a unique index or for a lock that another one holds while it
        waits for ours; run again it finds what the winner left.
        """
        for _ in range(RACES - 1):
            with suppress(IntegrityError, Outrun):
                async with self.write() as session:
                    return await unit(session)
        async with self.write() as session:
            return await unit(session)

    async def revision(self) -> str | None:
        async with _passing_faults(), self._engine.connect() as connection:
            return await connection.run_sync(_current_revision)

    async def close(self) -> None:
        await self._engine.dispose()


async def box_of(session: AsyncSession, vault: Vault, key_id: str) -> Box | None:
    """None when the key was deleted: the person asked to be forgotten."""
    row = await session.get(KeyRow, key_id)
    return vault.unlock(WrappedKey(row.id, row.wrapped)) if row else None


async def boxes_of(
    session: AsyncSession, vault: Vault, key_ids: Collection[str]
) -> Mapping[str, Box]:
    """By key, for many at once; a key that was deleted is not there."""
    known = select(KeyRow).where(col(KeyRow.id).in_(key_ids))
    rows = (await session.exec(known)).all()
    return {row.id: vault.unlock(WrappedKey(row.id, row.wrapped)) for row in rows}


def new_box(session: AsyncSession, vault: Vault, key_id: str) -> Box:
    key = vault.new_key(key_id)
    session.add(KeyRow(id=key.id, wrapped=key.wrapped))
    return vault.unlock(key)


async def check_revision(database: Database) -> None:
    """Raises Misconfigured, with the command to run, when the tables are not this code's."""
    found, wanted = await database.revision(), head_revision()
    if found != wanted:
        raise Misconfigured(
            f"The database stands at revision {found or 'none'}, this version of Rappel needs "
            f"{wanted}: run `rappel migrate`."
        )


def head_revision() -> str | None:
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


async def migrate(url: str) -> str:
    """Bring the tables to the newest revision, which is returned."""
    async with _passing_faults():
        await _knock(url)
        await asyncio.to_thread(alembic.command.upgrade, _alembic_config(url), "head")
    return head_revision() or ""


async def _knock(url: str) -> None:
    """Alembic has a loop of its own: if it ended on a refusal, SQLite's thread would cry after it."""
    engine = make_engine(url)
    try:
        async with engine.connect():
            pass
    finally:
        await engine.dispose()


def _alembic_config(url: str) -> alembic.config.Config:
    config = alembic.config.Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["url"] = url
    return config


def _current_revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def make_engine(url: str) -> AsyncEngine:
    """`hide_parameters`: an error text must not quote what a row holds."""
    if not url.startswith("sqlite"):
        return create_async_engine(
            url, hide_parameters=True, pool_pre_ping=True, json_deserializer=from_json
        )
    sys.setswitchinterval(SWITCH)
    engine = create_async_engine(url, hide_parameters=True, json_deserializer=from_json)
    event.listen(engine.sync_engine, "connect", _set_up_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    """The driver must not open transactions by itself: `_begin_sqlite` does."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "busy_timeout=30000",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@asynccontextmanager
async def _one_at_a_time(lock: asyncio.Lock | None) -> AsyncIterator[None]:
    """SQLite has one writer: queue fairly in this process rather than poll for the file's lock."""
    if lock is None:
        yield
        return
    async with lock:
        yield


@asynccontextmanager
async def _passing_faults() -> AsyncIterator[None]:
    try:
        yield
    except DBAPIError as error:
        if not _passes(error):
            raise
        if _state_of(error).startswith(UNDONE):
            raise Outrun("Another unit of work was quicker.") from None
        raise _away(error) from None
    except (OSError, PoolExhausted) as error:
        raise _away(error) from None


def _passes(error: DBAPIError) -> bool:
    """PostgreSQL's driver knows no OperationalError: there the SQLSTATE tells."""
    if error.connection_invalidated or isinstance(error, OperationalError | InterfaceError):
        return True
    return _state_of(error).startswith(PASSING_STATES)


def _state_of(error: DBAPIError) -> str:
    """SQLSTATE, which SQLite does not know."""
    return str(getattr(error.orig, "sqlstate", ""))


def _away(error: Exception) -> DatabaseAway:
    """Without the error's own words: they may quote what a row holds."""
    return DatabaseAway(f"The database does not answer ({type(error).__name__}).")
