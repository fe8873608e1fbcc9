"""Units of work, and the tables they expect."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import alembic.command
import pytest
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from models.errors import DatabaseAway, Misconfigured
from models.heartbeat_tables import HeartbeatRow
from models.store.database import (
    Database,
    _alembic_config,
    box_of,
    check_revision,
    head_revision,
    migrate,
    new_box,
)
from models.tables import CustomerRow, EntryRow, KeyRow
from models.vault import Vault

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
OLD_CUSTOMER = """INSERT INTO customers (id, key_id, created_at)
VALUES ('c', 'k', '2026-11-23 12:00:00')"""
OLD_ANSWER = """INSERT INTO responses (id, source, response_id, survey_id, metric, score, feeling,
    submitted_at, received_at, joined, revision, customer_id)
VALUES ('r', 's', 'r-1', 's-1', 'nps', 2, 'unhappy',
    '2026-11-23 12:00:00', '2026-11-23 12:00:00', false, 1, 'c')"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url_of_nowhere(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A folder where no SQLite file can be made, and no PostgreSQL listens."""
    nowhere = tmp_path / "nowhere"
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{nowhere}/rappel.db"
    return f"postgresql+asyncpg://rappel@/rappel?host={nowhere}"


async def test_a_unit_that_ends_well_is_kept(database: Database) -> None:
    async with database.write() as session:
        session.add(KeyRow(id="kept", wrapped=b"key"))

    async with database.read() as session:
        assert await session.get(KeyRow, "kept")


async def test_a_unit_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        await _write_and_fail(database)

    async with database.read() as session:
        assert await session.get(KeyRow, "lost") is None


async def _write_and_fail(database: Database) -> None:
    async with database.write() as session:
        session.add(KeyRow(id="lost", wrapped=b"key"))
        await session.flush()
        raise ZeroDivisionError


async def test_a_reader_neither_waits_for_a_unit_nor_sees_it_before_its_end(
    database: Database,
) -> None:
    async with database.write() as writing:
        writing.add(KeyRow(id="coming", wrapped=b"key"))
        await writing.flush()
        async with database.read() as session:
            assert await session.get(KeyRow, "coming") is None


async def test_units_that_touch_the_same_row_come_one_after_the_other(
    database: Database, database_url: str, vault: Vault
) -> None:
    async with database.write() as session:
        session.add(KeyRow(id="counted", wrapped=b""))
    another_process = Database(database_url, vault)

    await asyncio.gather(*(_count(d) for d in (database, another_process) for _ in range(12)))

    await another_process.close()
    async with database.read() as session:
        counted = await session.get_one(KeyRow, "counted")
    assert len(counted.wrapped) == 24


async def _count(database: Database) -> None:
    async with database.write() as session:
        row = await session.get_one(KeyRow, "counted", with_for_update=True)
        row.wrapped += b"."
        session.add(row)


async def test_instants_come_back_aware_and_in_utc(database: Database) -> None:
    in_paris = NOON.astimezone(timezone(timedelta(hours=1)))
    async with database.write() as session:
        session.add(HeartbeatRow(name="worker", seen_at=in_paris))

    async with database.read() as session:
        seen_at = (await session.get_one(HeartbeatRow, "worker")).seen_at
    assert seen_at == NOON
    assert seen_at.utcoffset() == timedelta(0)


async def test_a_fault_of_ours_is_not_taken_for_an_absence(database: Database) -> None:
    with pytest.raises(IntegrityError):
        await _write_an_entry_of_no_case(database)


async def _write_an_entry_of_no_case(database: Database) -> None:
    async with database.write() as session:
        session.add(EntryRow(case_id="none", seq=1, n=0, kind="heard", at=NOON, by="system"))


async def test_a_box_stays_shut_once_its_key_is_deleted(database: Database, vault: Vault) -> None:
    async with database.write() as session:
        sealed = new_box(session, vault, "customer").seal("place", "words")
    async with database.read() as session:
        box = await box_of(session, vault, "customer")
    assert box
    assert box.open("place", sealed) == "words"

    async with database.write() as session:
        await session.exec(delete(KeyRow).where(col(KeyRow.id) == "customer"))

    async with database.read() as session:
        assert await box_of(session, vault, "customer") is None


async def test_a_database_that_is_away_passes(url_of_nowhere: str, vault: Vault) -> None:
    database = Database(url_of_nowhere, vault)

    with pytest.raises(DatabaseAway):
        async with database.read() as session:
            await session.get(KeyRow, "any")
    with pytest.raises(DatabaseAway):
        async with database.write():
            pass
    with pytest.raises(DatabaseAway):
        await check_revision(database)
    with pytest.raises(DatabaseAway):
        await migrate(url_of_nowhere)
    await database.close()


