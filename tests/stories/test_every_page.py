"""Every page, for everybody who may see it: on a phone and on a desk, in both languages.

No barrier for a screen reader or a thumb, nothing to scroll sideways at twice the size, nothing that
the content policy refuses, and light enough for a slow network.
"""

import re
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import replace

import pytest
from playwright.async_api import Browser

from models.case import Stage
from models.mailing import Mailing
from models.organisation import SPOKEN
from scripts.chromium import DESK, PHONE, chromium
from tests.stories.asking import asked, link
from tests.stories.callers import DIRECTOR, Json, unhappy
from tests.stories.household import CALM, Household, eventually, household_in, quick
from tests.stories.phone import Phone, phone
from tests.stories.tours import GETS, NO_PAGE, OWNERS_ALONE, PAGES, TOURS, Tour
from tests.web.doors import Filling
from tests.web.staff import PEOPLE

pytestmark = [pytest.mark.story, pytest.mark.timeout(300)]

IN_ENGLISH = {
    "language": "en",
    "context": {"region": "nord", "trade": "after_sales", "touchpoint": "keys"},
}
"""The partner is in charge of it, and the deputy of the north is his."""

Places = Mapping[tuple[str, Stage], Filling]
"""What there is to see, by language and by the stage of the case."""


@pytest.fixture(scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Household]:
    """Without the two, nobody would read the board and the operations in English."""
    organisation = with_english(quick(CALM), "managing_director", "operator")
    async with household_in(tmp_path_factory.mktemp("household"), organisation) as household:
        await household.up()
        yield household


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
async def links(running: Household) -> Mapping[str, str]:
    """By person, as the first start prints them."""

    async def printed() -> dict[str, str]:
        found = re.findall(r"(?m)^ +(http\S+/l/\S+) .*\((\w+)\)$", running.logged)
        return {person: address for address, person in found}

    return await eventually(printed)


@pytest.fixture(scope="module")
async def places(running: Household) -> Places:
    await running.survey.deliver(unhappy("glad", score=9))
    await asked(running, unhappy("told"))
    await running.rappel("letter").finish()
    return {**await places_in(running, "fr", {}), **await places_in(running, "en", IN_ENGLISH)}


def test_what_is_no_page_is_a_door_all_the_same() -> None:
    assert NO_PAGE.keys() - GETS == set()


def test_every_page_is_shown_to_everybody_in_both_languages_and_on_both_screens() -> None:
    """A director and a partner of elsewhere see no more than their likes. What the national owner alone
    sees is shown in his language on his screen.
    """
    assert {t.visitor for t in TOURS} == PEOPLE.keys() - {"other_region", "other_partner"}
    assert shown(TOURS) == PAGES
    for language in SPOKEN:
        assert shown(t for t in TOURS if t.language == language) >= PAGES - OWNERS_ALONE
    for screen in (PHONE, DESK):
        assert shown(t for t in TOURS if t.screen is screen) >= PAGES - OWNERS_ALONE


@pytest.mark.parametrize("tour", TOURS, ids=str)
async def test_a_page_has_no_barrier(
    running: Household,
    browser: Browser,
    links: Mapping[str, str],
    places: Places,
    *,
    tour: Tour,
) -> None:
    here, place = str(running.http.base_url), places[tour.language, tour.stage]
    async with phone(
        browser, here, locale=tour.language, scripts=tour.scripts, screen=tour.screen
    ) as visitor:
        if tour.person:
            await enter(visitor, links[tour.person])
        repaired = places[tour.language, Stage.CONFIRMING]
        where = {page: repaired if "{number}" in page else place for page in tour.addresses}
        answered = {page: await see(visitor, of.path(page)) for page, of in where.items()}

        assert answered == dict.fromkeys(tour.addresses, (200, tour.language))
        assert visitor.faults == []
        assert visitor.cries == []


async def enter(visitor: Phone, address: str) -> None:
    await visitor.open(address)
    async with visitor.page.expect_navigation():
        await visitor.page.get_by_role("main").get_by_role("button").tap()


async def see(visitor: Phone, address: str) -> tuple[int, str | None]:
    """Its status, and the language that it says it is in."""
    status = await visitor.open(address)
    return status, await visitor.page.locator("html").get_attribute("lang")


def shown(tours: Iterable[Tour]) -> frozenset[str]:
    return frozenset[str]().union(*(tour.pages for tour in tours))


async def places_in(household: Household, language: str, said: Json) -> Places:
    waiting = await asked(household, unhappy(f"{language}-waiting") | said)
    repaired = await asked(household, unhappy(f"{language}-repaired") | said)
    await repair(household, repaired)
    token = (await link(household, repaired, "confirm")).rpartition("/")[2]
    place = Filling(
        waiting,
        DIRECTOR,
        token,
        await weekly_letter(household, language),
        delivery=await quarantined(household),
    )
    return {
        (language, Stage.ASKED): place,
        (language, Stage.CONFIRMING): replace(place, case=repaired),
    }


async def repair(household: Household, case: str) -> None:
    owner = (await household.office.get(f"cases/{case}"))["owner"]

    async def act(path: str, **said: str) -> None:
        await household.office.act_surely(case, path, by=owner, **said)

    await act("acknowledge")
    await act("attempts", outcome="reached", note="Very angry.")
    await act("cause", cause="quality_defect", words="The window leaks.")
    await act("actions", what="Seal the window.")
    await act("actions/1/done")


async def weekly_letter(household: Household, language: str) -> str:
    items = (await household.office.get("outbox?limit=200"))["items"]
    letters = (each for each in items if each["message"] == Mailing.WEEKLY)
    return next(str(each["id"]) for each in letters if each["language"] == language)


async def quarantined(household: Household) -> str:
    """A delivery that nobody understands."""
    await household.survey.send({"response_id": "junk", "score": "excellent"})
    return str((await household.office.get("quarantine"))["items"][0]["id"])


def with_english(organisation: str, *people: str) -> str:
    """These read English in it."""
    for person in people:
        said = rf"(id: {person}\n(?: .+\n)*? +language: )fr"
        organisation, found = re.subn(said, r"\1en", organisation)
        assert found == 1, person
    return organisation
