"""The organisation file of this machine, and how it gets into the database."""

from datetime import UTC, datetime
from pathlib import Path

from models.errors import Misconfigured
from models.organisation import Organisation
from models.organisation_file.reading import read_organisation
from models.store.database import Database, check_revision
from models.store.organisations import AppliedVersion, apply_organisation
from models.vault import Vault
from settings import Settings


def checked_organisation(path: Path) -> Organisation:
    """Raises Misconfigured with every fault of the file, each with its line and column."""
    return read_organisation(_text(path), name=str(path))


async def apply_file(settings: Settings) -> AppliedVersion:
    database = open_database(settings)
    try:
        await check_revision(database)
        return await apply_organisation(
            database,
            _text(settings.organisation),
            name=str(settings.organisation),
            at=datetime.now(UTC),
        )
    finally:
        await database.close()


def open_database(settings: Settings) -> Database:
    vault = Vault.from_text(settings.data_key.get_secret_value())
    return Database(settings.database_url, vault)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Misconfigured(
            f"There is no organisation file {path}: name yours with RAPPEL_ORGANISATION."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(
            f"The organisation file {path} cannot be read ({type(error).__name__})."
        ) from None