async def test_a_connection_lost_within_a_unit_passes(postgresql_url: str, vault: Vault) -> None:
    database = Database(postgresql_url, vault)

    with pytest.raises(DatabaseAway):
        await _execute(database, "SELECT pg_terminate_backend(pg_backend_pid())")
    async with database.read() as session:
        assert await session.get(KeyRow, "any") is None
    await database.close()


@pytest.mark.parametrize("state", ["57P03", "40001", "53300"])
async def test_what_postgresql_cannot_do_now_passes(
    postgresql_url: str, vault: Vault, state: str
) -> None:
    database = Database(postgresql_url, vault)

    with pytest.raises(DatabaseAway):
        await _be_refused(database, state)
    await database.close()


async def test_of_two_units_that_wait_for_each_other_both_are_done(
    postgresql_url: str, vault: Vault
) -> None:
    """PostgreSQL undoes one of them, which is run again."""
    database = Database(postgresql_url, vault)
    async with database.write() as session:
        connection = await session.connection()
        await connection.execute(text("CREATE TABLE pens (id text PRIMARY KEY, n int)"))
        await connection.execute(text("INSERT INTO pens VALUES ('a', 0), ('b', 0)"))
    both = asyncio.Barrier(2)

    def writes(*pens: str) -> Callable[[AsyncSession], Awaitable[None]]:
        met: list[bool] = []

        async def write(session: AsyncSession) -> None:
            connection = await session.connection()
            for pen in pens:
                await connection.execute(text(f"UPDATE pens SET n = n + 1 WHERE id = '{pen}'"))  # noqa: S608
                if not met:
                    met.append(True)
                    await both.wait()

        return write

    await asyncio.gather(*(database.write_again(writes(*pens)) for pens in ("ab", "ba")))

    async with database.read() as session:
        found = (await (await session.connection()).execute(text("SELECT n FROM pens"))).scalars()
        assert list(found) == [2, 2]
    await database.close()


async def test_what_postgresql_never_does_is_a_fault(postgresql_url: str, vault: Vault) -> None:
    database = Database(postgresql_url, vault)

    with pytest.raises(DBAPIError):
        await _be_refused(database, "22012")
    await database.close()


async def _be_refused(database: Database, state: str) -> None:
    """Let PostgreSQL itself fail with this SQLSTATE."""
    raised = f"RAISE EXCEPTION 'refused' USING ERRCODE = '{state}'"
    await _execute(database, f"DO $$ BEGIN {raised}; END $$")


async def _execute(database: Database, statement: str) -> None:
    async with database.write() as session:
        connection = await session.connection()
        await connection.execute(text(statement))


async def test_a_database_that_was_not_migrated_is_refused_with_the_command(
    empty_url: str, vault: Vault
) -> None:
    database = Database(empty_url, vault)

    with pytest.raises(Misconfigured, match=r"revision none.*run `rappel migrate`"):
        await check_revision(database)
    await database.close()


async def test_a_migrated_database_is_accepted(database: Database) -> None:
    await check_revision(database)

    assert await database.revision() == head_revision()


async def test_migrating_twice_changes_nothing(database: Database, database_url: str) -> None:
    assert await migrate(database_url) == head_revision()

    await check_revision(database)


async def test_the_migrations_make_exactly_the_tables_of_the_models(database_url: str) -> None:
    """`alembic check` fails when the models and the newest revision differ."""
    await asyncio.to_thread(alembic.command.check, _alembic_config(database_url))


async def test_the_migrations_go_down_to_nothing_and_up_again(database_url: str) -> None:
    await asyncio.to_thread(alembic.command.downgrade, _alembic_config(database_url), "base")
    assert await _tables(database_url) == {"alembic_version"}

    await migrate(database_url)
    assert {"cases", "responses", "timeline"} <= await _tables(database_url)


async def test_a_customer_of_before_learns_when_he_told_what(
    database_url: str, vault: Vault
) -> None:
    """With a case that refers to him: SQLite must not make his table anew."""
    await asyncio.to_thread(alembic.command.downgrade, _alembic_config(database_url), "0006")
    database = Database(database_url, vault)
    for row in (OLD_CUSTOMER, OLD_ANSWER):
        await _execute(database, row)
    await migrate(database_url)

    async with database.read() as session:
        assert (await session.get_one(CustomerRow, "c")).told_at == {}
    await database.close()


async def _tables(url: str) -> set[str]:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        names = await connection.run_sync(_table_names)
    await engine.dispose()
    return names


def _table_names(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())
