from collections.abc import AsyncIterator

import pytest
from httpx2 import AsyncClient

from models.store.database import Database
from models.store.organisations import apply_organisation
from tests.casework import MONDAY_MORNING, Casework
from tests.stories.callers import Office
from tests.web.machines.firm import TOKEN, Firm, caller, firm_at, settings_with_secrets, staffed
from tests.web.pages.reception import Reception


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """On SQLite, unless a test asks for both engines."""
    engine = getattr(request, "param", "sqlite")
    return str(request.getfixturevalue(f"{engine}_url"))


@pytest.fixture
async def casework(casework: Casework, database: Database) -> Casework:
    """With somebody in every role."""
    await apply_organisation(database, staffed(), name="staffed.yaml", at=MONDAY_MORNING)
    return casework


@pytest.fixture
async def reception(casework: Casework, database_url: str) -> AsyncIterator[Reception]:
    """Without Temporal: what needs no worker is the same."""
    reception = Reception(casework, settings_with_secrets(database_url))
    yield reception
    await reception.app.state.house.database.close()


@pytest.fixture
def api(reception: Reception) -> AsyncClient:
    return caller(reception.app)


@pytest.fixture
def office(api: AsyncClient) -> Office:
    return Office(api, TOKEN)


@pytest.fixture
async def idle_firm(casework: Casework, database_url: str) -> AsyncIterator[Firm]:
    """Without a worker."""
    async with firm_at(casework, database_url) as firm:
        yield firm


@pytest.fixture
async def firm(idle_firm: Firm) -> AsyncIterator[Firm]:
    async with idle_firm.worker():
        yield idle_firm
