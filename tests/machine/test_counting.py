"""Counting on a machine: after an upgrade, and anew when it is asked for."""

from pathlib import Path

import pytest

from machine.counting import all_is_counted, count_uncounted, rebuild_figures
from machine.opening import opened_database
from machine.organisation import apply_file
from machine.secrets_file import write_secrets
from models.figures import Asked
from models.store.database import migrate
from models.store.deliveries import Delivery
from models.store.figures import read_figures
from models.store.intake import Intake
from models.store.organisations import OrganisationBook
from models.store.tallies import forget_counts
from models.survey import Identity
from settings import Settings, load_place, load_settings, missing_secrets
from tests.casework import MONDAY_MORNING, SMALL, another


@pytest.fixture
async def upgraded(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Five answers were heard before there were figures that count them."""
    monkeypatch.setenv("RAPPEL_ORGANISATION", str(SMALL))
    place = load_place()
    write_secrets(place, missing_secrets(place, ["survey"]))
    settings = load_settings()
    await migrate(settings.database_url)
    await apply_file(settings)
    await _hear_five(settings)
    return settings


async def test_what_was_heard_before_is_counted_and_said(upgraded: Settings) -> None:
    said: list[str] = []
    before = await all_is_counted(upgraded.database_url)

    await count_uncounted(upgraded, said.append, at_once=2)

    assert (before, await all_is_counted(upgraded.database_url)) == (False, True)
    assert await _answers(upgraded) == 5
    assert said == [
        "Counting for the figures: 2 answers so far.",
        "Counting for the figures: 4 answers so far.",
        "Counted 5 answers for the figures.",
    ]


async def test_where_all_is_counted_nothing_is_said(upgraded: Settings) -> None:
    said: list[str] = []
    await count_uncounted(upgraded, lambda _: None)

    await count_uncounted(upgraded, said.append)

    assert said == []


async def test_figures_that_went_wrong_are_counted_anew(upgraded: Settings) -> None:
    await count_uncounted(upgraded, lambda _: None)
    await rebuild_figures(upgraded, lambda _: None)

    assert await _answers(upgraded) == 5


async def test_a_database_without_answers_needs_no_secret(empty_sqlite_url: str) -> None:
    await migrate(empty_sqlite_url)

    assert await all_is_counted(empty_sqlite_url)


async def _hear_five(settings: Settings) -> None:
    async with opened_database(settings) as database:
        book = OrganisationBook(database.vault)
        async with database.write() as session:
            in_force = await book.in_force(session)
        for n in range(5):
            answer = another(f"r-{n}", customer=Identity(f"c-{n}"))
            async with database.write() as session:
                delivery = Delivery("survey", b"{}", MONDAY_MORNING)
                await Intake(database.vault, book).take(session, delivery, answer, by=in_force)
        async with database.write() as session:
            await forget_counts(session)


async def _answers(settings: Settings) -> int:
    async with opened_database(settings) as database, database.read() as session:
        book = OrganisationBook(database.vault)
        found = await read_figures(session, Asked(), now=MONDAY_MORNING, book=book)
    return found.overall.answers
