"""How people come in, in tests: by a link that names no case."""

from models.store.access import new_link
from tests.web.pages.browser import Browser
from tests.web.pages.reception import WEEK, Reception


async def link_for(reception: Reception, person: str) -> str:
    """The path of a link that names no case."""
    async with reception.casework.database.write() as session:
        token = new_link(session, None, person=person, at=reception.clock(), life=WEEK)
    return f"/l/{token}"


async def signed_in(reception: Reception, person: str, **headers: str) -> Browser:
    browser = Browser(reception.app, **headers)
    await browser.post(await link_for(reception, person))
    return browser
