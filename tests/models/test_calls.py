"""When the next attempt may come: in the customer's hours, after the spacing, or when he wants it."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.calls import Hold, Why, hold, in_time_for, next_call, shut_until, with_next_call
from models.case import CaseState
from models.hours import between, next_open
from models.ladder import CallPolicy, Span
from models.opening_hours import OpeningHours
from models.organisation import CALLED
from tests.models.calendars import PARIS, ZONES, paris, situations
from tests.models.rehearsal import LATER, NO_ANSWER, REACHED, after

POLICY = CallPolicy(at_most=3, spacing=timedelta(hours=3))
CUSTOMERS = OpeningHours(PARIS, CALLED, frozenset({paris("2026-05-01 12:00").date()}))


@settings(max_examples=150, deadline=None)
@given(situations())
def test_the_next_attempt_is_the_first_open_instant_after_the_spacing_in_any_zone(
    situation: tuple[OpeningHours, datetime],
) -> None:
    hours, tried_at = situation

    at = next_call(POLICY, hours, tried_at=tried_at)

    rested = tried_at + POLICY.spacing
    assert at >= rested
    assert next_open(hours, at) == at
    assert between(hours, rested, at) == timedelta()


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(ZONES), situations())
def test_whatever_the_zone_he_is_called_in_the_windows_of_his_own_clock(
    zone: str, situation: tuple[OpeningHours, datetime]
) -> None:
    _, tried_at = situation

    at = next_call(POLICY, CUSTOMERS.on_clocks_of(zone), tried_at=tried_at)

    his = at.astimezone(ZoneInfo(zone))
    windows = CALLED.get(his.isoweekday(), ())
    assert his.date() not in CUSTOMERS.closed
    assert any(w.opens <= his.time() < (w.closes or time.max) for w in windows)


@pytest.mark.parametrize(
    ("tried_at", "again_at"),
    [
        ("2026-03-03 10:00", "2026-03-03 14:00"),
        ("2026-03-03 11:30", "2026-03-03 14:30"),
        ("2026-03-03 18:00", "2026-03-04 10:00"),
        ("2026-03-06 18:00", "2026-03-09 10:00"),
        ("2026-03-28 23:30", "2026-03-30 10:00"),
        ("2026-04-30 19:00", "2026-05-04 10:00"),
    ],
    ids=["at noon", "the same day", "the evening", "a Friday", "the clocks change", "a holiday"],
)
def test_nobody_is_called_at_noon_at_night_or_on_a_holiday(tried_at: str, again_at: str) -> None:
    assert next_call(POLICY, CUSTOMERS, tried_at=paris(tried_at)) == paris(again_at)


def test_the_time_that_he_named_overrides_hours_and_spacing_until_it_has_passed() -> None:
    tried_at, sunday = paris("2026-03-07 12:00"), paris("2026-03-08 09:00")

    assert next_call(POLICY, CUSTOMERS, tried_at=tried_at, wanted=sunday) == sunday
    after_it = next_call(POLICY, CUSTOMERS, tried_at=sunday, wanted=sunday)
    assert after_it == paris("2026-03-09 10:00")


def test_once_the_attempts_are_exhausted_no_next_one_is_planned() -> None:
    tuesday = paris("2026-03-03 10:00")
    twice, thrice = after(NO_ANSWER, NO_ANSWER), after(NO_ANSWER, NO_ANSWER, NO_ANSWER)

    planned = [with_next_call(s, POLICY, CUSTOMERS, tried_at=tuesday) for s in (twice, thrice)]

    assert [s.reach.next_call_at for s in planned] == [paris("2026-03-03 14:00"), None]


@pytest.mark.parametrize(
    ("contact", "minutes"),
    [
        (Span(time=timedelta(hours=2)), 60),
        (Span(time=timedelta(hours=3)), 180),
        (Span(time=timedelta(hours=8)), 180),
        (Span(days=1), 180),
    ],
)
def test_a_second_attempt_comes_in_time_for_a_target_that_is_shorter_than_the_spacing(
    contact: Span, minutes: int
) -> None:
    assert in_time_for(contact, POLICY).spacing == timedelta(minutes=minutes)


def _planned(state: CaseState, at: str) -> CaseState:
    return replace(state, reach=replace(state.reach, next_call_at=paris(at)))


@pytest.mark.parametrize(
    ("state", "now", "held"),
    [
        (after(), "2026-03-03 10:00", None),
        (after(), "2026-03-03 13:30", Hold(paris("2026-03-03 14:00"), Why.HOURS)),
        (
            _planned(after(NO_ANSWER), "2026-03-04 10:00"),
            "2026-03-03 15:00",
            Hold(paris("2026-03-04 10:00"), Why.TRIED),
        ),
        (_planned(after(NO_ANSWER), "2026-03-04 10:00"), "2026-03-04 10:00", None),
        (after(REACHED), "2026-03-03 23:00", None),
    ],
    ids=["open", "noon", "just tried", "again", "spoken to"],
)
def test_it_says_until_when_he_is_better_not_called_and_why(
    state: CaseState, now: str, held: Hold | None
) -> None:
    assert hold(state, CUSTOMERS, paris(now)) == held


def test_on_the_day_that_he_named_no_hours_count() -> None:
    evening = paris("2026-03-07 21:00")
    state = replace(after(LATER), again_at=evening)

    assert hold(state, CUSTOMERS, evening - timedelta(hours=1)) == Hold(evening, Why.WANTED)
    assert hold(state, CUSTOMERS, evening + timedelta(minutes=5)) is None
    assert hold(state, CUSTOMERS, evening + timedelta(hours=12)) is not None


def test_a_day_that_he_named_is_never_shut_and_any_other_is_by_its_hours() -> None:
    """Whatever was tried before: the spacing is a piece of advice, the windows are not."""
    noon, night = paris("2026-05-04 12:00"), paris("2026-05-04 22:30")
    state = after(NO_ANSWER)
    assert shut_until(state, CUSTOMERS, noon) is None
    assert shut_until(state, CUSTOMERS, night) == next_open(CUSTOMERS, night)
    assert shut_until(replace(state, again_at=paris("2026-05-04 22:00")), CUSTOMERS, night) is None
