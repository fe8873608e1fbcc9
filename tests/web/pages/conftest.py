from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.casework import Casework
from tests.web.pages.browser import HERE, Browser
from tests.web.pages.reception import Reception, settings_for

ABROAD = "https://rappel.example"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What stands on a page does not depend on the engine below."""
    return sqlite_url


@pytest.fixture
async def reception(casework: Casework, database_url: str) -> AsyncIterator[Reception]:
    async with _open(casework, database_url, HERE) as reception:
        yield reception


@pytest.fixture
async def public_reception(casework: Casework, database_url: str) -> AsyncIterator[Reception]:
    """One that the whole world reaches, over HTTPS."""
    async with _open(casework, database_url, ABROAD) as reception:
        yield reception


@pytest.fixture
def browser(reception: Reception) -> Browser:
    """Nobody is signed in."""
    return Browser(reception.app)


@pytest.fixture
def far_browser(public_reception: Reception) -> Browser:
    return Browser(public_reception.app, ABROAD)


@asynccontextmanager
async def _open(casework: Casework, url: str, public_url: str) -> AsyncIterator[Reception]:
    reception = Reception(casework, settings_for(url, public_url))
    yield reception
    await reception.app.state.house.database.close()
