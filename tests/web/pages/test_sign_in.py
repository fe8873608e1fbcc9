"""Signing in without a message at hand."""

import asyncio
from collections.abc import Mapping

import pytest
from fastapi import Request, Response
from sqlmodel import select

from models.mailing import Mailing
from models.organisation_file.reading import read_organisation
from models.store.outbox import Letter
from models.tables import IntentRow
from tests.casework import SMALL
from tests.web.pages.arrivals import link_for, signed_in
from tests.web.pages.browser import Browser, Page
from tests.web.pages.reception import Reception, settings_for
from web.limits import ALLOWED, Limit
from web.pages.sign_in import meant_by
from web.wanted import remember


async def letters(reception: Reception) -> list[Letter]:
    """The sign-in letters that were written, the newest first."""
    async with reception.casework.database.read() as session:
        rows = await reception.app.state.house.outbox.page(session, limit=50)
    return [letter for row, letter in rows if row.message == Mailing.SIGN_IN and letter]


def said(page: Page) -> tuple[int, str, Mapping[str, str]]:
    return page.status, page.answered.text, dict(page.answered.headers)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("dora", "dora"),
        (" Dora ", "dora"),
        ("DORA@small.example", "dora"),
        ("+33 6 39 98 00 41", "dora"),
        ("06 39 98 00 41", "dora"),
        ("0033639980042", "denis"),
        ("39980041", None),
        ("dora@elsewhere.example", None),
        ("@", None),
        ("", None),
    ],
)
def test_people_are_known_by_id_e_mail_and_phone(written: str, meant: str | None) -> None:
    organisation = read_organisation(SMALL.read_text(), name="small.yaml")
    assert meant_by(written, organisation) == organisation.people.get(meant or "")


async def test_who_is_known_gets_a_link_at_his_own_address(
    reception: Reception, browser: Browser
) -> None:
    await browser.post("/sign-in", {"who": "dora@small.example"})

    [letter] = await letters(reception)
    assert (letter.address, letter.language) == ("+33639980041", "fr")
    link = letter.body.rpartition(" ")[2].removeprefix(reception.settings.public_url)
    assert (await browser.post(link)).answered.headers["location"] == "/inbox"


async def test_nobody_learns_who_is_known(reception: Reception) -> None:
    known = await Browser(reception.app).post("/sign-in", {"who": "dora"})
    unknown = await Browser(reception.app).post("/sign-in", {"who": "nobody@small.example"})

    assert said(known) == said(unknown)
    assert len(await letters(reception)) == 1


async def test_nobodys_mailbox_is_flooded(reception: Reception, browser: Browser) -> None:
    """Who asks is told the same as ever."""
    most = ALLOWED[Limit.LETTERS_TO_PERSON].amount
    asking = (browser.post("/sign-in", {"who": "dora"}) for _ in range(most + 1))
    pages = await asyncio.gather(*asking)

    assert {page.status for page in pages} == {200}
    assert len(await letters(reception)) == most


async def test_who_asks_too_often_is_told_when_to_come_back(
    reception: Reception, browser: Browser
) -> None:
    limits = reception.app.state.house.limits
    while await limits.allows(Limit.LETTERS_BY_VISITOR, "127.0.0.1"):
        continue
    page = await browser.post("/sign-in", {"who": "dora"})

    assert page.status == 429
    assert 0 < int(page.answered.headers["retry-after"]) <= 3600
    assert "too often" in page.words
    assert await letters(reception) == []


async def test_tokens_cannot_be_tried_out(browser: Browser) -> None:
    most = ALLOWED[Limit.WRONG_LINKS].amount
    found = [(await browser.get(f"/l/wrong-{n}")).status for n in range(most + 1)]

    assert found == [410] * most + [429]


async def test_a_good_link_opens_for_a_visitor_who_tried_too_often(
    reception: Reception, browser: Browser
) -> None:
    for n in range(ALLOWED[Limit.WRONG_LINKS].amount + 1):
        await browser.get(f"/c/wrong-{n}")

    assert (await browser.get(await link_for(reception, "dora"))).status == 200


