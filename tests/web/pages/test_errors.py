"""The page that says no: in whose language, with which way on, and come what may."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from models.store.database import Database
from tests.web.pages.browser import Browser, Page
from tests.web.pages.reception import Reception
from web.visitors import COOKIE

NAVIGATION = 'href="/inbox"'
START = 'href="/"'


@pytest.fixture
async def dora(reception: Reception) -> Browser:
    """She reads French; her browser asks for English."""
    return await reception.signed_in("dora", await reception.casework.open())


@pytest.fixture
async def cut_off(reception: Reception, dora: Browser) -> AsyncIterator[Browser]:
    """Signed in, and then there is no database any more."""
    house = reception.app.state.house
    gone = Database("sqlite+aiosqlite:////nowhere/at/all.db", house.database.vault)
    reception.app.state.house = replace(house, database=gone)
    yield dora
    reception.app.state.house = house
    await gone.close()


async def test_a_room_that_is_closed_says_so_and_nothing_of_a_case(reception: Reception) -> None:
    state = await reception.casework.open()
    page = await (await reception.signed_in("denis", state)).get("/board")
    assert (page.status, "This page is not meant for you." in page.words) == (403, True)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/nowhere", 404), ("/operations", 403), ("/inbox?group=none", 422), ("/account/end", 405)],
)
async def test_who_is_signed_in_stays_in_his_language_among_his_rooms(
    dora: Browser, path: str, status: int
) -> None:
    page = await dora.get(path)
    assert (page.status, page.answered.headers["content-language"]) == (status, "fr")
    assert (NAVIGATION in page.answered.text, START in page.answered.text) == (True, True)


@pytest.mark.parametrize("cookie", ["", "x", "x.y", ".", '"é."', "." * 4000])
async def test_a_broken_cookie_is_nobody(browser: Browser, cookie: str) -> None:
    header = {b"cookie": f"{COOKIE}={cookie}".encode()}
    assert_plain(Page.of(await browser.http.get("/nowhere", headers=header)))


async def test_without_a_database_there_still_is_a_page(cut_off: Browser) -> None:
    with capture_logs() as lines:
        assert_plain(await cut_off.get("/nowhere"))
    assert "error_page_without_member" in [line["event"] for line in lines]


async def test_for_machines_nobody_is_looked_up(cut_off: Browser) -> None:
    with capture_logs() as lines:
        page = await cut_off.get("/api/nowhere")
    assert page.answered.json()["error"]["code"] == "http_404"
    assert [line["event"] for line in lines] == ["request_answered"]


def assert_plain(page: Page) -> None:
    """In the browser's language, without navigation, with a way on."""
    assert (page.status, page.answered.headers["content-language"]) == (404, "en")
    assert (NAVIGATION in page.answered.text, START in page.answered.text) == (False, True)
