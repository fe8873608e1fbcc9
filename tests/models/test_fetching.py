"""When a vendor is asked again, and how much it may be asked."""

from datetime import UTC, datetime, timedelta

import pytest

from models.fetching import Gate, pass_gate, pause_after, pause_until_readable, rest_of
from models.mappings import Fetching

NOW = datetime(2026, 11, 21, 23, 59, 30, tzinfo=UTC)
DAY, MINUTE = NOW.replace(hour=0, minute=0, second=0), NOW.replace(second=0)
FULL = Fetching(per_day=10, per_minute=3)
SECOND = timedelta(seconds=1)


def gate(day_calls: int = 0, minute_calls: int = 0, resting: datetime | None = None) -> Gate:
    return Gate(DAY, day_calls, MINUTE, minute_calls, resting)


def test_a_call_is_counted_for_its_day_and_its_minute() -> None:
    assert pass_gate(gate(4, 2), FULL, NOW) == gate(5, 3)


def test_a_full_minute_is_over_with_the_next_one_and_a_full_day_at_midnight_in_utc() -> None:
    midnight = DAY + timedelta(days=1)

    assert pass_gate(gate(4, 3), FULL, NOW) == MINUTE + timedelta(minutes=1)
    assert pass_gate(gate(10, 0), FULL, NOW) == midnight
    assert pass_gate(gate(10, 3), FULL, midnight) == Gate(midnight, 1, midnight, 1)


def test_who_rests_is_not_asked_before() -> None:
    assert pass_gate(gate(resting=NOW + SECOND), FULL, NOW) == NOW + SECOND
    assert isinstance(pass_gate(gate(resting=NOW), FULL, NOW), Gate)


@pytest.mark.parametrize(
    ("missed", "pause"),
    [
        (timedelta(), timedelta(seconds=5)),
        (timedelta(minutes=4), timedelta(minutes=4)),
        (timedelta(hours=3), timedelta(hours=1)),
        (timedelta(hours=6), None),
    ],
)
def test_what_is_not_readable_is_asked_for_more_and_more_seldom(
    missed: timedelta, pause: timedelta | None
) -> None:
    assert pause_until_readable(NOW - missed, NOW) == pause


@pytest.mark.parametrize(
    ("said", "rest"),
    [
        ("120", timedelta(seconds=120)),
        ("0", timedelta(minutes=1)),
        ("", timedelta(minutes=1)),
        ("Wed, 21 Oct 2026 07:28:00 GMT", timedelta(minutes=1)),
        ("-5", timedelta(minutes=1)),
        ("²", timedelta(minutes=1)),
        ("99999999", timedelta(days=1)),
    ],
)
def test_the_patience_that_is_asked_for_has_an_end(said: str, rest: timedelta) -> None:
    assert rest_of(said) == rest


def test_who_is_away_is_tried_at_least_each_quarter_of_an_hour() -> None:
    assert pause_after(0) == timedelta(seconds=5)
    assert pause_after(10_000) == timedelta(minutes=15)
