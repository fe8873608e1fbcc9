"""The phones of customers who were known before phones had an index."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import col, select, update

from machine.opening import opened_database
from machine.organisation import apply_file
from machine.phones import all_have_an_index, index_all_phones
from machine.secrets_file import write_secrets
from models.store.database import migrate
from models.store.deliveries import Delivery
from models.store.intake import Intake
from models.store.organisations import OrganisationBook
from models.survey import Identity
from models.tables import CustomerRow, KeyRow
from settings import Settings, load_place, load_settings, missing_secrets
from tests.casework import MONDAY_MORNING, SMALL, another

PHONES = ("+33639980101", "+262692000101", "+33639980101", None)
"""Of four customers: the first and the third have the same."""


@pytest.fixture
async def upgraded(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Four customers were known before; the third asked not to be called."""
    monkeypatch.setenv("RAPPEL_ORGANISATION", str(SMALL))
    place = load_place()
    write_secrets(place, missing_secrets(place, ["survey"]))
    settings = load_settings()
    await migrate(settings.database_url)
    await apply_file(settings)
    async with opened_database(settings) as database:
        book = OrganisationBook(database.vault)
        async with database.write() as session:
            in_force = await book.in_force(session)
            for n, phone in enumerate(PHONES):
                answer = another(f"r-{n}", customer=Identity(f"c-{n}", phone=phone))
                delivery = Delivery("survey", b"{}", MONDAY_MORNING)
                await Intake(database.vault, book).take(session, delivery, answer, by=in_force)
        async with database.write() as session:
            await session.exec(update(CustomerRow).values(phone_index=None, zone=None))
            third = (await _customers(settings))[2].id
            said = update(CustomerRow).where(col(CustomerRow.id) == third)
            await session.exec(said.values(no_calls_since=MONDAY_MORNING))
    return settings


async def test_after_an_upgrade_a_customer_is_found_by_his_phone(upgraded: Settings) -> None:
    said: list[str] = []

    await index_all_phones(upgraded, said.append, at_once=2)

    first, second, third, fourth = await _customers(upgraded)
    assert first.phone_index == third.phone_index != second.phone_index
    assert fourth.phone_index is None
    assert said == ["3 customers are found by their phone now."]


async def test_after_an_upgrade_he_has_the_clock_of_his_phone(upgraded: Settings) -> None:
    await index_all_phones(upgraded, lambda _: None)

    assert (await _customers(upgraded))[1].zone == "Indian/Reunion"


@pytest.mark.parametrize("at_once", [1, 500])
async def test_after_an_upgrade_a_wish_counts_for_all_who_have_that_phone(
    upgraded: Settings, at_once: int
) -> None:
    await index_all_phones(upgraded, lambda _: None, at_once=at_once)

    wishes: list[datetime | None] = [row.no_calls_since for row in await _customers(upgraded)]
    assert wishes == [MONDAY_MORNING, None, MONDAY_MORNING, None]


async def test_a_second_time_nothing_is_done_nor_said(upgraded: Settings) -> None:
    said: list[str] = []
    await index_all_phones(upgraded, lambda _: None)

    await index_all_phones(upgraded, said.append)

    assert said == []
    assert await all_have_an_index(upgraded.database_url)


async def test_who_was_forgotten_is_passed_over(upgraded: Settings) -> None:
    first = (await _customers(upgraded))[0]
    async with opened_database(upgraded) as database, database.write() as session:
        await session.delete(await session.get_one(KeyRow, first.key_id))

    await index_all_phones(upgraded, lambda _: None, at_once=1)

    assert [bool(row.phone_index) for row in await _customers(upgraded)] == [
        False,
        True,
        True,
        False,
    ]
    assert await all_have_an_index(upgraded.database_url)


async def _customers(settings: Settings) -> list[CustomerRow]:
    """As they were heard."""
    async with opened_database(settings) as database, database.read() as session:
        rows = await session.exec(select(CustomerRow).order_by(col(CustomerRow.id)))
        return list(rows)
