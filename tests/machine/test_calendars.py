"""The days on which offices are closed, as an operator looks them over."""

from pathlib import Path

from machine.calendars import list_closed_days

SHIPPED = Path(__file__).parents[2] / "organisation.yaml"


def test_offices_that_close_on_the_same_days_stand_together() -> None:
    heads = [line for line in list_closed_days(SHIPPED, 2027) if not line.startswith(" ")]

    assert heads == [
        "2027, closed: head_office, ile_de_france, nord, provence",
        "2027, closed: alsace",
        "2027, closed: la_reunion",
        "2027, closed: partner_english_line",
    ]


def test_each_day_says_why_it_is_there() -> None:
    lines = list(list_closed_days(SHIPPED, 2027))

    assert "  Fri 2027-03-26  Vendredi saint" in lines
    assert "  Mon 2027-05-17  Lundi de Pentecôte (open here)" in lines
    assert "  Fri 2027-12-24  written in the file" in lines
