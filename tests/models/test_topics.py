"""Which words of a customer are a zero-tolerance topic, and which only look like one."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.organisation_file.grammar import read_phrase
from models.organisation_file.reading import read_file
from models.organisation_file.written import organisation_of
from models.topics import Match, Topic, found, graver, gravest

ROOT = Path(__file__).parents[2]
FILE = read_file((ROOT / "organisation.yaml").read_text(), name="organisation.yaml")
OURS = organisation_of(FILE, {calendar: frozenset() for calendar in FILE.calendars}).topics


def topic(name: str, *phrases: str) -> Topic:
    return Topic(name, {"en": name}, tuple(map(read_phrase, phrases)))


DANGER = topic("danger", "en danger", "fuite de gaz")
LAW = topic(
    "law", "l'avocat", "mon avocat*", "mise en demeure", "plainte", "dépôt de plainte", "menac*"
)
BOTH = {"danger": DANGER, "law": LAW}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("J'ai appelé l'avocat.", "l'avocat"),
        ("J'ai appelé l\u2019avocat.", "l\u2019avocat"),
        ("MON AVOCATE vous écrira", "MON AVOCATE"),
        ("Mise-en-demeure envoyée", "Mise-en-demeure"),
        ("une mise\nen   demeure", "mise en demeure"),
        ("un dépôt de plainte", "dépôt de plainte"),
        ("un de\u0301po\u0302t de plainte", "dépôt de plainte"),
        ("DEPOT DE PLAINTE", "DEPOT DE PLAINTE"),
        ("vos menaces", "menaces"),
        ("«menaçant»", "menaçant"),
        ("plainte!", "plainte"),
    ],
)
def test_words_are_found_as_people_write_them(text: str, words: str) -> None:
    assert found([LAW], text) == (Match("law", (words,)),)


@pytest.mark.parametrize(
    "text",
    [
        "complainte",
        "plaintes",
        "la plaintedeposee",
        "avocat",
        "mise au point en demeure",
        "amenace",
        "",
    ],
)
def test_no_longer_word_and_no_broken_phrase_is_found(text: str) -> None:
    assert found([LAW], text) == ()


def test_each_passage_is_shown_once_in_the_order_of_the_text() -> None:
    text = "Plainte ! Mon avocat et encore mon avocat: plainte. Plainte."

    assert found([LAW], text) == (Match("law", ("Plainte", "Mon avocat", "mon avocat", "plainte")),)


def test_the_gravest_topic_stands_first_in_the_file() -> None:
    text = "Plainte déposée : nos enfants sont en danger."

    assert gravest(BOTH, text, named=None) == Match("danger", ("en danger",))
    assert gravest(dict(reversed(BOTH.items())), text, named=None) == Match("law", ("Plainte",))


def test_a_survey_names_a_topic_without_words() -> None:
    assert gravest(BOTH, "rien", named="law") == Match("law")
    assert gravest(BOTH, "ma plainte", named="law") == Match("law", ("plainte",))
    assert gravest(BOTH, "ma plainte", named="danger") == Match("danger")
    assert gravest(BOTH, "rien", named="wehther") is None


@pytest.mark.parametrize(
    ("one", "other", "topic"),
    [
        (None, "law", "law"),
        ("danger", "law", "danger"),
        ("law", "danger", "danger"),
        ("gone", "law", "law"),
        ("gone", "gone", "gone"),
    ],
)
def test_of_two_topics_the_graver_counts(one: str | None, other: str, topic: str) -> None:
    assert graver(BOTH, one, other) == topic


@given(st.text(max_size=300))
def test_words_are_found_amid_whatever_is_written(text: str) -> None:
    [match] = found([topic("law", "l'avocat")], f"{text} l'avocat {text}")

    assert "l'avocat" in match.words


def test_the_longest_comment_cannot_mislead_the_search() -> None:
    """On almost as good a match at every word, a search that goes back would hang."""
    almost = topic("almost", *(f"{'aaa* ' * n}b" for n in range(1, 12)))

    assert found([almost], "aaaa " * 1_600) == ()


@pytest.mark.parametrize(
    ("text", "topics"),
    json.loads((ROOT / "tests/data/comments.json").read_text()),
)
def test_the_lexicon_that_we_ship_finds_what_is_meant_and_no_more(
    text: str, topics: list[str]
) -> None:
    assert [match.topic for match in found(OURS.values(), text)] == topics
