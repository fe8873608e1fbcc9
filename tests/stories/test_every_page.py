"""Every page, for everybody who may see it: on a phone and on a desk, in both languages.

No barrier for a screen reader or a thumb, nothing to scroll sideways at twice the size, nothing that
the content policy refuses, and light enough for a slow network.
"""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, ViewportSize

from scripts.chromium import DESK, PHONE, chromium
from tests.stories.asking import asked
from tests.stories.callers import unhappy
from tests.stories.household import Household
from tests.stories.phone import Phone, phone

pytestmark = pytest.mark.story

ROOMS = {
    "director_alsace": ("/inbox", "/round", "/search", "/account", "/cases/{case}"),
    "deputy_north": ("/inbox", "/round", "/search", "/account"),
    "managing_director": (
        "/board",
        "/board/definitions",
        "/board/cases?which=open",
        "/inbox",
        "/cases/{case}",
    ),
    "operator": ("/operations", "/operations/versions/1", "/account"),
}
"""By person; `deputy_north` reads English, the others French."""
LINK = re.compile(r"https?://\S+/l/[\w-]+")


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
async def case(running: Household) -> str:
    await running.survey.deliver(unhappy("happy-now", score=9))
    return await asked(running, unhappy("martin"))


@pytest.mark.parametrize(
    ("person", "screen", "scripts"),
    [
        *((person, screen, True) for person in ROOMS for screen in (PHONE, DESK)),
        ("director_alsace", PHONE, False),
    ],
)
async def test_a_page_has_no_barrier(
    running: Household,
    browser: Browser,
    case: str,
    *,
    person: str,
    scripts: bool,
    screen: ViewportSize,
) -> None:
    here = str(running.http.base_url)
    async with phone(browser, here, locale="fr-FR", scripts=scripts, screen=screen) as visitor:
        await enter(running, visitor, person)
        answered = {page: await visitor.open(page.format(case=case)) for page in ROOMS[person]}

        assert answered == dict.fromkeys(ROOMS[person], 200)
        assert visitor.faults == []
        assert visitor.cries == []


async def enter(household: Household, visitor: Phone, person: str) -> None:
    """By a link as the operator prints it."""
    printing = household.rappel("link", person)
    await printing.finish()
    found = LINK.findall(printing.log.read_text())
    await visitor.open(found[-1])
    async with visitor.page.expect_navigation():
        await visitor.page.get_by_role("main").get_by_role("button").tap()
