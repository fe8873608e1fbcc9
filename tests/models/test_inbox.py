"""What waits for whom, in which group, and how much working time is left."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from models.actions import Act, AddAction
from models.assignment import Circumstances
from models.conditions import About
from models.inbox import Awaited, Group, Horizons, awaited, next_owner, span_of
from models.organisation_file.reading import read_organisation
from models.workday import FAR, Left, Unit, horizons, hours_of, time_left
from tests.casework import MONDAY_MORNING, SMALL
from tests.models.calendars import ALWAYS, OFFICE, office_closed_on, paris
from tests.models.rehearsal import (
    CAUSE,
    DIRECTOR,
    DONE,
    HOUR,
    MONDAY,
    NO_ANSWER,
    REACHED,
    REPAIR,
    YES,
    after,
    minted,
)

TODAY = read_organisation(SMALL.read_text(), name=SMALL.name)
SOONER = AddAction("roofer", MONDAY + 48 * HOUR)


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        ((), Awaited(DIRECTOR, MONDAY + 4 * HOUR)),
        ((NO_ANSWER,), Awaited(DIRECTOR, MONDAY + 24 * HOUR)),
        ((REACHED,), Awaited(DIRECTOR, MONDAY + 48 * HOUR)),
        ((REACHED, CAUSE, REPAIR), Awaited("plumber", MONDAY + 72 * HOUR)),
        ((REACHED, CAUSE, REPAIR, SOONER), Awaited("roofer", MONDAY + 48 * HOUR)),
        ((REACHED, CAUSE, REPAIR, DONE), Awaited("customer", MONDAY + 72 * HOUR)),
        ((REACHED, CAUSE, REPAIR, DONE, YES), None),
    ],
)
def test_what_is_awaited_of_whom_until_when(
    acts: tuple[Act, ...], expected: Awaited | None
) -> None:
    assert awaited(after(*acts)) == expected


def test_nothing_is_awaited_before_a_case_is_opened() -> None:
    assert awaited(minted()) is None


def test_a_customer_who_named_a_time_is_not_to_be_called_before() -> None:
    evening = MONDAY + 9 * HOUR
    found = awaited(replace(after(NO_ANSWER), again_at=evening))
    assert found is not None
    assert found.after == evening


@pytest.mark.parametrize("evening", [MONDAY - HOUR, MONDAY, MONDAY + 8 * HOUR])
def test_the_groups_leave_no_instant_out_and_share_none(evening: datetime) -> None:
    day = Horizons(MONDAY, MONDAY + HOUR, evening)
    spans = [span_of(group, day) for group in (Group.NOW, Group.TODAY, Group.LATER)]
    assert (spans[0].after, spans[-1].until) == (None, None)
    assert all(earlier.until == later.after for earlier, later in pairwise(spans))


@pytest.mark.parametrize(
    ("now", "soon", "evening"),
    [
        ("2027-03-01 10:00", "2027-03-01 11:00", "2027-03-01 18:30"),
        ("2027-03-01 12:00", "2027-03-01 14:30", "2027-03-01 18:30"),
        ("2027-03-01 18:00", "2027-03-02 09:30", "2027-03-01 18:30"),
        ("2027-03-01 22:00", "2027-03-02 10:00", "2027-03-01 22:00"),
        ("2027-03-06 11:00", "2027-03-08 10:00", "2027-03-06 11:00"),
    ],
)
def test_a_day_ends_when_its_work_ends(now: str, soon: str, evening: str) -> None:
    assert horizons(OFFICE, paris(now)) == Horizons(paris(now), paris(soon), paris(evening))


def test_around_the_clock_a_day_ends_at_midnight() -> None:
    assert horizons(ALWAYS, paris("2027-03-01 10:00")).evening == paris("2027-03-02 00:00")


@pytest.mark.parametrize(
    ("by", "left"),
    [
        ("2027-03-01 10:25", Left(25, Unit.MINUTES, late=False)),
        ("2027-03-01 13:00", Left(2, Unit.HOURS, late=False)),
        ("2027-03-02 09:30", Left(7, Unit.HOURS, late=False)),
        ("2027-03-03 09:30", Left(2, Unit.DAYS, late=False)),
        ("2027-03-01 09:10", Left(50, Unit.MINUTES, late=True)),
        ("2027-02-26 17:30", Left(2, Unit.HOURS, late=True)),
        ("2027-02-25 17:30", Left(2, Unit.DAYS, late=True)),
    ],
)
def test_time_left_is_counted_in_opening_hours(by: str, left: Left) -> None:
    assert time_left(OFFICE, paris("2027-03-01 10:00"), paris(by)) == left


def test_a_closed_day_does_not_count() -> None:
    closed = office_closed_on(date(2027, 3, 2))
    left = time_left(closed, paris("2027-03-01 10:00"), paris("2027-03-03 09:30"))
    assert left == Left(7, Unit.HOURS, late=False)


def test_what_is_far_away_is_not_counted() -> None:
    now = paris("2027-03-01 10:00")
    assert time_left(OFFICE, now, now + FAR + timedelta(minutes=1)) is None


def test_whose_regions_keep_different_hours_works_by_those_of_the_head_office() -> None:
    dora = TODAY.people["dora"]
    everywhere = replace(dora, regions=frozenset(TODAY.regions))
    assert hours_of(TODAY, dora) == TODAY.regions["north"].hours
    assert hours_of(TODAY, everywhere) == TODAY.head_office


@pytest.mark.parametrize(
    ("level", "owner", "expected"),
    [(0, "dora", "denis"), (1, "denis", "nora"), (0, "denis", "nora"), (2, "nora", None)],
)
def test_the_next_person_on_the_ladder_is_known(
    level: int, owner: str, expected: str | None
) -> None:
    state = replace(after(), assignee="dora", owner=owner, level=level)
    found = Circumstances(
        About("north", "works", "keys", "fr"), TODAY, TODAY.policy, MONDAY_MORNING
    )
    assert next_owner(state, found) == expected
