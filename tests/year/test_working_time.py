"""A clock on the wall, against the arithmetic of the product: each finds the other's faults."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.hours import next_open
from models.opening_hours import OpeningHours, Window
from year.working_time import works

ZONES = ("Europe/Paris", "America/Santiago", "Australia/Lord_Howe", "Pacific/Auckland")
WINDOWS = (Window(time(9), time(12, 30)), Window(time(14), None))
NIGHT = (Window(time(0), time(5)),)


@pytest.mark.parametrize(
    ("local", "open_then"),
    [
        ("2035-03-26T10:00", False),
        ("2035-03-27T08:59", False),
        ("2035-03-27T09:00", True),
        ("2035-03-27T12:30", False),
        ("2035-03-27T23:59", True),
        ("2035-03-31T10:00", False),
    ],
)
def test_an_office_works_in_its_windows_and_on_no_holiday(local: str, open_then: bool) -> None:  # noqa: FBT001 - a parameter of the test
    week = dict.fromkeys(range(1, 6), WINDOWS)
    hours = OpeningHours("UTC", week, frozenset({date(2035, 3, 26)}))
    assert works(hours, datetime.fromisoformat(local).replace(tzinfo=UTC)) is open_then


@given(st.sampled_from(ZONES), st.integers(0, 365 * 24 * 12))
def test_the_product_finds_open_what_the_wall_shows_open(zone: str, fives: int) -> None:
    at = datetime(2035, 1, 1, tzinfo=UTC) + fives * timedelta(minutes=5)
    for windows in (WINDOWS, NIGHT):
        hours = OpeningHours(zone, dict.fromkeys(range(1, 7), windows), frozenset())
        assert (next_open(hours, at) == at) is works(hours, at)
