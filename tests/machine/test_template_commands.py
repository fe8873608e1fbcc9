"""`rappel templates` as it is typed, and who refuses to start with a text that has a fault."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from machine.previewing import MESSAGES
from machine.up import up
from models.errors import Misconfigured
from rappel import cli
from settings import Settings
from templates.samples import WORDS
from tests.web.pages.reception import settings_for
from web.app import create_app
from worker import run as run_worker


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    file = tmp_path / "texts" / "ask" / "fr" / "sms.txt"
    file.parent.mkdir(parents=True)
    file.write_text("{{ organisation }} : {{ lnik }}")
    return tmp_path / "texts"


@pytest.fixture
def settings(faulty: Path, sqlite_url: str) -> Settings:
    return settings_for(sqlite_url).model_copy(update={"templates_dir": faulty})


def rappel(*words: str) -> Result:
    return CliRunner().invoke(cli, ["templates", *words])


def test_one_message_in_one_language_is_shown_with_its_segments() -> None:
    shown = rappel("preview", "--language", "fr", "--message", "ask").output

    assert shown.startswith("== ask (fr)\n\n-- SMS, 2 segments (GSM-7, ")
    assert "\n-- E-mail: " in shown
    assert "\nBonjour Marie-Françoise Delahaye-Kœnigsmark,\n" in shown


def test_all_messages_are_shown_in_all_languages() -> None:
    shown = rappel("preview").output

    assert shown.count("\n-- SMS, ") == len(MESSAGES) * len(WORDS)


def test_a_page_shows_them_to_a_browser_and_escapes_what_they_say(tmp_path: Path) -> None:
    page = tmp_path / "messages.html"

    said = rappel("preview", "--language", "fr", "--html", str(page)).output

    assert said == f"{page}: {len(MESSAGES)} messages.\n"
    assert page.read_text().count('<div class="mail">') == len(MESSAGES)
    assert "Belvallée &amp; Compagnons" in page.read_text()


def test_own_texts_are_shown_in_their_place(faulty: Path) -> None:
    (faulty / "ask" / "fr" / "sms.txt").write_text("{{ organisation }}, à vous : {{ link }}")

    shown = rappel("preview", "--message", "ask", "--language", "fr", "--own", str(faulty)).output

    assert "Batisseurs, à vous : https://" in shown


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--message", "aks"], "There is no message 'aks'; did you mean 'ask'?"),
        (["--language", "eo"], "There are no messages in 'eo', only in "),
    ],
)
def test_what_there_is_not_is_said(words: list[str], told: str) -> None:
    assert told in str(rappel("preview", *words).exception)


def test_a_check_says_what_is_wrong_and_where(faulty: Path) -> None:
    refused = rappel("check", "--own", str(faulty))

    assert isinstance(refused.exception, Misconfigured)
    assert f"{faulty}/ask/fr/sms.txt:1: unknown variable 'lnik'" in str(refused.exception)


def test_a_check_without_own_texts_has_none_to_look_at() -> None:
    assert rappel("check").output == "All are ours.\n"


async def test_no_worker_starts_with_a_text_that_has_a_fault(settings: Settings) -> None:
    with pytest.raises(Misconfigured, match="did you mean 'link'"):
        await run_worker(settings)


def test_no_web_process_starts_with_a_text_that_has_a_fault(settings: Settings) -> None:
    with pytest.raises(Misconfigured, match="did you mean 'link'"):
        create_app(settings)


async def test_nothing_comes_up_with_a_text_that_has_a_fault(
    faulty: Path, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setenv("RAPPEL_TEMPLATES_DIR", str(faulty))
    with pytest.raises(Misconfigured, match="did you mean 'link'"):
        await up(said.append)
    assert said == []
