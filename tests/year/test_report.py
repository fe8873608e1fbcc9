"""The pictures of the year count what there is."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from year.report import heat, histogram

HOUR = timedelta(hours=1)


def test_each_length_stands_in_one_bar_and_the_longest_in_the_last() -> None:
    bars = histogram([HOUR, HOUR * 1.5, HOUR * 2, HOUR * 9], (HOUR, HOUR * 2))
    assert [(bar.upto, bar.n) for bar in bars] == [(HOUR, 1), (HOUR * 2, 2), (None, 1)]


def test_the_heat_of_an_hour_is_that_of_the_local_weekday() -> None:
    sunday_night = datetime(2035, 3, 25, 23, 30, tzinfo=ZoneInfo("Europe/Paris"))
    rows = heat([sunday_night, sunday_night + HOUR])
    assert (rows[6][23], rows[0][0], sum(map(sum, rows))) == (1, 1, 2)
