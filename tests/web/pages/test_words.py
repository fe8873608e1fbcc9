"""Nothing is left unsaid: each word of the code has its words on the pages, in each language."""

import ast
import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

from models.actions import ActKind, Contact, Outcome, Reached
from models.audit import Finding, Repair
from models.by_hand import CHANNELS
from models.case import Confirmation, Stage
from models.inbound import Fate
from models.ladder import Post
from models.levels import Vacancy
from models.mailing import COLLEAGUE, Mailing
from models.notices import Audience, Message
from models.organisation import SPOKEN
from models.people import Role
from models.posting import Posting
from models.resurvey_policy import Withheld
from models.revisions import Change
from models.sharing import Way
from models.survey import Feeling, Metric, Origin, Reason
from models.tallies import UNEXPLAINED
from models.teams import Share
from models.timeline import EntryKind
from templates.speaking import read_catalogue
from tests.casework import MONDAY_MORNING
from web.pages.sheet import Line
from web.rendering import Pages

ROOT = Path(__file__).parents[3]
PLACEHOLDER = re.compile(r"%\(\w+\)s")
METHODS = [("**.html", "jinja2"), ("**.svg", "jinja2")]
EXTRACTION = {
    pattern: {"trimmed": "true", "newstyle_gettext": "true"} for pattern, _method in METHODS
}
FACTS: Mapping[str, str | int] = {
    "to": "Dora",
    "rule": 0,
    "channel": "phone",
    "outcome": "recovered",
    "number": 1,
    "cause": "Delay",
    "owner": "Dora",
    "post": "deputy",
    "why": "empty",
    "confirmation": "confirmed",
    "message": "ask",
    "stage": "asked",
    "case": "case-1",
    "topic": "Press",
    "routed": "Denis",
    "from": 1,
    "reason": "On holiday",
    "withheld": "answered",
    "named": 1,
    "recovered": 1,
}

PAGES = Pages()


def said() -> set[str]:
    found = extract_from_dir(ROOT / "templates", METHODS, EXTRACTION)
    return {_key(message) for _file, _line, message, _comments, _context in found}


def _key(message: str | list[str] | tuple[str, ...]) -> str:
    """A plural is looked up by its singular."""
    return message if isinstance(message, str) else message[0]


def catalogue(language: str) -> Catalog:
    return read_catalogue(language)


def table(name: str, file: str = "words.html") -> Mapping[str, str]:
    words = PAGES._environments["fr"].get_template(file).module
    found: Mapping[str, str] = getattr(words, name)
    return found


def rules() -> set[str]:
    """Of every `WrongMove("rule", ...)` in the code."""
    calls = (
        node
        for room in ("models", "web")
        for file in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    )
    return {
        str(call.args[0].value)
        for call in calls
        if isinstance(call.func, ast.Name)
        and call.func.id == "WrongMove"
        and isinstance(call.args[0], ast.Constant)
    }


def test_something_is_said() -> None:
    assert len(said()) > 150


@pytest.mark.parametrize("language", SPOKEN[1:])
def test_everything_is_translated(language: str) -> None:
    translated = {_key(entry.id) for entry in catalogue(language) if entry.id and entry.string}
    assert said() - translated == set()
    assert translated - said() == set(), "nobody says this any more"


@pytest.mark.parametrize("language", SPOKEN[1:])
def test_a_translation_fills_in_the_same_things(language: str) -> None:
    for entry in catalogue(language):
        there, here = (PLACEHOLDER.findall(str(text)) for text in (entry.id, entry.string))
        assert sorted(there) == sorted(here), entry.id
        assert not entry.fuzzy


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("REACHED", Reached),
        ("CONTACTS", Contact),
        ("OUTCOMES", Outcome),
        ("CONFIRMATIONS", Confirmation),
        ("STAGES", Stage),
        ("ROLES", Role),
        ("POSTS", Post),
        ("ACTS", ActKind),
        ("POSTINGS", Posting),
        ("FEELINGS", Feeling),
        ("METRICS", Metric),
        ("RESURVEYS", Metric),
        ("SCALE_ENDS", Metric),
        ("WITHHELD", Withheld),
        ("SHARES", Share),
    ],
)
def test_every_option_has_words(name: str, options: type[StrEnum]) -> None:
    assert set(table(name)) == set(options)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("AUDIENCES", {*Audience, COLLEAGUE}),
        ("FINDINGS", {*Finding}),
        ("REPAIRS", {*Repair}),
        ("VACANCIES", {*Vacancy} - {Vacancy.SAME_PERSON}),
        ("CALLS", {*Fate}),
    ],
)
def test_the_operator_reads_no_word_of_the_code(name: str, options: set[StrEnum | str]) -> None:
    assert set(table(name, "operations_words.html")) == options


def test_every_channel_has_words() -> None:
    assert set(table("ORIGINS", "board_words.html")) == set(Origin)
    assert set(table("HEARD", "heard_words.html")) == set(Origin)
    assert set(table("CHANNELS", "heard_words.html")) == set(CHANNELS)
    assert set(table("PICTURES", "heard_words.html")) == set(CHANNELS)


def test_every_message_has_words() -> None:
    assert set(table("MESSAGES")) == {*Message, *Mailing}


def test_every_broken_rule_has_a_sentence() -> None:
    assert len(rules()) > 10
    assert rules() <= set(table("REFUSALS"))


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("kind", EntryKind)
def test_every_kind_of_entry_has_a_sentence(kind: EntryKind, language: str) -> None:
    later = {
        "promised": MONDAY_MORNING,
        "since": MONDAY_MORNING,
        "again_at": MONDAY_MORNING,
        "until": MONDAY_MORNING + timedelta(days=1),
    }
    outcome = {"outcome": "reached"} if kind is EntryKind.ATTEMPTED else {}
    line = Line(kind, MONDAY_MORNING, "Dora", {**FACTS, **later, **outcome}, ())
    module = PAGES._environments[language].get_template("timeline.html").module
    assert str(module.sentence(line)).strip()  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", SPOKEN)
def test_every_change_of_an_answer_has_a_sentence_of_its_own(language: str) -> None:
    module = PAGES._environments[language].get_template("timeline.html").module
    lines = (
        Line(EntryKind.HEARD_AGAIN, MONDAY_MORNING, "Rappel", {"change": change}, ())
        for change in Change
    )
    told = {str(module.sentence(line)).strip() for line in lines}  # type: ignore[attr-defined]
    assert len(told) == len(Change)


def test_every_reason_has_words() -> None:
    assert set(table("REASONS", "board_words.html")) == {*Reason, UNEXPLAINED}


@pytest.mark.parametrize("language", SPOKEN)
def test_every_way_in_which_a_team_shares_has_a_sentence(language: str) -> None:
    """But for the ceiling, of which an entry of its own tells."""
    module = PAGES._environments[language].get_template("timeline.html").module
    told = {
        str(module.shared({"team": "Line", "way": way})).strip()  # type: ignore[attr-defined]
        for way in Way
        if way is not Way.ABOVE_CEILING
    }
    assert len(told) == len(Way) - 1
    assert all("Line" in sentence for sentence in told)
