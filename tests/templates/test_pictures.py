"""Pictures: they say in words what they show, without colour, and keep their words on paper."""

import struct
from datetime import date
from xml.etree.ElementTree import Element, fromstring

import pytest

from models.figures import OfPeriod
from models.organisation import SPOKEN
from models.rates import rate
from models.store.outgoing import Day
from templates.pictures import SHARPNESS, Pictures
from tests.templates.figures_by_hand import CAUSES, PERIODS, measured, of_region
from web.board.comparison import compare

SVG = "{http://www.w3.org/2000/svg}"
REGIONS = (of_region("north", 200, 100), of_region("south", 100, 95), of_region("east", 10, 5))
FACTS: dict[str, dict[str, object]] = {
    "closed_loop": {"periods": PERIODS},
    "contact": {"periods": PERIODS},
    "causes": {"causes": CAUSES},
    "comparison": {"compared": compare(REGIONS, rate(200, 310))},
    "waits": {"waits": measured(10, 5).waits, "clock": "wall"},
    "shares": {"id": "a", "title": "A", "told": "B", "rows": [("C", rate(1, 2))]},
    "posted": {"days": [Day(date(2027, 3, 1), 1200, 30, 2), Day(date(2027, 3, 2), 7)]},
}
EMPTY: dict[str, dict[str, object]] = {
    "closed_loop": {"periods": ()},
    "contact": {"periods": ()},
    "causes": {"causes": ()},
    "comparison": {"compared": compare((), rate(0, 0))},
    "waits": {"waits": measured(0, 0).waits, "clock": "working"},
    "shares": {"id": "a", "title": "A", "told": "B", "rows": [("C", rate(0, 0))]},
    "posted": {"days": [Day(date(2027, 3, 1))]},
}

PICTURES = Pictures()


def drawn(name: str, facts: dict[str, object], language: str = "en") -> Element:
    return fromstring(PICTURES.draw(name, language, **facts))  # noqa: S314 - our own drawing


def told(picture: Element) -> str:
    return picture.findtext(f"{SVG}desc", "")


def words(picture: Element) -> list[str]:
    return [text.text or "" for text in picture.iter(f"{SVG}text")]


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("name", FACTS)
@pytest.mark.parametrize("facts", [FACTS, EMPTY], ids=["full", "empty"])
def test_every_picture_has_a_name_and_says_its_message(
    facts: dict[str, dict[str, object]], name: str, language: str
) -> None:
    picture = drawn(name, facts[name], language)

    labelled = picture.attrib["aria-labelledby"].split()
    assert picture.attrib["role"] == "img"
    assert [child.attrib["id"] for child in picture[:2]] == labelled
    assert picture.findtext(f"{SVG}title")
    assert told(picture)


def test_the_closed_loop_tells_the_newest_month_that_can_be_judged() -> None:
    message = told(drawn("closed_loop", FACTS["closed_loop"]))

    assert "December 2026, 80%" in message
    assert "(40 of 50)" in message
    assert "January" not in message


def test_a_month_without_a_judged_answer_is_no_zero() -> None:
    picture = drawn("closed_loop", FACTS["closed_loop"])

    assert len(list(picture.iter(f"{SVG}circle"))) == 2
    assert words(picture).count("–") == 1


def test_only_neighbouring_months_are_joined() -> None:
    periods = [OfPeriod(f"2026-{month:02}", measured(40, 20)) for month in (1, 2, 4)]
    lines = drawn("contact", {"periods": periods}).iter(f"{SVG}line")
    assert [line.attrib["class"] for line in lines].count("joined") == 1


def test_each_cause_stands_with_its_number_and_its_share() -> None:
    said = words(drawn("causes", FACTS["causes"]))

    assert {"Réserves non levées", "12 (60%)", "7 (35%)", "95%", "100%"} <= set(said)


def test_a_name_cannot_break_the_drawing() -> None:
    picture = drawn("causes", {"causes": (("</text><script>", 1),)})

    assert "</text><script>" in words(picture)


def test_a_share_outside_the_limits_has_a_shape_of_its_own() -> None:
    picture = drawn("comparison", FACTS["comparison"])

    assert len(list(picture.iter(f"{SVG}circle"))) == 1
    assert len(list(picture.iter(f"{SVG}rect"))) == 2
    assert "1, 2" in told(picture)


@pytest.mark.parametrize("name", FACTS)
def test_a_picture_has_no_style_that_a_page_would_refuse(name: str) -> None:
    assert "style" not in PICTURES.draw(name, "en", **FACTS[name])


def test_a_painted_picture_is_sharp() -> None:
    png = PICTURES.paint("causes", "fr", causes=CAUSES)

    width, _height = struct.unpack(">II", png[16:24])
    assert png.startswith(b"\x89PNG")
    assert width == 360 * SHARPNESS


def test_what_is_painted_holds_its_words() -> None:
    """Without its font a picture would be painted all the same, but silent."""
    spoken, other, silent = (
        PICTURES.paint("causes", "fr", causes=((label, 3),)) for label in ("Retard", "Prix", " ")
    )
    assert len({spoken, other, silent}) == 3
    assert len(spoken) > len(silent)


def test_a_narrow_space_is_painted_as_a_space() -> None:
    with_it, without = (
        PICTURES.paint("causes", "fr", causes=((f"Prix{space}et frais", 3),))
        for space in ("\u202f", "\u00a0")
    )
    assert with_it == without


def test_a_long_label_is_said_to_its_end() -> None:
    label = "90 s de temps de travail · versions 1, 3 · enquête à chaud"
    facts = FACTS["shares"] | {"rows": [(label, rate(1, 2)), ("C", rate(1, 2))]}

    picture = drawn("shares", facts)

    assert label in " ".join(words(picture))
    assert float(picture.attrib["height"]) == 2 * 54
