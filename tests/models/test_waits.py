"""Waits in steps, and Kaplan and Meier's reading of them, against numbers worked out by hand."""

from datetime import timedelta

import pytest

from models.waits import step_of, wait_of

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


@pytest.mark.parametrize(
    ("wait", "minutes"),
    [
        (timedelta(), 0),
        (timedelta(seconds=1), 5),
        (timedelta(minutes=5), 5),
        (timedelta(minutes=5, seconds=1), 10),
        (timedelta(hours=3, minutes=50), 4 * 60),
        (timedelta(hours=9, seconds=1), 10 * 60),
        (timedelta(days=29, seconds=1), 30 * 24 * 60),
        (timedelta(days=5000), 720 * 24 * 60),
    ],
)
def test_a_wait_counts_as_the_first_step_that_is_not_shorter(wait: timedelta, minutes: int) -> None:
    assert step_of(wait) == minutes


def test_an_answer_that_came_before_its_submission_waited_for_nothing() -> None:
    assert step_of(timedelta(minutes=-3)) == 0


def test_where_nobody_waits_any_more_percentiles_are_of_what_happened() -> None:
    found = wait_of(dict.fromkeys(range(10, 110, 10), 1), {}, {})

    assert (found.happened, found.waiting) == (10, 0)
    assert (found.median, found.p90) == (50 * MINUTE, 90 * MINUTE)
    assert found.mean == pytest.approx(55 * MINUTE)


def test_who_still_waits_makes_the_median_longer() -> None:
    """After 10: 3/4; one is last seen at 15; after 20: 3/4 · 1/2; the last is never reached."""
    found = wait_of({10: 1, 20: 1}, {15: 1}, {60: 1})

    assert (found.happened, found.waiting) == (2, 1)
    assert (found.median, found.p90) == (20 * MINUTE, None)
    assert found.mean == pytest.approx((10 + 10 * 3 / 4 + 40 * 3 / 8) * MINUTE)


def test_who_was_last_seen_waiting_at_a_step_was_there_when_it_happened_to_others() -> None:
    assert wait_of({10: 1}, {10: 1}, {}).median == 10 * MINUTE


def test_a_mean_counts_nobody_with_more_than_thirty_days() -> None:
    days = 24 * 60
    assert wait_of({10 * days: 1, 90 * days: 1}, {}, {}).mean == pytest.approx(20 * DAY)


def test_where_it_happened_to_nobody_no_percentile_is_reached() -> None:
    found = wait_of({}, {60: 2}, {})

    assert (found.median, found.p90, found.mean) == (None, None, HOUR)


def test_nobody_waits_no_time() -> None:
    assert wait_of({}, {}, {}).mean is None
