"""With the script: few taps, a sheet after the call, nothing typed is lost, and one tap is one act."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urljoin

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from scripts.chromium import PHONE, chromium
from tests.stories.asking import asked, link
from tests.stories.callers import unhappy
from tests.stories.household import Household, eventually

pytestmark = pytest.mark.story

NO_DIALLER = "addEventListener('click', (e) => e.target.closest('a.call') && e.preventDefault())"
"""This machine has nothing that could call."""
BACK = "document.dispatchEvent(new Event('visibilitychange'))"
NOTE = "Elle préfère le soir."


@dataclass(slots=True)
class Thumb:
    """Counts what it does."""

    page: Page
    taps: int = 0

    async def tap(self, target: Locator) -> None:
        await target.tap()
        self.taps += 1

    async def press(self, button: str) -> None:
        await self.tap(self.page.get_by_role("button", name=button, exact=True))

    async def sign_in(self) -> None:
        async with self.page.expect_navigation():
            await self.press("Ouvrir le dossier")

    async def go(self, path: str) -> None:
        await self.page.goto(urljoin(self.page.url, path))

    async def call(self) -> None:
        """And comes back to the page."""
        await self.tap(self.page.locator("a.call"))
        await self.page.evaluate(BACK)

    async def see(self, words: str) -> None:
        await expect(self.page.get_by_text(words).first).to_be_visible()


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@asynccontextmanager
async def thumb(browser: Browser, address: str, *, expected: str = "") -> AsyncIterator[Thumb]:
    """On the page to which a link leads. `expected` is what the browser may complain of."""
    context = await browser.new_context(
        viewport=PHONE, is_mobile=True, has_touch=True, locale="fr-FR"
    )
    context.set_default_timeout(15_000)
    await context.add_init_script(NO_DIALLER)
    cries: list[str] = []
    context.on("console", lambda said: cries.append(said.text))
    context.on("weberror", lambda error: cries.append(str(error.error)))
    page = await context.new_page()
    await page.goto(address)
    yield Thumb(page)
    await context.close()
    assert [cry for cry in cries if not expected or expected not in cry] == []


async def test_from_the_message_to_a_closed_case_in_six_taps(
    running: Household, browser: Browser
) -> None:
    case = await asked(running, unhappy("arnaud"))
    async with thumb(browser, await link(running, case, "ask")) as director:
        await director.sign_in()
        await director.call()
        await director.press("Joint")
        await director.see("Noté : Joint")
        recorded = director.taps
        await director.tap(director.page.get_by_label("Prix et frais", exact=True).first)
        await director.tap(director.page.get_by_role("textbox", name="Ce qui a été fait"))
        await director.page.keyboard.type("Frais remboursés.")
        await director.press("Oui, c’est résolu")
        await director.see("Clos : Le client est de nouveau satisfait")

        assert (recorded, director.taps) == (3, 6)


async def test_back_from_the_call_the_sheet_comes_forward_and_goes_away(
    running: Household, browser: Browser
) -> None:
    case = await asked(running, unhappy("bertin"))
    async with thumb(browser, await link(running, case, "ask")) as director:
        await director.sign_in()
        await director.page.evaluate(BACK)
        sheet = director.page.get_by_role("dialog", name="L’avez-vous joint ?")
        await expect(sheet).to_be_hidden()
        await director.call()
        await expect(sheet.get_by_role("heading")).to_be_focused()
        await director.press("Pas encore appelé")
        await expect(sheet).to_be_hidden()
        await expect(director.page.get_by_role("button", name="Joint", exact=True)).to_be_visible()


async def test_back_from_a_call_out_of_the_inbox_the_sheet_of_that_case_comes(
    running: Household, browser: Browser
) -> None:
    case = await asked(running, unhappy("bonnet"))
    async with thumb(browser, await link(running, case, "ask")) as director:
        await director.sign_in()
        await director.go("/inbox")
        number = director.page.locator(f"a.call[data-page*='{case}']")
        await director.tap(number)
        await director.page.evaluate(BACK)
        await director.page.wait_for_url(f"**/cases/{case}#reached-{case}")


async def test_on_the_round_an_undone_call_has_its_turn_again(
    running: Household, browser: Browser
) -> None:
    case = await asked(running, unhappy("blanc"))
    async with thumb(browser, await link(running, case, "ask")) as director:
        await director.sign_in()
        await director.go("/round?start=1")
        whole = director.page.locator("main a.back")
        first = await whole.get_attribute("href") or ""
        await director.press("Pas de réponse")
        await director.see("Noté pour")
        await director.press("Annuler")
        await expect(director.page.get_by_text("Noté pour")).to_be_hidden()
        await expect(whole).to_have_attribute("href", first)

        told = await running.office.told(first.removeprefix("/cases/"))
        assert told[-2:] == ["attempted", "taken_back"]


async def test_a_slip_is_undone(running: Household, browser: Browser) -> None:
    case = await asked(running, unhappy("carlier"))
    async with thumb(browser, await link(running, case, "ask")) as director:
        await director.sign_in()
        await director.press("Faux numéro")
        await director.see("Noté : Faux numéro")
        await director.press("Annuler")
        await director.see("(annulé)")

        assert (await running.office.told(case))[-2:] == ["attempted", "taken_back"]
        assert (await running.office.case(case))["state"] == "asked"


async def test_a_cause_is_found_with_the_keyboard_and_without_accents(
    running: Household, browser: Browser
) -> None:
    case = await asked(running, unhappy("delmas"))
    await running.office.act_surely(case, "attempts", outcome="reached")
    async with thumb(browser, await link(running, case, "ask")) as director:
        await director.sign_in()
        page = director.page
        await page.get_by_role("searchbox").first.fill("qualite malfacon")
        choice = page.get_by_role("radio", name="Qualité › Malfaçon")
        await expect(page.locator("#wrap_up .choice:visible")).to_have_count(1)
        await page.keyboard.press("Enter")
        await expect(choice).to_be_checked()
        await page.get_by_role("searchbox").first.fill("qualite")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("ArrowDown")
        await expect(choice).not_to_be_checked()
        await expect(page.locator("#wrap_up [name=cause]:checked")).to_have_count(1)


async def test_what_is_typed_waits_on_every_other_device(
    running: Household, browser: Browser
) -> None:
    case = await asked(running, unhappy("estienne"))
    await running.office.act_surely(case, "attempts", outcome="reached")
    here = str(running.http.base_url)
    async with thumb(browser, await link(running, case, "ask")) as director:
        await director.sign_in()
        await director.page.get_by_role("textbox", name="Ce qui a été fait").fill(NOTE)
        await eventually(lambda: typed(running, case))
        state = await director.page.context.storage_state()
    elsewhere = await browser.new_context(storage_state=state)
    page = await elsewhere.new_page()
    await page.goto(f"{here}/cases/{case}")
    await expect(page.get_by_role("textbox", name="Ce qui a été fait")).to_have_value(NOTE)
    assert state["origins"] == []
    await elsewhere.close()


async def test_a_double_tap_without_a_network_is_one_act_once_it_is_back(
    running: Household, browser: Browser
) -> None:
    case = await asked(running, unhappy("fontaine"))
    address, offline = await link(running, case, "ask"), "ERR_INTERNET_DISCONNECTED"
    async with thumb(browser, address, expected=offline) as director:
        await director.sign_in()
        await director.page.context.set_offline(offline=True)
        await director.press("Joint")
        await director.see("Pas de connexion pour l’instant.")
        await director.page.get_by_role("button", name="Joint", exact=True).dispatch_event("click")
        await director.page.context.set_offline(offline=False)
        await director.see("Noté : Joint")

        assert (await running.office.told(case)).count("attempted") == 1


async def test_a_refused_act_shows_the_page_of_the_server(
    running: Household, browser: Browser
) -> None:
    case = await asked(running, unhappy("gallois"))
    async with thumb(browser, await link(running, case, "ask"), expected="409") as director:
        await director.sign_in()
        await running.office.act_surely(case, "acknowledge")
        await director.press("Je m’en occupe")
        await expect(director.page.get_by_role("alert")).to_be_focused()
        await director.see("Ce dossier est déjà pris en charge.")


async def typed(household: Household, case: str) -> bool:
    """Whether anything is kept that was not sent."""
    return bool(household.select("SELECT 1 FROM typed WHERE case_id = ?", case))