async def test_without_a_provider_there_is_no_such_button(browser: Browser) -> None:
    assert "/sign-in/provider" not in (await browser.get("/sign-in")).answered.text
    assert (await browser.get("/sign-in/provider")).status == 404


@pytest.mark.parametrize(("person", "room"), [("dora", "/inbox"), ("nora", "/board")])
async def test_everybody_arrives_in_his_first_room(
    reception: Reception, browser: Browser, person: str, room: str
) -> None:
    opened = await browser.post(await link_for(reception, person))

    assert opened.answered.headers["location"] == room
    assert (await browser.get("/")).answered.headers["location"] == room
    assert (await browser.get("/sign-in")).answered.headers["location"] == room


async def test_he_lands_where_he_was_going(reception: Reception, browser: Browser) -> None:
    asked = await browser.get("/board?region=north")
    opened = await browser.post(await link_for(reception, "nora"))

    assert (asked.status, 'href="/sign-in"' in asked.answered.text) == (401, True)
    assert opened.answered.headers["location"] == "/board?region=north"
    assert "rappel_wanted" not in browser.http.cookies


async def test_a_link_to_a_case_leads_there_whatever_he_looked_at_before(
    reception: Reception, browser: Browser
) -> None:
    await browser.get("/account")
    state = await reception.casework.open()

    opened = await browser.post(await reception.link(state, "dora"))

    assert opened.answered.headers["location"] == f"/cases/{state.case_id}"


async def test_where_he_was_going_is_forgotten_when_a_link_leads_to_a_case(
    reception: Reception,
) -> None:
    browser, state = Browser(reception.app), await reception.casework.open()
    await browser.get("/account")

    await browser.post(await reception.link(state, "dora"))

    assert "rappel_wanted" not in browser.http.cookies


async def test_nobody_is_sent_elsewhere_by_a_cookie_that_we_did_not_sign(
    reception: Reception,
) -> None:
    for wanted in ("//elsewhere.example", "https://elsewhere.example", "/account"):
        browser = Browser(reception.app, cookie=f"rappel_wanted={wanted}")
        opened = await browser.post(await link_for(reception, "dora"))
        assert opened.answered.headers["location"] == "/inbox"


@pytest.mark.parametrize("path", ["//elsewhere.example", "elsewhere", ""])
def test_nobody_is_sent_elsewhere_by_an_address_that_looks_like_a_path(path: str) -> None:
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b""}
    request = Request({**scope, "headers": [(b"accept", b"text/html")]})
    answer = Response()

    remember(answer, request, settings_for(""))

    assert "set-cookie" not in answer.headers


async def test_a_forwarded_link_tells_whose_it_is(reception: Reception) -> None:
    dora, link = await signed_in(reception, "dora"), await link_for(reception, "nora")

    page = await dora.get(link)

    assert "This link is for" not in page.words, "the reader of the link speaks French"
    assert "Nora National" in page.words
    assert "Dora Director" in page.words
    assert "Dora Director" in (await dora.get("/account")).words


async def test_no_letter_holds_its_link_in_clear(reception: Reception, browser: Browser) -> None:
    await browser.post("/sign-in", {"who": "dora"})
    async with reception.casework.database.read() as session:
        [row] = (await session.exec(select(IntentRow))).all()

    assert b"/l/" not in row.body_sealed
    assert row.case_id is None


async def test_over_https_browsers_are_told_to_stay_there(far_browser: Browser) -> None:
    headers = (await far_browser.get("/")).answered.headers
    assert headers["strict-transport-security"] == "max-age=31536000"


def test_the_settings_name_a_provider_whole_or_not_at_all() -> None:
    whole = settings_for("sqlite://").model_dump() | {"oidc_issuer": "https://sso.example/"}
    with pytest.raises(ValueError, match="all or none"):
        settings_for("").model_validate(whole)
    with pytest.raises(ValueError, match="https://"):
        settings_for("").model_validate(whole | {"oidc_issuer": "http://sso.example"})
