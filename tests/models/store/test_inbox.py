"""What the database is asked for an inbox: nothing that would be refused, in order, on both engines."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import alembic.command
import pytest
from sqlmodel import select

from models.case import Stage
from models.inbox import Group, Horizons
from models.people import Person, Right, Role, may
from models.store.database import Database, _alembic_config, migrate
from models.store.inbox import Desk, count_waiting, list_calls, list_waiting
from models.store.rights import readable_by
from models.store.views import facts_of
from models.tables import CaseRow, CustomerRow
from tests.casework import MONDAY_MORNING as NOW
from tests.casework import Casework
from tests.web.pages.neighbours import answer_of
from tests.web.pages.reception import promised

HOUR = timedelta(hours=1)
DIRECTOR = Person("dora", "Dora", Role.DIRECTOR, "fr", regions=frozenset({"north"}))
PEOPLE = (
    DIRECTOR,
    replace(DIRECTOR, trades=frozenset({"works"})),
    replace(DIRECTOR, regions=frozenset()),
    replace(DIRECTOR, role=Role.DEPUTY, deputises_for=frozenset({"sami"})),
    replace(DIRECTOR, role=Role.PARTNER),
    replace(DIRECTOR, role=Role.EXECUTIVE),
    replace(DIRECTOR, role=Role.NATIONAL_OWNER),
)
DESK = Desk(DIRECTOR, Horizons(NOW, NOW + HOUR, NOW + 8 * HOUR))


def case(name: str, **given: Any) -> CaseRow:
    usual = {"case_key": name, "customer_id": "c", "opened_at": NOW, "version": 1, "stage": "asked"}
    return CaseRow(**{"id": name, **usual, **given})


def waiting(name: str, by: datetime, *, of: str = "dora", **given: Any) -> CaseRow:
    mine = {"owner": "dora", "region": "north", "awaited_from": of, "awaited_by": by}
    return case(name, **{**mine, **given})


def everywhere() -> Iterator[CaseRow]:
    owners, regions, trades = (None, "dora", "sami"), (None, "north", "south"), (None, "works", "x")
    for owner, region, trade in product(owners, regions, trades):
        yield case(f"{owner} {region} {trade}", owner=owner, region=region, trade=trade)


async def keep(database: Database, *rows: CaseRow) -> None:
    async with database.write() as session:
        session.add(CustomerRow(id="c", key_id="k", created_at=NOW))
        await session.flush()
        session.add_all(rows)


async def test_the_database_hands_over_what_may_be_read(database: Database) -> None:
    await keep(database, *everywhere())
    async with database.read() as session:
        rows = (await session.exec(select(CaseRow))).all()
        for me in PEOPLE:
            found = await session.exec(select(CaseRow.id).where(readable_by(me)))
            allowed = {row.id for row in rows if may(me, Right.READ, facts_of(row))}
            assert set(found.all()) == allowed, me.role


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        (Group.NOW, ["late", "owed to me", "soon"]),
        (Group.TODAY, ["today"]),
        (Group.LATER, ["later"]),
        (Group.WAITING, ["silent", "handed up", "promised", "promised to a colleague's"]),
    ],
)
async def test_a_case_lies_in_one_group_the_most_urgent_first(
    database: Database, group: Group, expected: list[str]
) -> None:
    await keep(
        database,
        waiting("later", NOW + 20 * HOUR),
        waiting("soon", NOW + HOUR),
        waiting("today", NOW + 2 * HOUR),
        waiting("late", NOW - 3 * HOUR),
        waiting("owed to me", NOW - HOUR, of="sami"),
        waiting("promised", NOW + 3 * HOUR, of="sami"),
        waiting("promised to a colleague's", NOW + 30 * HOUR, owner="sami"),
        waiting("handed up", NOW + 2 * HOUR, of="nora", owner="nora"),
        waiting("silent", NOW - HOUR, of="customer"),
        waiting("elsewhere", NOW, of="sami", owner="sami", region="south"),
        waiting("promised where I may not look", NOW, owner="sami", region="south"),
        waiting("closed", NOW, open=False),
        case("not opened yet", region="north"),
    )
    async with database.read() as session:
        rows = await list_waiting(session, DESK, group, limit=20)
        assert [row.id for row in rows] == expected
        assert (await count_waiting(session, DESK))[group] == len(expected)
        further = await list_waiting(session, DESK, group, limit=2, skip=1)
        assert [row.id for row in further] == expected[1:3]


async def test_a_round_goes_to_those_who_wait_for_a_call(database: Database) -> None:
    await keep(
        database,
        waiting("second", NOW + HOUR, stage=Stage.ACKNOWLEDGED),
        waiting("first", NOW, awaited_after=NOW, snapshot={"refused": False}),
        waiting("later", NOW, awaited_after=NOW + HOUR),
        waiting("spoken to", NOW, stage=Stage.CONTACTED),
        waiting("does not want to talk", NOW, snapshot={"refused": True}),
        waiting("tried often enough", NOW, snapshot={"attempts": 3, "unreachable_after": 3}),
        waiting("a colleague's", NOW, of="sami", owner="sami"),
    )
    async with database.read() as session:
        assert await list_calls(session, DIRECTOR, now=NOW) == ["first", "second"]


async def test_cases_from_before_there_was_an_inbox_find_their_place(
    casework: Casework, database_url: str
) -> None:
    await promised(casework)
    await casework.open(answer_of("Somebody Else"))
    before = await _places(casework.database)
    await asyncio.to_thread(alembic.command.downgrade, _alembic_config(database_url), "0003")
    await migrate(database_url)
    upgraded = Database(database_url, casework.database.vault)
    assert await _places(upgraded) == before
    assert len(before) == 2
    await upgraded.close()


async def _places(database: Database) -> set[tuple[str | None, datetime | None]]:
    async with database.read() as session:
        rows = (await session.exec(select(CaseRow))).all()
    return {(row.awaited_from, row.awaited_by) for row in rows}
