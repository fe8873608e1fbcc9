"""Who is rung for a customer, in which order, and who never is."""

from datetime import UTC, datetime, timedelta

import pytest

from models.absence import Absence
from models.organisation import Organisation
from models.organisation_file.reading import read_organisation
from models.people import CaseFacts
from models.ringing import to_ring
from models.versions import Versions
from tests.casework import SMALL

MONDAY_TEN = datetime(2027, 3, 1, 9, tzinfo=UTC)
LUNCH = datetime(2027, 3, 1, 12, tzinfo=UTC)
NORTH = CaseFacts("dora", "north", "works")
REGIONAL = "role: director, language: fr, regions: [north]"
CIRCLE = f"""  - {{id: rita, name: Rita, {REGIONAL}, phone: "+33639980043", deputy: sam}}
  - {{id: sam, name: Sam, {REGIONAL}, phone: "+33639980044", deputy: dora}}
"""


def company(*changes: tuple[str, str]) -> Organisation:
    text = SMALL.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return read_organisation(text, name="small.yaml", holidays={})


def rung(
    today: Organisation, *away: str, case: CaseFacts = NORTH, at: datetime = MONDAY_TEN
) -> list[str]:
    day = timedelta(days=1)
    absences = tuple(Absence(each, each, at - day, at + day) for each in away)
    return [person.id for person in to_ring(case, Versions(today, today, absences), at)]


def test_who_has_the_case_comes_before_his_deputy() -> None:
    assert rung(company()) == ["dora", "denis"]


def test_each_is_rung_within_his_own_hours_only() -> None:
    assert rung(company(), at=LUNCH) == ["denis"]


def test_who_stands_in_for_somebody_is_rung_once() -> None:
    assert rung(company(), "dora") == ["denis"]


def test_where_the_whole_chain_is_away_the_national_owner_is_rung_if_he_has_a_phone() -> None:
    nora = ("email: nora@small.example", 'phone: "+33639980049"')
    assert rung(company(nora), "dora", "denis") == ["nora"]
    assert rung(company(), "dora", "denis") == []


def test_deputies_who_lead_back_to_where_they_began_are_rung_once_and_three_at_most() -> None:
    more = ("  - {id: nora", f"{CIRCLE}  - {{id: nora")
    deputy = ("role: deputy, language: en,", "role: deputy, language: en, deputy: rita,")
    assert rung(company(more, deputy)) == ["dora", "denis", "rita"]
    assert rung(company(more, deputy), "denis") == ["dora", "rita", "sam"]


def test_the_deputy_of_a_deputy_who_may_not_act_on_the_case_is_not_rung() -> None:
    stranger = CIRCLE.splitlines()[1].replace("id: sam", "id: rita").replace("north", "south")
    more = ("  - {id: nora", f"{stranger}\n  - {{id: nora")
    deputy = ("role: deputy, language: en,", "role: deputy, language: en, deputy: rita,")
    assert rung(company(more, deputy)) == ["dora", "denis"]


@pytest.mark.parametrize("owner", [None, "nobody"])
def test_for_a_case_that_nobody_has_nobody_is_rung(owner: str | None) -> None:
    assert rung(company(), case=CaseFacts(owner, "north", "works")) == []
