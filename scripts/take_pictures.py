"""Photographs the running demo for the README: the inbox and a case on a phone, the board on a desk.

While `make demo` runs, in a second terminal: .venv/bin/python -m scripts.take_pictures
"""

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page, ViewportSize

from scripts.chromium import DESK, PHONE, chromium
from settings import STATE_DIR

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
LINK = re.compile(r"https?://\S+/l/[\w-]+")
DIRECTOR, EXECUTIVE = "deputy_north", "managing_director"
"""Those of the demo who read English."""
SHARPNESS = 2


def link_of(person: str) -> str:
    """A fresh one, from the demo's own state folder."""
    state = os.environ.get(STATE_DIR, ".rappel-demo")
    printed = subprocess.run(
        (sys.executable, "-m", "rappel", "link", person),
        env={**os.environ, STATE_DIR: state},
        capture_output=True,
        text=True,
        check=False,
    )
    found = LINK.search(printed.stdout)
    return found[0] if found else sys.exit(printed.stderr or "No link: start `make demo` first.")


async def enter(browser: Browser, person: str, screen: ViewportSize) -> BrowserContext:
    context = await browser.new_context(viewport=screen, device_scale_factor=SHARPNESS)
    page = await context.new_page()
    await page.goto(link_of(person))
    async with page.expect_navigation():
        await page.get_by_role("main").get_by_role("button").click()
    return context


async def keep(page: Page, name: str) -> None:
    picture = PICTURES / f"{name}.png"
    await page.screenshot(path=picture)
    print(f"{picture.name}: {picture.stat().st_size // 1000} kB")


async def photograph() -> None:
    async with chromium() as browser:
        phone = await enter(browser, DIRECTOR, PHONE)
        page = phone.pages[0]
        await page.goto(f"{page.url.partition('/inbox')[0]}/inbox")
        await keep(page, "inbox")
        await page.locator("main a[href^='/cases/']").first.click()
        await page.wait_for_load_state()
        await keep(page, "case")
        desk = await enter(browser, EXECUTIVE, DESK)
        await keep(desk.pages[0], "board")


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    asyncio.run(photograph())
