"""SQLite asked once a statement.

Its driver lives in a thread of its own, and each step goes there and back: making a cursor, executing,
fetching, closing. All four are one step here, as SQLAlchemy fetches all rows at once anyway.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import aiosqlite

CHUNK = 64
"""Rows at a time of a cursor that is read row by row: nobody reads one so."""


def connect(*place: Any, **how: Any) -> aiosqlite.Connection:
    """To be awaited. What it is told is told to `sqlite3.connect`."""
    return _Connection(lambda: sqlite3.connect(*place, **how), CHUNK)


@dataclass(frozen=True, slots=True)
class _Done:
    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None
    rows: Sequence[Any] = ()


class _Connection(aiosqlite.Connection):
    def __init__(self, *told: Any) -> None:
        super().__init__(*told)
        self._thread.daemon = True

    def cursor(self, cursor_class: Any = None) -> Any:
        return _Cursor(self)

    async def perform(self, statement: str, values: Any, *, each: bool) -> _Done:
        """Once, or once for `each` of the values."""
        done: _Done = await self._execute(self._perform, statement, values, each)  # type: ignore[no-untyped-call]
        return done

    def _perform(self, statement: str, values: Any, each: bool) -> _Done:  # noqa: FBT001 - the thread hands on places only
        cursor = self._conn.cursor()
        try:
            (cursor.executemany if each else cursor.execute)(statement, values)
            rows = cursor.fetchall() if cursor.description else ()
            return _Done(cursor.description, cursor.rowcount, cursor.lastrowid, rows)
        finally:
            cursor.close()


class _Cursor:
    """As much of aiosqlite's as SQLAlchemy asks for."""

    arraysize = 1

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        self._done = _Done()

    async def __aenter__(self) -> Self:
        return self

    @property
    def description(self) -> Any:
        return self._done.description

    @property
    def rowcount(self) -> int:
        return self._done.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._done.lastrowid

    async def execute(self, statement: str, values: Any = ()) -> None:
        self._done = await self._connection.perform(statement, values, each=False)

    async def executemany(self, statement: str, values: Any) -> None:
        self._done = await self._connection.perform(statement, values, each=True)

    async def fetchall(self) -> Sequence[Any]:
        return self._done.rows

    async def close(self) -> None:
        """It was closed as soon as it had fetched."""
