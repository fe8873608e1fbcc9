"""Letters by hand: looked at without being sent, and asked for by people who mistype."""

import pytest

from machine.letters import send_letters, show_letters
from models.errors import NotKnown, NotUnderstood
from models.store.outbox import Outbox
from settings import Settings
from tests.casework import Casework
from tests.web.pages.reception import settings_for


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def settings(casework: Casework, database_url: str) -> Settings:
    await casework.open()
    return settings_for(database_url, "https://rappel.example")


async def shown(settings: Settings, week: str | None = None, *, to: str | None = None) -> str:
    return "".join([letter async for letter in show_letters(settings, week, to=to)])


async def test_looking_at_letters_sends_none_and_gives_no_link_away(
    casework: Casework, settings: Settings
) -> None:
    words = await shown(settings, "2027-W09")

    assert words.startswith("dora: ")
    assert "nora: 1 réponse insatisfaite" in words
    assert "https://rappel.example/cases/" in words
    assert "/l/" not in words
    async with casework.database.read() as session:
        sent = await Outbox(casework.database).page(session, limit=10)
    assert {row.message for row, _ in sent} == {"ask"}


async def test_one_person_can_be_asked_for(settings: Settings) -> None:
    assert (await shown(settings, to="nora")).startswith("nora: ")


@pytest.mark.parametrize("nobody", ["", "nobody", "Nora National"])
async def test_a_person_who_gets_no_letter_is_named(settings: Settings, nobody: str) -> None:
    with pytest.raises(NotKnown, match=f"id {nobody} "):
        await shown(settings, to=nobody)


@pytest.mark.parametrize(
    ("week", "sentence"), [("last", "write 2026-W47"), ("9998-W01", "not over yet")]
)
async def test_only_a_week_that_has_passed_is_sent(
    settings: Settings, week: str, sentence: str
) -> None:
    """What was sent of half a week would stand in the place of Monday's letter."""
    with pytest.raises(NotUnderstood, match=sentence):
        await send_letters(settings, week, to=None)
