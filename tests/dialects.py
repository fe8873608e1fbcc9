"""The two dialects as one engine hands them to the next: what was compiled for a test's own engine
serves all that follow.

A statement is kept compiled by its dialect, and every test brings engines of its own; to compile
everything again for each of them took two fifths of the tests' time.
"""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

STATEMENTS = 2_000
COMPILED: LRUCache[Any, Any] = LRUCache(STATEMENTS)


class _Shared(DefaultDialect):
    """Equal to every other that would compile a statement to the same."""

    @property
    def _kind(self) -> tuple[object, ...]:
        return (
            type(self),
            self.paramstyle,
            getattr(self, "server_version_info", None),
            self._json_serializer,
            self._json_deserializer,
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Shared) and self._kind == other._kind

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        super().engine_created(engine)
        engine.update_execution_options(compiled_cache=COMPILED)


class SharedSqlite(_Shared, SQLiteDialect_aiosqlite):
    supports_statement_cache = True


class SharedPostgresql(_Shared, PGDialect_asyncpg):
    supports_statement_cache = True


def register() -> None:
    """From now on every engine of this process is of these."""
    registry.register("sqlite.aiosqlite", __name__, SharedSqlite.__name__)
    registry.register("postgresql.asyncpg", __name__, SharedPostgresql.__name__)
