"""Which week a letter tells of, whatever happens to its run; and who gets which letter."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.digest import letter_for, letter_id, read_week, week_before
from models.errors import NotUnderstood
from models.mailing import Mailing
from models.people import Person, Role

PARIS = ZoneInfo("Europe/Paris")
MONDAY_SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=PARIS)


def person(role: Role, *, email: str | None = "p@house.example") -> Person:
    return Person("p", "P", role, "fr", phone="+33639980041", email=email)


@pytest.mark.parametrize("late", [timedelta(), timedelta(days=3), timedelta(days=6)])
def test_a_run_that_is_due_or_late_tells_of_the_week_that_has_passed(late: timedelta) -> None:
    assert str(week_before(MONDAY_SEVEN + late, PARIS)) == "2026-W47"


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue"])
def test_monday_morning_is_that_of_the_head_office(zone: str) -> None:
    """Fourteen hours before Greenwich it is still Sunday there, eleven behind it already Monday noon."""
    due = datetime(2026, 11, 23, 7, 0, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    assert str(week_before(due, ZoneInfo(zone))) == "2026-W47"


def test_a_week_lasts_from_monday_to_monday_even_when_the_clocks_change() -> None:
    week = read_week("2026-W43", PARIS)
    assert week.end - week.start == timedelta(days=7, hours=1)
    assert (week.first.isoformat(), week.last.isoformat()) == (
        "2026-10-19T00:00:00+02:00",
        "2026-10-25T00:00:00+02:00",
    )


@pytest.mark.parametrize("written", ["2026-W01", "2026-W53", "2027-W09"])
def test_a_week_reads_as_it_is_written(written: str) -> None:
    assert str(read_week(written, PARIS)) == written


@pytest.mark.parametrize("written", ["2027-W53", "2026-W99", "2026-47", "2026-W47-1", "soon"])
def test_what_is_no_week_is_refused(written: str) -> None:
    with pytest.raises(NotUnderstood, match="2026-W47"):
        read_week(written, PARIS)


def test_twelve_months_end_with_that_of_the_sunday() -> None:
    assert read_week("2026-W53", PARIS).months(12) == ("2026-02", "2027-01")


@pytest.mark.parametrize(
    ("role", "mailing"),
    [
        (Role.EXECUTIVE, Mailing.WEEKLY),
        (Role.NATIONAL_OWNER, Mailing.WEEKLY),
        (Role.DIRECTOR, Mailing.WAITING),
        (Role.DEPUTY, Mailing.WAITING),
        (Role.PARTNER, Mailing.WAITING),
        (Role.OPERATOR, None),
    ],
)
def test_the_role_decides_on_the_letter(role: Role, mailing: Mailing | None) -> None:
    assert letter_for(person(role)) is mailing


def test_pictures_need_a_mailbox() -> None:
    assert letter_for(person(Role.EXECUTIVE, email=None)) is Mailing.WAITING


def test_an_id_has_room_for_the_longest_name_and_stays_that_of_one_person() -> None:
    ids = {letter_id("2026-W47", "d" * 59 + end) for end in "ab"}
    assert {len(each) for each in ids} == {64}
    assert letter_id("2026-W47", "dora") == "digest:2026-W47:dora"
