"""The two clocks of a demonstration meet once, and nothing is lost between them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.timelapse import Timelapse

UNTIL = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
LAPSE = Timelapse(UNTIL, 50_000)

rates = st.integers(1, 100_000)
lapses = st.builds(Timelapse, until=st.just(UNTIL), rate=rates)
instants = st.timedeltas(-120 * DAY, 10 * DAY).map(lambda distance: UNTIL + distance)
soon = st.timedeltas(timedelta(minutes=-10), timedelta(minutes=10)).map(lambda d: UNTIL + d)


def test_days_pass_in_seconds_before_the_end_and_as_usual_after_it() -> None:
    assert LAPSE.played(UNTIL - timedelta(seconds=1)) == UNTIL - timedelta(seconds=50_000)
    assert LAPSE.played(UNTIL + timedelta(seconds=1)) == UNTIL + timedelta(seconds=1)


@given(lapses)
def test_both_clocks_show_the_same_at_the_end(lapse: Timelapse) -> None:
    assert lapse.played(UNTIL) == lapse.real(UNTIL) == UNTIL


@given(lapses, instants)
def test_who_waits_for_an_instant_wakes_up_at_it_or_at_once_after_it(
    lapse: Timelapse, at: datetime
) -> None:
    found = lapse.played(lapse.real(at))

    assert timedelta() <= found - at < timedelta(microseconds=lapse.rate)


@given(lapses, soon)
def test_every_real_instant_is_found_again(lapse: Timelapse, now: datetime) -> None:
    assert lapse.real(lapse.played(now)) == now


@given(lapses, soon, soon)
def test_the_played_clock_never_runs_backwards(
    lapse: Timelapse, one: datetime, other: datetime
) -> None:
    first, second = sorted((one, other))

    assert lapse.played(first) <= lapse.played(second)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(-2, UNTIL - timedelta(seconds=50_000)), (-1, UNTIL), (3, UNTIL + timedelta(seconds=4))],
)
def test_a_real_second_later_the_clock_shows_a_played_one_or_a_real_one(
    seconds: int, shown: datetime
) -> None:
    at = LAPSE.played(UNTIL + timedelta(seconds=seconds))

    assert LAPSE.later(at, timedelta(seconds=1)) == shown
