"""The database of this machine, for a command that ends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from models.store.database import Database, check_revision
from models.vault import Vault
from settings import Settings


@asynccontextmanager
async def opened_database(settings: Settings) -> AsyncIterator[Database]:
    """Raises Misconfigured where it is not of this version."""
    database = Database(
        settings.database_url, Vault.from_text(settings.data_key.get_secret_value())
    )
    try:
        await check_revision(database)
        yield database
    finally:
        await database.close()
