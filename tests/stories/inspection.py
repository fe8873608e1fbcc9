"""What is wrong with a page for a thumb, for a screen reader, for an old phone on a slow network."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

from playwright.async_api import Page, ViewportSize

from scripts.chromium import PHONE
from tests.stories.parts import ROOT

HEAVIEST = 60_000
"""Bytes on their way, with everything that the page loads."""

NARROWEST = 320
"""CSS pixels."""

FOLDED = "() => [...document.querySelectorAll('details:not([open])')]"
FOLD = "(folded, open) => folded.forEach(each => { each.open = open })"
WEIGHT = """() => ['navigation', 'resource'].flatMap(kind => performance.getEntriesByType(kind))
  .filter(entry => entry.initiatorType !== 'fetch')
  .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""
WIDTH = "() => document.documentElement.scrollWidth"
SMALL = """() => [...document.querySelectorAll(
  'button, summary, select, textarea, input:not([type=hidden]), .call, .mail'
)].filter(each => each.getBoundingClientRect().height < 44).map(each => each.outerHTML)"""
BARRIERS = """async () => (await axe.run()).violations.map(
  rule => `${rule.id}: ${rule.nodes[0].html}`)"""


async def faults_of(page: Page, *, scripts: bool, screen: ViewportSize = PHONE) -> list[str]:
    """Axe needs a page whose scripts may run; everything else is measured without."""
    await page.wait_for_load_state()
    faults = await _weight(page)
    async with _unfolded(page):
        faults += [f"too small for a thumb: {it}" for it in await page.evaluate(SMALL)]
        faults += await _overflow(page, screen)
        faults += await _barriers(page) if scripts else []
    return faults


async def _weight(page: Page) -> list[str]:
    weight = await page.evaluate(WEIGHT)
    return [f"{page.url} weighs {weight} bytes"] if weight > HEAVIEST else []


async def _overflow(page: Page, screen: ViewportSize) -> list[str]:
    """At half the width everything is twice as large; less than 320 is on no screen."""
    faults = []
    for width in (max(NARROWEST, screen["width"] // 2), screen["width"]):
        await page.set_viewport_size({"width": width, "height": screen["height"]})
        needed = await page.evaluate(WIDTH)
        faults += [f"{page.url} needs {needed} of {width} pixels"] if needed > width else []
    return faults


async def _barriers(page: Page) -> list[str]:
    """What is evaluated from outside is no matter of the page's own content policy."""
    await page.evaluate(_axe())
    found: list[str] = await page.evaluate(BARRIERS)
    return found


@asynccontextmanager
async def _unfolded(page: Page) -> AsyncIterator[None]:
    folded = await page.evaluate_handle(FOLDED)
    await folded.evaluate(FOLD, arg=True)
    yield
    await folded.evaluate(FOLD, arg=False)


@cache
def _axe() -> str:
    """Raises FileNotFoundError, with what to do, where it is not installed."""
    script = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not script.exists():
        raise FileNotFoundError(
            f"There is no {script.name}: run `apt install npm` as root, then `make test`."
        )
    return script.read_text()
