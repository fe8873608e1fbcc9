"""Working time: across nights, weekends, holidays and the days on which the clocks change."""

from datetime import date, datetime, time, timedelta
from itertools import islice, pairwise, takewhile
from typing import TypeAlias
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.errors import Misconfigured
from models.hours import add, between, next_open, next_shared, openings
from models.ladder import Span
from models.opening_hours import OpeningHours, Window
from tests.models.calendars import (
    ALWAYS,
    NEVER,
    OFFICE,
    OFFICE_DAY,
    PARIS,
    office_closed_on,
    on_sundays,
    paris,
    situations,
    utc,
)

SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)
"""In Paris 02:00 becomes 03:00 at 01:00 UTC, and 03:00 becomes 02:00 at 01:00 UTC."""

SITUATIONS = situations()
Situation: TypeAlias = tuple[OpeningHours, datetime]
LENGTHS = st.timedeltas(timedelta(microseconds=1), timedelta(hours=200))


def hours(number: float) -> Span:
    return Span(time=timedelta(hours=number))


def first(calendar: OpeningHours, day: date) -> tuple[datetime, datetime]:
    opening = next(openings(calendar, day))
    return opening.start, opening.end


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-20 10:00", "2026-11-20 10:00"),
        ("2026-11-20 07:00", "2026-11-20 09:00"),
        ("2026-11-20 12:30", "2026-11-20 14:00"),
        ("2026-11-20 18:30", "2026-11-23 09:00"),
        ("2026-11-21 11:00", "2026-11-23 09:00"),
    ],
)
def test_the_next_opening_is_now_while_open_and_else_the_next_window(at: str, opens: str) -> None:
    assert next_open(OFFICE, paris(at)) == paris(opens)


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ("2026-11-20 09:00", 2, "2026-11-20 11:00"),
        ("2026-11-20 12:00", 1, "2026-11-20 14:30"),
        ("2026-11-20 17:00", 4, "2026-11-23 11:30"),
        ("2026-11-21 11:00", 1, "2026-11-23 10:00"),
        ("2026-11-20 17:00", 1.5, "2026-11-20 18:30"),
    ],
)
def test_working_time_stands_still_while_closed(start: str, length: float, end: str) -> None:
    assert add(OFFICE, paris(start), hours(length)) == paris(end)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-19 10:00", 1, "2026-11-20 10:00"),
        ("2026-11-20 17:00", 1, "2026-11-23 17:00"),
        ("2026-11-20 17:00", 5, "2026-11-27 17:00"),
        ("2026-11-20 20:00", 1, "2026-11-24 09:00"),
        ("2026-11-21 11:00", 1, "2026-11-24 09:00"),
    ],
)
def test_working_days_end_at_the_same_local_time(start: str, days: int, end: str) -> None:
    assert add(OFFICE, paris(start), Span(days=days)) == paris(end)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-19 10:00", "2026-11-20 11:00"),
        ("2026-11-19 14:30", "2026-11-20 15:00"),
        ("2026-11-19 17:00", "2026-11-20 16:00"),
    ],
)
def test_a_working_day_is_clipped_to_the_windows_of_the_day_it_ends_on(
    start: str, end: str
) -> None:
    friday = (Window(time(11), time(13)), Window(time(15), time(16)))
    calendar = OpeningHours(PARIS, {4: OFFICE_DAY, 5: friday})

    assert add(calendar, paris(start), Span(days=1)) == paris(end)


def test_holidays_are_no_working_days() -> None:
    calendar = office_closed_on(date(2026, 11, 23))

    assert add(calendar, paris("2026-11-20 17:00"), Span(days=1)) == paris("2026-11-24 17:00")
    assert next_open(calendar, paris("2026-11-20 19:00")) == paris("2026-11-24 09:00")


@pytest.mark.parametrize("day", ["2027-03-27 10:00", "2026-10-24 10:00", "2026-11-20 10:00"])
def test_round_the_clock_a_day_ends_at_the_same_local_time(day: str) -> None:
    start = paris(day)
    local_next = start.date() + timedelta(days=1)

    assert add(ALWAYS, start, Span(days=1)) == paris(f"{local_next} 10:00")


@pytest.mark.parametrize(("day", "length"), [(SPRING, 23), (AUTUMN, 25)])
def test_on_the_day_the_clocks_change_nothing_is_an_hour_off(day: date, length: int) -> None:
    start, end = first(on_sundays("00:00", None), day)

    assert end - start == timedelta(hours=length)


def test_a_skipped_opening_is_the_moment_of_the_skip() -> None:
    calendar = on_sundays("02:30", "04:00")

    assert first(calendar, SPRING) == (utc("2027-03-28 01:00"), utc("2027-03-28 02:00"))


