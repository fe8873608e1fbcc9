"""The weekly letters: as text, as HTML and as a text message, in every language."""

import re
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest

from models.digest import WeekCounts, read_week
from models.mailing import Mailing
from models.measuring import Tallied, figures_of
from models.organisation import SPOKEN
from models.people import Channel
from models.segments import SHORT, count
from templates.letters import (
    Facts,
    LetterTemplates,
    WaitingFacts,
    WaitingLine,
    WeeklyFacts,
    Written,
)
from tests.templates.test_messages import LINK

PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=PARIS)
WEEK = read_week("2026-W47", PARIS)
JUDGED = Counter({"answers": 90, "reachable": 40, "closed:30": 31})
TALLIED = Tallied(Counter(), {}, {}, {"2026-10": JUDGED, "2026-11": Counter({"answers": 5})})
MONTHS = figures_of(TALLIED, days=30).by_period
"""The second is too young."""
WEEKLY = WeeklyFacts(
    "Maisons <b>Belvallée</b>",
    "Chaque client mérite d’être rappelé.",
    "Marie & Co",
    WEEK.first,
    WEEK.last,
    NOON,
    WeekCounts(1412, 37, 36, 28, 3, 2, 31, 24, 4, 58),
    WeekCounts(1390, 1, 1, 1, 0, 0, 1, 1, 0, 1),
    MONTHS,
    (("Réserves <non> levées", 34), ("Finitions", 5)),
    LINK,
    stalled=2,
)
LINES = tuple(
    WaitingLine(f"case-{n}", f"NPS {n}, Gros œuvre, Île-de-France", NOON + timedelta(hours=n), LINK)
    for n in range(-1, 3)
)
WAITING = WaitingFacts(
    "Maisons Belvallée & Compagnons Bâtisseurs", "", "Dora", NOON, 2, 1, 6, LINES, LINK
)

each_language = pytest.mark.parametrize("language", SPOKEN)
each_letter = pytest.mark.parametrize("facts", [WEEKLY, WAITING], ids=["weekly", "waiting"])
TEMPLATES = LetterTemplates()


def written(facts: Facts, language: str, channel: Channel = Channel.EMAIL) -> Written:
    mailing = Mailing.WEEKLY if isinstance(facts, WeeklyFacts) else Mailing.WAITING
    return TEMPLATES.write(
        facts, mailing=mailing, channel=channel, language=language, transliterate=True
    )


def plain(html: str) -> str:
    """What a reader sees, on one line."""
    shown = re.sub(r"<head>.*</head>|<[^>]+>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(shown).split())


@each_language
@each_letter
def test_both_parts_hold_the_same_figures_and_links(facts: Facts, language: str) -> None:
    said = written(facts, language)
    html = said.html or ""
    figures = re.findall(r"\d+", said.body.replace(LINK, ""))
    assert len(figures) > 10
    assert set(figures) == set(re.findall(r"\d+", plain(html)))
    assert html.count(LINK) == said.body.count(LINK)


@each_language
@each_letter
def test_a_letter_leaves_no_trace_of_what_is_not_known(facts: Facts, language: str) -> None:
    said = written(replace(facts, motto=""), language)
    words = f"{said.subject}\n{said.body}"
    assert "None" not in words
    assert "  " not in words.replace("\n  ", "\n")
    assert "\n\n\n" not in words
    assert "\n" not in (said.subject or "\n")


@each_language
def test_names_and_causes_cannot_write_html(language: str) -> None:
    html = written(WEEKLY, language).html or ""
    assert "<b>" not in html
    assert "<non>" not in html
    assert "Réserves &lt;non&gt; levées" in html


@each_language
def test_a_picture_has_its_figures_beside_it(language: str) -> None:
    html = written(WEEKLY, language).html or ""
    pictures = dict(re.findall(r'<img src="cid:([^"]+)" alt="([^"]+)"', html))
    assert set(pictures) == {"closed_loop.png", "causes.png"}
    assert "Finitions" in pictures["causes.png"]
    assert "34" in pictures["causes.png"]


@each_language
def test_without_a_month_or_a_cause_there_is_no_picture(language: str) -> None:
    assert "<img" not in (written(replace(WEEKLY, months=(), causes=()), language).html or "")


def test_a_letter_speaks_its_language_with_its_numbers_and_days() -> None:
    french, english = written(WEEKLY, "fr"), written(WEEKLY, "en")
    assert "lundi 16 novembre" in french.body
    assert "1\u00a0412" in french.body
    assert "Monday 16 November" in english.body
    assert "1,412" in english.body


@pytest.mark.parametrize("channel", Channel)
def test_who_is_written_to_in_another_language_gets_the_letter_in_english(channel: Channel) -> None:
    assert written(WAITING, "de", channel) == written(WAITING, "en", channel)


def test_one_is_said_as_one() -> None:
    one = replace(WAITING, urgent=1, today=0, later=0, lines=LINES[:1])
    assert "1 case waits for you." in written(one, "en").body
    assert "1 dossier vous attend." in written(one, "fr").body


def test_cases_that_are_not_listed_are_counted() -> None:
    assert "And 5 more, in your inbox." in written(WAITING, "en").body
    assert "more" not in written(replace(WAITING, later=1), "en").body


@pytest.mark.parametrize(("urgent", "said"), [(0, "sur vous :"), (2, "sur vous, 2 maintenant :")])
def test_a_text_message_counts_what_is_urgent_if_anything_is(urgent: int, said: str) -> None:
    assert said in written(replace(WAITING, urgent=urgent), "fr", Channel.SMS).body


def test_a_letter_about_last_year_says_which() -> None:
    january = replace(WEEKLY, now=NOON + timedelta(days=60))
    assert "lundi 16 novembre 2026" in written(january, "fr").body


@each_language
def test_a_text_message_is_short_and_ends_with_its_link(language: str) -> None:
    said = written(WAITING, language, Channel.SMS)
    assert (said.subject, said.html) == (None, None)
    assert set(said.body) <= SHORT
    assert count(said.body).segments <= 2
    assert said.body.endswith(f" {LINK}")
