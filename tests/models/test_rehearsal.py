"""What a rehearsal tells, in plain values; that a real case does the same is in tests/activities."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.absence import Absence
from models.hours import next_open
from models.ladder import RungKind
from models.opening_hours import OpeningHours
from models.organisation import Organisation
from models.organisation_file.reading import read_as_known
from models.rehearsal import MOST_STEPS, Rehearsal, Told, rehearse
from models.survey import Identity, Reason
from models.workday import hours_at_work
from tests.casework import MONDAY_MORNING, SMALL, UNHAPPY
from tests.models.calendars import paris

WEEK = timedelta(days=7)
FRIDAY = paris("2027-04-30 16:00")
"""May 1 is a Saturday, and closed; so is May 6, Ascension Day."""


@pytest.fixture(scope="module")
def small() -> Organisation:
    office = 'hours: {mon-fri: "09:00-17:00"}\n  public_holidays: FR'
    written = SMALL.read_text().replace("hours: 24/7", office)
    return read_as_known(written, name="small.yaml", at=FRIDAY)


def rehearsed(organisation: Organisation, **changes: object) -> Rehearsal:
    response = replace(UNHAPPY, **changes)  # type: ignore[arg-type]
    return rehearse(response, organisation, FRIDAY, until=FRIDAY + 2 * WEEK)


def test_silence_climbs_and_the_last_level_repeats(small: Organisation) -> None:
    rungs = [step.rung for step in rehearsed(small).steps]
    assert rungs[:6] == [
        None,
        RungKind.REMIND,
        RungKind.REMIND,
        RungKind.HAND_UP,
        RungKind.REMIND,
        RungKind.HAND_UP,
    ]
    assert set(rungs[6:]) == {RungKind.REPEAT}


def test_each_owner_is_told_and_has_a_date(small: Organisation) -> None:
    steps = rehearsed(small).steps
    owners = dict.fromkeys(step.owner for step in steps)
    assert list(owners) == ["dora", "denis", "nora"]
    assert all(step.due is not None and step.due > step.at for step in steps)


def test_a_reminder_says_how_much_of_the_time_has_passed(small: Organisation) -> None:
    shares = [step.share for step in rehearsed(small).steps if step.share is not None]
    assert shares == pytest.approx([0.5, 0.9, 0.5])


def test_nothing_reaches_anybody_outside_his_working_time(small: Organisation) -> None:
    told = [each for step in rehearsed(small).steps for each in step.told]
    opens = [next_open(_hours(small, each), each.leaves_at) for each in told]
    assert len(told) > 10
    assert [each.leaves_at for each in told] == opens


def _hours(small: Organisation, told: Told) -> OpeningHours:
    return hours_at_work(small, small, told.person, region=UNHAPPY.region)


def test_the_days_off_of_each_calendar_are_told(small: Organisation) -> None:
    assert [str(day) for day in rehearsed(small).closed["dora"]] == [
        "2027-05-01",
        "2027-05-06",
        "2027-05-08",
    ]


def test_who_goes_away_meanwhile_hands_the_case_to_his_stand_in(small: Organisation) -> None:
    soon = FRIDAY + timedelta(minutes=10)
    away = Absence("absence-1", "dora", soon, FRIDAY + 4 * WEEK)

    _, second, *_ = rehearse(UNHAPPY, small, FRIDAY, until=FRIDAY + WEEK, absences=(away,)).steps

    assert (second.at, second.rung, second.owner) == (soon, None, "denis")


def test_what_opens_no_case_says_why(small: Organisation) -> None:
    assert rehearsed(small, score=10) == Rehearsal(Reason.PROMOTER)
    nowhere = Identity(name="Odile Kerverne")
    assert rehearsed(small, customer=nowhere) == Rehearsal(Reason.NO_WAY_TO_REACH)


def test_it_ends_where_it_is_told_to(small: Organisation) -> None:
    short = rehearse(UNHAPPY, small, MONDAY_MORNING, until=MONDAY_MORNING + timedelta(minutes=20))
    assert [step.rung for step in short.steps] == [None, RungKind.REMIND]


def test_a_last_level_that_repeats_every_few_seconds_is_cut_and_says_so() -> None:
    written = SMALL.read_text().replace("repeat_every: 1d", "repeat_every: 20s")
    restless = read_as_known(written, name="small.yaml", at=FRIDAY)

    found = rehearsed(restless)

    assert (len(found.steps), found.cut) == (MOST_STEPS, True)


def test_what_is_told_to_its_end_is_not_cut(small: Organisation) -> None:
    assert not rehearsed(small).cut
