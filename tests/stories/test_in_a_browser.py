"""The whole way by tapping on a phone: without scripts, in the reader's language, without barriers."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser

from scripts.chromium import chromium
from tests.stories.asking import asked, link
from tests.stories.callers import Json, unhappy
from tests.stories.household import Household
from tests.stories.phone import Phone, phone

pytestmark = pytest.mark.story


@dataclass(frozen=True, slots=True)
class Telling:
    """An answer, and the words that its director and its customer then tap on."""

    answer: Json
    locale: str
    scripts: bool
    enter: str
    take: str
    reached: str
    cause: str
    what: str
    ask: str
    solved: str
    glad: str
    closed: str


FRENCH = Telling(
    unhappy("dubois"),
    locale="fr-FR",
    scripts=False,
    enter="Ouvrir le dossier",
    take="Je m’en occupe",
    reached="Joint",
    cause="Cause",
    what="Ce qui a été fait",
    ask="Le demander au client par écrit",
    solved="Oui, c’est résolu",
    glad="Nous sommes heureux que ce soit résolu.",
    closed="Le client l’a confirmé.",
)
ENGLISH = Telling(
    unhappy("smith")
    | {"language": "en", "context": {"region": "nord", "trade": "sales", "touchpoint": "deed"}},
    locale="en-GB",
    scripts=True,
    enter="Open the case",
    take="I take it",
    reached="Reached",
    cause="Root cause",
    what="What was done",
    ask="Ask the customer in writing",
    solved="Yes, it is solved",
    glad="We are glad that it is solved.",
    closed="The customer confirmed it.",
)


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.mark.parametrize("told", [FRENCH, ENGLISH], ids=["french-without-scripts", "english"])
async def test_a_customer_is_called_back_and_confirms_by_tapping(
    running: Household, browser: Browser, told: Telling
) -> None:
    case, here = await asked(running, told.answer), str(running.http.base_url)
    async with (
        phone(browser, here, locale=told.locale, scripts=told.scripts) as director,
        phone(browser, here, locale=told.locale, scripts=told.scripts) as customer,
    ):
        await director.open("/outbox")
        await director.follow("/l/")
        await call_back(director, told)
        await customer.open(await link(running, case, "confirm"))
        await customer.tap(told.solved)
        await director.open(f"/cases/{case}")

        assert told.glad in await customer.words()
        assert told.closed in await director.words()
        assert director.faults + customer.faults == []
        assert director.cries + customer.cries == []


async def call_back(director: Phone, told: Telling) -> None:
    await director.tap(told.enter)
    await director.tap(told.take)
    await director.tap(told.reached)
    await director.choose(told.cause, "price")
    await director.write(told.what, "Refund the fee.")
    await director.tap(told.ask)


async def test_tab_reaches_every_button_and_enter_presses_it(
    running: Household, browser: Browser
) -> None:
    case, here = await asked(running, unhappy("lefevre")), str(running.http.base_url)
    async with phone(browser, here, locale="fr-FR") as director:
        await director.open(await link(running, case, "ask"))
        await director.tab_to(FRENCH.enter)
        await director.enter()
        buttons = await director.buttons()
        reached = [await director.tab() for _ in range(3 * len(buttons))]
        await director.tab_to(FRENCH.take)
        await director.enter()

        assert {FRENCH.take, FRENCH.reached, "Clore le dossier"} < set(buttons) <= set(reached)
        assert "acknowledged" in await running.office.told(case)


@pytest.mark.parametrize(
    ("address", "status", "heading"),
    [
        ("/", 200, "Every unhappy customer is called back"),
        ("/nowhere", 404, "This did not work"),
        ("/cases/somebody-s", 401, "Please sign in"),
        ("/l/spent", 410, "This link has been used or is out of date"),
        ("/c/spent", 410, "Thank you"),
    ],
)
async def test_a_stray_is_told_where_to_go(
    running: Household, browser: Browser, address: str, status: int, heading: str
) -> None:
    async with phone(browser, str(running.http.base_url), locale="en-GB") as stray:
        answered = await stray.open(address)

        assert (answered, stray.faults) == (status, [])
        assert (await stray.words()).startswith(heading)


async def test_a_tap_that_comes_too_late_is_refused_with_the_reason(
    running: Household, browser: Browser
) -> None:
    case, here = await asked(running, unhappy("girard")), str(running.http.base_url)
    async with phone(browser, here, locale="fr-FR") as director:
        await director.open(await link(running, case, "ask"))
        await director.tap(FRENCH.enter)
        await running.office.act_surely(case, "acknowledge")
        await director.tap(FRENCH.take)

        assert (await director.words()).startswith("Ce dossier est déjà pris en charge.")
        assert director.faults == []