def test_a_skipped_closing_is_the_moment_of_the_skip() -> None:
    calendar = on_sundays("01:00", "02:30")

    assert first(calendar, SPRING) == (utc("2027-03-28 00:00"), utc("2027-03-28 01:00"))


def test_a_window_that_is_skipped_altogether_does_not_open() -> None:
    start, _ = first(on_sundays("02:00", "03:00"), SPRING)

    assert start == paris("2027-04-04 02:00")


def test_of_a_repeated_hour_the_first_opens_and_the_last_closes() -> None:
    calendar = on_sundays("02:15", "02:45")

    assert first(calendar, AUTUMN) == (utc("2026-10-25 00:15"), utc("2026-10-25 01:45"))


def test_windows_that_meet_in_a_repeated_hour_are_not_counted_twice() -> None:
    sunday = (Window(time(1), time(2, 30)), Window(time(2, 30), time(4)))
    calendar = OpeningHours(PARIS, {7: sunday})

    assert between(calendar, paris("2026-10-25 00:00"), paris("2026-10-25 12:00")) == timedelta(
        hours=4
    )


def test_a_day_without_midnight_begins_when_it_begins() -> None:
    santiago = on_sundays("00:00", None, zone="America/Santiago")

    start, end = first(santiago, date(2026, 9, 6))

    assert (start, end - start) == (utc("2026-09-06 04:00"), timedelta(hours=23))


def test_a_window_may_last_until_midnight() -> None:
    late = on_sundays("20:00", None)

    assert add(late, paris("2026-11-22 22:00"), hours(3)) == paris("2026-11-29 21:00")


@pytest.mark.parametrize("calendar", [NEVER, OpeningHours(PARIS, {7: (Window(time(9), time(9)),)})])
def test_a_calendar_that_never_opens_is_refused(calendar: OpeningHours) -> None:
    with pytest.raises(Misconfigured):
        next_open(calendar, paris("2026-11-20 10:00"))


def test_no_working_time_passes_backwards() -> None:
    assert between(OFFICE, paris("2026-11-20 11:00"), paris("2026-11-20 10:00")) == timedelta()


@given(SITUATIONS)
def test_openings_are_in_order_and_never_overlap(situation: Situation) -> None:
    calendar, at = situation
    found = list(islice(openings(calendar, at.date()), 20))

    assert all(opening.start < opening.end for opening in found)
    assert all(before.end <= after.start for before, after in pairwise(found))


@given(SITUATIONS, LENGTHS)
def test_exactly_the_added_time_has_passed(situation: Situation, length: timedelta) -> None:
    calendar, start = situation
    assert between(calendar, start, add(calendar, start, Span(time=length))) == length


@given(SITUATIONS, LENGTHS, LENGTHS)
def test_working_time_adds_up(situation: Situation, one: timedelta, two: timedelta) -> None:
    calendar, start = situation
    in_two_steps = add(calendar, add(calendar, start, Span(time=one)), Span(time=two))

    assert in_two_steps == add(calendar, start, Span(time=one + two))


@given(SITUATIONS, st.timedeltas(timedelta(), timedelta(days=9)), LENGTHS)
def test_who_starts_later_is_never_due_earlier(
    situation: Situation, later: timedelta, length: timedelta
) -> None:
    calendar, start = situation
    span = Span(time=length)

    assert add(calendar, start, span) <= add(calendar, start + later, span)


@given(SITUATIONS, st.integers(1, 30))
def test_working_days_end_while_open_or_at_the_last_closing(
    situation: Situation, days: int
) -> None:
    calendar, start = situation
    end = add(calendar, start, Span(days=days))

    around = islice(openings(calendar, end.date() - timedelta(days=2)), 20)
    assert any(opening.start <= end <= opening.end for opening in around)
    assert end > start


@settings(max_examples=150, deadline=None)
@given(situations(), situations())
def test_two_calendars_meet_at_the_first_instant_at_which_both_are_open(
    situation: tuple[OpeningHours, datetime], other: tuple[OpeningHours, datetime]
) -> None:
    (one, at), (two, _) = situation, other

    met = next_shared(one, two, at)

    assume(met is not None)
    assert met is not None
    assert next_open(one, met) == met == next_open(two, met)
    begins = {next_open(each, at) for each in (one, two)}
    for hours in (one, two):
        first = at.astimezone(ZoneInfo(hours.zone)).date()
        begins |= {o.start for o in takewhile(lambda o: o.start < met, openings(hours, first))}
    earlier = (begin for begin in begins if at <= begin < met)
    assert not any(next_open(one, b) == b == next_open(two, b) for b in earlier)


def test_two_calendars_that_never_meet_are_not_waited_for() -> None:
    mornings, evenings = on_sundays("08:00", "10:00"), on_sundays("20:00", "22:00")
    assert next_shared(mornings, evenings, paris("2026-11-20 17:00")) is None
