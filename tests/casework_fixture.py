import pytest

from activities.addressing import Addressing
from activities.case_records import CaseRecords
from models.store.database import Database
from models.store.organisations import OrganisationBook, apply_organisation
from models.vault import Vault
from templates.messages import MessageTemplates
from tests.casework import MONDAY_MORNING, SMALL, Casework


@pytest.fixture
async def casework(database: Database, vault: Vault) -> Casework:
    """The small organisation in force, and the real commit on the real database."""
    return await casework_of(SMALL.read_text(), database, vault)


async def casework_of(organisation: str, database: Database, vault: Vault) -> Casework:
    await apply_organisation(database, organisation, name="tests.yaml", at=MONDAY_MORNING)
    book = OrganisationBook(vault)
    addressing = Addressing(vault, MessageTemplates(), "https://rappel.example")
    return Casework(database, book, CaseRecords(database, book, addressing, lambda: None))
