"""Photographs the newest case of the Rappel on this machine, as its director's phone shows it.

After `make up` and `scripts/send_answer.py`: .venv/bin/python -m scripts.take_pictures
"""

import asyncio
import json
import re
import sys
from pathlib import Path
from urllib.request import Request, urlopen

from scripts.chromium import PHONE, chromium
from settings import Settings, load_settings

PICTURE = Path(__file__).parents[1] / "docs" / "pictures" / "case.png"
SHARPNESS = 2
LINK = re.compile(r"https?://\S+/l/[\w-]+")


def newest_link(settings: Settings) -> str:
    request = Request(  # noqa: S310 - the address is this machine's own
        f"{settings.public_url}/api/outbox?limit=200",
        headers={"authorization": f"Bearer {settings.api_token.get_secret_value()}"},
    )
    with urlopen(request, timeout=10) as answer:  # noqa: S310 - see above
        letters = json.load(answer)["items"]
    for letter in letters:
        if found := LINK.search(letter["body"] or ""):
            return found[0]
    sys.exit("No message holds a link to a case: run scripts/send_answer.py first.")


async def photograph(link: str) -> None:
    """The link is spent by this, as by the director's own tap."""
    async with chromium() as browser:
        phone = await browser.new_context(
            viewport=PHONE, device_scale_factor=SHARPNESS, is_mobile=True, has_touch=True
        )
        page = await phone.new_page()
        answered = await page.goto(link)
        if answered is None or not answered.ok:
            sys.exit("The newest link was opened before: run scripts/send_answer.py again.")
        async with page.expect_navigation():
            await page.get_by_role("button").tap()
        await page.screenshot(path=PICTURE)


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    asyncio.run(photograph(newest_link(load_settings())))
    print(f"{PICTURE.name}: {PICTURE.stat().st_size // 1000} kB")
