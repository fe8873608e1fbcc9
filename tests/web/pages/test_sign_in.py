"""Signing in without a message at hand, and the page of one's own sessions."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import pytest
from fastapi import Request, Response
from sqlmodel import select

from models.mailing import Mailing
from models.organisation_file.reading import read_organisation
from models.store.access import new_link
from models.store.organisations import apply_organisation
from models.store.outbox import Letter
from models.tables import IntentRow
from tests.casework import SMALL
from tests.web.pages.browser import Browser, Page
from tests.web.pages.reception import WEEK, Reception, settings_for
from web.limits import ALLOWED, Limit
from web.pages.sign_in import meant_by
from web.pages.wanted import remember

PIXEL = "Mozilla/5.0 (Android 15; Mobile; rv:141.0) Gecko/141.0 Firefox/141.0"


async def letters(reception: Reception) -> list[Letter]:
    """The sign-in letters that were written, the newest first."""
    async with reception.casework.database.read() as session:
        rows = await reception.app.state.house.outbox.page(session, limit=50)
    return [letter for row, letter in rows if row.message == Mailing.SIGN_IN and letter]


async def link_for(reception: Reception, person: str) -> str:
    """The path of a link that names no case."""
    async with reception.casework.database.write() as session:
        token = new_link(session, None, person=person, at=reception.clock(), life=WEEK)
    return f"/l/{token}"


async def signed_in(reception: Reception, person: str, **headers: str) -> Browser:
    browser = Browser(reception.app, **headers)
    await browser.post(await link_for(reception, person))
    return browser


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


async def test_who_becomes_somebody_else_leaves_no_session_behind(reception: Reception) -> None:
    dora = await signed_in(reception, "dora")
    before = dora.http.cookies["rappel_session"]

    await dora.post(await link_for(reception, "nora"))

    assert "Nora National" in (await dora.get("/account")).words
    former = Browser(reception.app, cookie=f"rappel_session={before}")
    assert (await former.get("/account")).status == 401


async def test_a_session_is_always_a_new_one(reception: Reception) -> None:
    """A cookie that somebody planted before signs nobody else in afterwards."""
    planted = await signed_in(reception, "dora")
    cookie = planted.http.cookies["rappel_session"]
    victim = Browser(reception.app)
    victim.http.cookies.set("rappel_session", cookie)

    await victim.post(await link_for(reception, "nora"))

    assert (await planted.get("/account")).status == 401


async def test_each_session_is_listed_with_its_device(reception: Reception) -> None:
    dora = await signed_in(reception, "dora", **{"user-agent": PIXEL})
    await signed_in(reception, "dora")

    page = await dora.get("/account")

    assert "Firefox, Android" in page.words
    assert "Appareil inconnu" in page.words
    assert page.words.count("celui-ci") == 1


async def test_a_session_is_ended_from_another_device(reception: Reception) -> None:
    dora, lost = await signed_in(reception, "dora"), await signed_in(reception, "dora")

    await dora.send((await dora.get("/account")).form("/account/end"))

    assert (await lost.get("/account")).status == 401
    assert (await dora.get("/account")).status == 200


async def test_nobody_ends_what_he_cannot_name(reception: Reception) -> None:
    dora, nora = await signed_in(reception, "dora"), await signed_in(reception, "nora")

    for handle in ("", "%", "0", "0" * 64):
        await dora.post("/account/end", {"session": handle})

    assert (await nora.get("/account")).status == 200
    assert (await dora.get("/account")).status == 200


async def test_all_others_end_at_once(reception: Reception) -> None:
    dora = await signed_in(reception, "dora")
    others = [await signed_in(reception, "dora") for _ in range(2)]

    await dora.post("/account/end-others")

    assert [(await other.get("/account")).status for other in others] == [401, 401]
    assert (await dora.get("/account")).status == 200


async def test_who_signs_out_is_out_everywhere_the_cookie_went(reception: Reception) -> None:
    dora = await signed_in(reception, "dora")
    cookie = dora.http.cookies["rappel_session"]

    await dora.post("/account/sign-out")

    assert "rappel_session" not in dora.http.cookies
    thief = Browser(reception.app, cookie=f"rappel_session={cookie}")
    assert (await thief.get("/account")).status == 401


async def test_when_somebody_was_last_seen_is_noted_now_and_then(reception: Reception) -> None:
    dora = await signed_in(reception, "dora")
    reception.clock.now += timedelta(hours=3)
    await dora.get("/account")

    assert "13h05" in (await dora.get("/account")).words


async def test_the_owner_shuts_a_lost_phone_out(reception: Reception) -> None:
    nora, dora = await signed_in(reception, "nora"), await signed_in(reception, "dora")
    link = await link_for(reception, "dora")

    await nora.send((await nora.get("/account/of/dora")).form("/end"))

    assert (await dora.get("/account")).status == 401
    assert (await Browser(reception.app).get(link)).status == 410


async def test_a_session_has_todays_rights(reception: Reception) -> None:
    dora = await signed_in(reception, "dora")
    assert (await dora.get("/board")).status == 403
    raised = SMALL.read_text().replace("role: director", "role: executive")

    await apply_organisation(
        reception.casework.database, raised, name="raised.yaml", at=reception.clock()
    )

    assert (await dora.get("/board")).status == 200


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
