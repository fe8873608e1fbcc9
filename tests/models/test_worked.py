"""Working time from hours laid out once is the working time that `models.hours` counts."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from models.hours import between
from models.worked import WorkedTime
from tests.models.calendars import ALWAYS, OFFICE

CHANGE_OF_CLOCKS = datetime(2027, 3, 28, tzinfo=UTC)
INSTANTS = st.integers(-60 * 24 * 200, 60 * 24 * 200).map(
    lambda minutes: CHANGE_OF_CLOCKS + timedelta(minutes=minutes)
)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(INSTANTS, INSTANTS), min_size=1, max_size=5))
def test_whatever_is_asked_in_whatever_order(spans: list[tuple[datetime, datetime]]) -> None:
    worked, day_and_night = WorkedTime(OFFICE), WorkedTime(ALWAYS)
    for start, end in spans:
        assert worked.between(start, end) == between(OFFICE, start, end)
        assert day_and_night.between(start, end) == max(end - start, timedelta())
