"""A phone in somebody's hand, or a desk: a real browser, which writes down what is wrong with each page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from playwright.async_api import Browser, ConsoleMessage, Page, ViewportSize, WebError

from scripts.chromium import PHONE
from tests.stories.inspection import faults_of

MANY = 60
"""More often than anybody presses Tab on one page."""

PATIENCE = 15_000
"""Milliseconds."""

BUTTONS = """() => [...document.querySelectorAll('a, button, summary')]
  .filter(each => each.checkVisibility()).map(each => each.innerText)"""
FOCUSED = "() => document.activeElement.innerText"


@dataclass(slots=True)
class Phone:
    """`faults` are those of the pages it showed, `cries` what the browser itself complained of."""

    page: Page
    scripts: bool
    screen: ViewportSize = field(default_factory=lambda: PHONE)
    faults: list[str] = field(default_factory=list)
    cries: list[str] = field(default_factory=list)

    async def open(self, address: str) -> int:
        """Returns the status."""
        answered = await self.page.goto(address)
        await self._look()
        return answered.status if answered else 0

    async def follow(self, address: str) -> None:
        """Taps on the first link whose address holds these words."""
        async with self.page.expect_navigation():
            await self.page.locator(f"a[href*='{address}']").first.tap()
        await self._look()

    async def tap(self, button: str) -> None:
        async with self.page.expect_navigation():
            await self.page.get_by_role("button", name=button, exact=True).tap()
        await self._look()

    async def enter(self) -> None:
        """Presses the key on what has the focus."""
        async with self.page.expect_navigation():
            await self.page.keyboard.press("Enter")
        await self._look()

    async def tab(self) -> str:
        """What stands on that which has the focus then."""
        await self.page.keyboard.press("Tab")
        return str(await self.page.evaluate(FOCUSED))

    async def tab_to(self, button: str) -> None:
        for _ in range(MANY):
            if await self.tab() == button:
                return
        raise AssertionError(f"Tab never reaches {button!r}.")

    async def choose(self, question: str, value: str) -> None:
        """From a select, or from the list that the script makes of it."""
        if self.scripts:
            choices = self.page.get_by_role("group", name=question, exact=True)
            await choices.locator(f"[value={value}]").check()
        else:
            await self.page.get_by_role("combobox", name=question, exact=True).select_option(value)

    async def write(self, question: str, words: str) -> None:
        await self.page.get_by_role("textbox", name=question, exact=True).fill(words)

    async def words(self) -> str:
        return await self.page.get_by_role("main").inner_text()

    async def buttons(self) -> list[str]:
        """What stands on everything that can be pressed and is not folded away."""
        found: list[str] = await self.page.evaluate(BUTTONS)
        return found

    async def _look(self) -> None:
        self.faults += await faults_of(self.page, scripts=self.scripts, screen=self.screen)


@asynccontextmanager
async def phone(
    browser: Browser,
    base_url: str,
    *,
    locale: str,
    scripts: bool = True,
    screen: ViewportSize = PHONE,
) -> AsyncIterator[Phone]:
    context = await browser.new_context(
        base_url=base_url,
        viewport=screen,
        is_mobile=screen is PHONE,
        has_touch=True,
        locale=locale,
        java_script_enabled=scripts,
    )
    context.set_default_timeout(PATIENCE)
    held = Phone(await context.new_page(), scripts, screen)
    _listen(held)
    yield held
    await context.close()


def _listen(held: Phone) -> None:
    """Violations of the content policy are errors on the console."""

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            held.cries.append(message.text)

    def catch(error: WebError) -> None:
        held.cries.append(str(error.error))

    held.page.context.on("console", hear)
    held.page.context.on("weberror", catch)
