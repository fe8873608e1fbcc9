"""The pages for newcomers, and errors as pages."""

import pytest
from httpx2 import ASGITransport, AsyncClient
from pydantic import SecretStr

from models.mailing import Mailing
from models.people import Channel
from models.store.letters import NewLetter, keep_letter
from tests.casework import MONDAY_MORNING
from tests.web.pages.browser import ACCEPTS, HERE, Browser
from tests.web.pages.reception import Reception


async def test_a_newcomer_is_shown_where_to_look(browser: Browser) -> None:
    page = await browser.get("/")
    for path in ("/outbox", "/healthz", "/api/openapi.json"):
        assert f'href="{path}"' in page.answered.text


async def test_the_front_page_speaks_french_too(reception: Reception) -> None:
    page = await Browser(reception.app, **{"accept-language": "fr-CH, en;q=0.5"}).get("/")
    assert "Chaque client insatisfait est rappelé" in page.words


async def test_other_languages_read_english(reception: Reception) -> None:
    page = await Browser(reception.app, **{"accept-language": "pt"}).get("/")
    assert page.answered.headers["content-language"] == "en"


async def test_the_outbox_shows_each_message_with_a_link_that_works(
    reception: Reception, browser: Browser
) -> None:
    await reception.casework.open()
    page = await browser.get("/outbox")
    assert "Small Homes" in page.words
    assert '<a href="https://rappel.example/l/' in page.answered.text


async def test_an_empty_outbox_says_what_to_do(reception: Reception, browser: Browser) -> None:
    assert "No message yet." in (await browser.get("/outbox")).words


@pytest.fixture
async def mail(reception: Reception) -> str:
    """The path of a letter with a picture."""
    letter = NewLetter(
        id="digest:2027-W09:nora",
        mailing=Mailing.WEEKLY,
        person="nora",
        channel=Channel.EMAIL,
        address="nora@small.example",
        language="en",
        written_at=MONDAY_MORNING,
        not_before=MONDAY_MORNING,
        subject="The week",
        body="The week.",
        html='<p style="margin: 0">The week.</p><img src="cid:causes.png" alt="Delay: 4">',
        pictures={"causes.png": b"a picture"},
    )
    database = reception.casework.database
    async with database.write() as session:
        await keep_letter(session, database.vault, letter)
    return f"/outbox/{letter.id}"


async def test_a_letter_is_shown_as_a_mail_reader_would(browser: Browser, mail: str) -> None:
    assert f'href="{mail}"' in (await browser.get("/outbox")).answered.text
    assert f'src="{mail}/causes.png"' in (await browser.get(mail)).answered.text
    picture = (await browser.get(f"{mail}/causes.png")).answered
    assert (picture.headers["content-type"], picture.content) == ("image/png", b"a picture")


async def test_a_letter_runs_nothing_and_reaches_nothing(browser: Browser, mail: str) -> None:
    allowed = (await browser.get(mail)).answered.headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "form-action 'none'", "sandbox allow-same-origin"} <= set(allowed)
    assert not [each for each in allowed if each.startswith("script-src")]


async def test_only_letters_with_pictures_are_mails(
    reception: Reception, browser: Browser, mail: str
) -> None:
    state = await reception.casework.open()
    for path in (f"/outbox/{state.case_id}:1:1", "/outbox/none", f"{mail}/other.png"):
        assert (await browser.get(path)).status == 404


async def test_where_mail_is_really_sent_nobody_reads_it(reception: Reception, mail: str) -> None:
    url = SecretStr("smtp://mail.example")
    settings = reception.settings.model_copy(update={"smtp_url": url})
    sending = Reception(reception.casework, settings)
    statuses = [
        (await Browser(sending.app).get(path)).status
        for path in ("/outbox", mail, f"{mail}/causes.png")
    ]
    await sending.app.state.house.database.close()
    assert statuses == [404] * 3


async def test_on_a_public_machine_nobody_reads_messages(far_browser: Browser) -> None:
    assert (await far_browser.get("/outbox")).status == 404
    assert "/outbox" not in (await far_browser.get("/")).answered.text


async def test_an_error_is_a_page_for_people(reception: Reception) -> None:
    french = Browser(reception.app, **{"accept-language": "fr"})
    page = await french.get("/nowhere")
    assert page.status == 404
    assert "Cette page n’existe pas." in page.words


async def test_an_error_is_json_for_programs(reception: Reception) -> None:
    program = Browser(reception.app, accept="*/*")
    assert (await program.get("/nowhere")).answered.json()["error"]["code"] == "http_404"
    person = await Browser(reception.app).get("/api/cases")
    assert person.answered.json()["error"]["code"] == "bad_credential"


async def test_a_fault_of_ours_is_a_page_too(reception: Reception) -> None:
    def break_down() -> None:
        raise RuntimeError("secret")

    reception.app.add_api_route("/broken", break_down)
    transport = ASGITransport(app=reception.app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url=HERE, headers=ACCEPTS) as client:
        answered = await client.get("/broken")
    assert answered.status_code == 500
    assert "Something went wrong." in answered.text
    assert "secret" not in answered.text
