"""The operator's page of answers that must be fetched: why they wait, and trying again."""

import pytest
from sqlmodel import select

from models.fetch_tables import FetchRow
from models.fetching import Trouble
from models.organisation import SPOKEN
from models.store.deliveries import DeliveryFate
from models.store.fetches import Wanted, give_up
from tests.models.store.test_quarantine import BY_ITS_NAME
from tests.models.store.test_unfetched import told
from tests.web.pages.browser import Browser
from tests.web.pages.reception import SOON, Reception
from tests.web.pages.test_quarantine import bring
from web.rendering import Pages


@pytest.fixture
async def operator(reception: Reception) -> Browser:
    state = await reception.casework.open()
    await bring(reception.casework, BY_ITS_NAME)
    return await reception.signed_in("oscar", state)


@pytest.fixture
async def fetch(reception: Reception) -> Wanted:
    """It was given up."""
    fetch = await told(reception.casework, "R_77")
    async with reception.casework.database.write() as session:
        await give_up(session, fetch, Trouble.NOT_READABLE, fate=DeliveryFate.QUARANTINED)
    return fetch


async def fate(reception: Reception) -> str:
    async with reception.casework.database.read() as session:
        return (await session.exec(select(FetchRow.fate))).one()


async def test_it_says_why_an_answer_is_not_had(operator: Browser, fetch: Wanted) -> None:
    page = await operator.get("/operations/fetches")

    assert "keys · given up · it cannot be read there yet" in page.words
    assert "response R_77" in page.words
    assert "given up · it cannot be read there yet" in (await operator.get("/operations")).words


async def test_one_is_tried_again(operator: Browser, fetch: Wanted, reception: Reception) -> None:
    page = await operator.post(f"/operations/fetches/{fetch.fetch_id}/again", {})

    assert "1 answer is asked for now." in page.words
    assert await fate(reception) == "waiting"


async def test_all_of_a_source_are_tried_again(
    operator: Browser, fetch: Wanted, reception: Reception
) -> None:
    page = await operator.post("/operations/fetches/given-up", {"source": "keys"})

    assert "1 answer is asked for now." in page.words
    assert await fate(reception) == "waiting"


async def test_none_says_so(operator: Browser) -> None:
    page = await operator.get("/operations/fetches")
    assert "None: every answer that was told of is had." in page.words


@pytest.mark.parametrize("language", SPOKEN)
def test_every_reason_has_its_words(language: str) -> None:
    template = Pages()._environments[language].get_template("operations_words.html")
    words = template.make_module({"now": SOON, "local": lambda at: at})

    assert set(words.FETCH_TROUBLES) == set(Trouble)  # type: ignore[attr-defined]
