"""What roster and rehearsal tell of a long ladder: the same as happens to a case."""

from datetime import date, timedelta

import pytest

from models.above import above
from models.absence import Absence
from models.organisation import Organisation
from models.organisation_file.reading import read_as_known
from models.rehearsal import rehearse
from models.roster import roster
from models.versions import Versions
from tests.casework import MONDAY_MORNING, UNHAPPY
from tests.long_ladder import LONG, UP

DAY = timedelta(days=1)
RITA_AWAY = Absence("a", "rita", MONDAY_MORNING, MONDAY_MORNING + 30 * DAY, "nora")


@pytest.fixture(scope="module")
def long() -> Organisation:
    return read_as_known(LONG, name="long.yaml", at=date(2027, 3, 1))


def after_dora(
    organisation: Organisation, *absences: Absence, unreachable: frozenset[str] = frozenset()
) -> list[str]:
    line = roster(organisation, absences, MONDAY_MORNING)[1]
    assert line.named.id == "dora"
    versions = Versions(organisation, organisation, absences, unreachable)
    return list(above(versions, line, MONDAY_MORNING))


def test_the_roster_says_who_gets_a_case_next_by_every_kind_of_level(long: Organisation) -> None:
    assert after_dora(long) == UP


def test_the_roster_leaves_out_a_level_whose_person_is_away(long: Organisation) -> None:
    assert after_dora(long, RITA_AWAY) == [person for person in UP if person != "rita"]


def test_the_roster_leaves_out_a_level_whose_person_nothing_reaches(long: Organisation) -> None:
    found = after_dora(long, unreachable=frozenset({"rita"}))
    assert found == [person for person in UP if person != "rita"]


def test_the_rehearsal_climbs_the_same_levels(long: Organisation) -> None:
    until = MONDAY_MORNING + 10 * DAY
    steps = rehearse(UNHAPPY, long, MONDAY_MORNING, until=until).steps
    assert list(dict.fromkeys(step.owner for step in steps)) == ["dora", *UP]


def test_the_rehearsal_tells_whom_a_hand_up_tells(long: Organisation) -> None:
    until = MONDAY_MORNING + 10 * DAY
    steps = rehearse(UNHAPPY, long, MONDAY_MORNING, until=until).steps
    third = next(step for step in steps if step.owner == "sam")
    assert [told.person for told in third.told] == ["sam", "rita", "dora", "denis"]
