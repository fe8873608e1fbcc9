"""The database's address, as operators write it and as the async engine wants it."""

import re

SSL_MODE = re.compile(r"(?<=[?&])sslmode=")
"""The usual name of what asyncpg calls `ssl`."""


def async_url(given: str) -> str:
    """Raises ValueError for what is no database that we know."""
    scheme, separator, rest = given.partition("://")
    match scheme:
        case "postgres" | "postgresql" | "postgresql+asyncpg" if separator:
            return "postgresql+asyncpg://" + SSL_MODE.sub("ssl=", rest)
        case "sqlite" | "sqlite+aiosqlite" if separator:
            return f"sqlite+aiosqlite://{rest}"
        case _:
            raise ValueError("should begin with postgresql:// or sqlite:///")
