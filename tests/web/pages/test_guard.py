"""What is the same for every answer: headers, forms from our own pages only, a log without secrets."""

import pytest
from structlog.testing import capture_logs

from tests.web.pages.browser import HERE, Browser
from tests.web.pages.reception import Reception

ANYWHERE = "/l/some-token"


@pytest.mark.parametrize("path", ["/", "/nowhere", "/api/cases", "/static/rappel.css"])
async def test_nothing_but_our_own_style_is_loaded(browser: Browser, path: str) -> None:
    headers = (await browser.get(path)).answered.headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self';")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "microphone=()" in headers["permissions-policy"]


async def test_no_other_site_learns_the_address_of_a_page(browser: Browser) -> None:
    assert (await browser.get("/")).answered.headers["referrer-policy"] == "same-origin"


async def test_no_cache_keeps_a_page(reception: Reception) -> None:
    state = await reception.casework.open()
    dora = await reception.signed_in("dora", state)
    page = await dora.get(f"/cases/{state.case_id}")
    assert page.answered.headers["cache-control"] == "no-store"


async def test_pages_hold_no_script_and_nothing_from_elsewhere(reception: Reception) -> None:
    state = await reception.casework.open()
    dora = await reception.signed_in("dora", state)
    html = (await dora.get(f"/cases/{state.case_id}")).answered.text
    assert not [word for word in ("<script>", "style=", "onclick", "//") if word in html]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "same-origin"}, 410),
        ({"sec-fetch-site": "none"}, 410),
        ({"origin": "https://elsewhere.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": HERE}, 410),
        ({}, 410),
    ],
)
async def test_a_form_comes_from_our_own_pages(
    reception: Reception, headers: dict[str, str], status: int
) -> None:
    """410 is the answer of the room behind the guard."""
    page = await Browser(reception.app, **headers).post(ANYWHERE)
    assert page.status == status


async def test_behind_a_proxy_the_public_address_is_ours(far_browser: Browser) -> None:
    headers = {"origin": "https://rappel.example", "host": "10.0.0.7:8080"}
    answered = await far_browser.http.post(ANYWHERE, headers=headers)
    assert answered.status_code == 410


async def test_links_from_elsewhere_may_be_followed(reception: Reception) -> None:
    page = await Browser(reception.app, **{"sec-fetch-site": "cross-site"}).get("/")
    assert page.status == 200


async def test_machines_are_judged_by_their_signatures(reception: Reception) -> None:
    page = await Browser(reception.app, origin="null").post("/webhooks/unknown")
    assert page.answered.json()["error"]["code"] == "not_known"


async def test_a_token_never_reaches_the_log(browser: Browser) -> None:
    with capture_logs() as lines:
        await browser.get("/l/secret-token?and=more")
        await browser.get("/c/secret-token")
        await browser.get("/secret-token")
    assert [line["route"] for line in lines] == ["/l/{token}", "/c/{token}", None]
    assert "secret-token" not in str(lines)


async def test_an_answer_is_one_line(browser: Browser) -> None:
    with capture_logs() as lines:
        await browser.get("/")
        await browser.get("/static/rappel.css")
    [line] = lines
    assert (line["event"], line["method"], line["status"]) == ("request_answered", "GET", 200)


async def test_who_asks_for_the_head_gets_no_body_and_spends_nothing(
    reception: Reception,
) -> None:
    """Mail programs and probes look at links before people do."""
    state, browser = await reception.casework.open(), Browser(reception.app)
    link = await reception.link(state, "dora")

    answers = [await browser.http.head(path) for path in ("/", link)]

    assert [(answer.status_code, answer.content) for answer in answers] == [(200, b"")] * 2
    assert await reception.spent_links() == 0
