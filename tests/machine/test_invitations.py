"""Links that the terminal prints."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from machine.invitations import invite, invite_everybody
from machine.organisation import apply_file
from machine.secrets_file import write_secrets
from models.errors import NotKnown
from models.store.access import find_link
from models.store.database import Database, migrate
from models.vault import Vault
from settings import Settings, load_place, load_settings, missing_secrets
from tests.casework import SMALL


@pytest.fixture
async def settings(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A machine on which the small organisation is in force."""
    monkeypatch.setenv("RAPPEL_ORGANISATION", str(SMALL))
    place = load_place()
    write_secrets(place, missing_secrets(place, ["survey"]))
    await migrate(place.database_url)
    settings = load_settings()
    await apply_file(settings)
    return settings


async def test_a_link_signs_its_person_in_and_names_no_case(settings: Settings) -> None:
    invitation = await invite(settings, "dora")

    assert invitation.person.name == "Dora Director"
    start, _, token = invitation.link.rpartition("/l/")
    assert start == settings.public_url
    vault = Vault.from_text(settings.data_key.get_secret_value())
    database = Database(settings.database_url, vault)
    async with database.read() as session:
        link = await find_link(session, token, at=datetime.now(UTC))
    await database.close()
    assert link is not None
    assert (link.person, link.case_id) == ("dora", None)


async def test_everybody_gets_one(settings: Settings) -> None:
    invited = await invite_everybody(settings)

    assert [invitation.person.id for invitation in invited] == ["dora", "denis", "nora"]
    assert len({invitation.link for invitation in invited}) == 3


async def test_an_unknown_id_is_answered_with_the_one_that_was_meant(settings: Settings) -> None:
    with pytest.raises(NotKnown, match=r"Nobody has the id 'dorra'.*dora"):
        await invite(settings, "dorra")
