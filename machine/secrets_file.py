"""Secrets that the first run on one machine makes up for itself, readable by its owner alone."""

import base64
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from models.errors import Misconfigured
from settings import WEBHOOK_SECRET, Place

KEY_BYTES = 32
DATA_KEY = "RAPPEL_DATA_KEY"


def write_secrets(place: Place, missing: Sequence[str]) -> None:
    """Make up the missing ones. What already stands in the file stays, line by line.

    Raises Misconfigured when a new data key would lock out a database that is already there.
    """
    if not missing:
        return
    database = Path(place.database_url.removeprefix("sqlite+aiosqlite:///"))
    if DATA_KEY in missing and database.exists():
        raise Misconfigured(
            f"{database} was written with a {DATA_KEY} that is gone: put {place.secrets_file} "
            "back, or move the database away to start afresh."
        )
    file = place.secrets_file
    kept = file.read_text().splitlines() if file.exists() else []
    _write_privately(file, [*kept, *(f"{name}={_made_up(name)}" for name in missing)])


def _made_up(name: str) -> str:
    key = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    return f"whsec_{key}" if name.startswith(WEBHOOK_SECRET) else key


def _write_privately(file: Path, lines: Sequence[str]) -> None:
    """A crash leaves the old file or the new one, and nobody else can read either at any time."""
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write("\n".join(lines) + "\n")
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
