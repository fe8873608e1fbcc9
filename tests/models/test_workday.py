"""Working time is of the person who must act."""

from dataclasses import replace
from datetime import date

from models.organisation_file.reading import read_organisation
from models.workday import hours_at_work, hours_of, hours_on_case
from tests.casework import SMALL

OWN = 'denis, time_zone: Indian/Reunion, hours: {mon-fri: "08:00-12:00"},'
TODAY = read_organisation(SMALL.read_text(), name="small.yaml")
WITH_OWN = read_organisation(
    SMALL.read_text().replace("denis, name", f"{OWN} name"), name="own.yaml"
)


def test_a_person_may_have_hours_of_his_own() -> None:
    hours = hours_on_case(WITH_OWN, WITH_OWN.people["denis"], region="north")
    assert (hours.zone, sorted(hours.week)) == ("Indian/Reunion", [1, 2, 3, 4, 5])


def test_what_he_leaves_out_of_them_is_his_region_s() -> None:
    written = SMALL.read_text().replace(
        "    deputy: denis", "    closed: [2027-06-01]\n    deputy: denis"
    )
    dora = read_organisation(written, name="dora.yaml").people["dora"]
    closed = frozenset({date(2027, 6, 1)})
    assert dora.hours == replace(TODAY.regions["north"].hours, closed=closed)


def test_who_answers_for_a_region_works_when_it_does() -> None:
    everywhere = replace(TODAY.people["dora"], regions=frozenset(TODAY.regions))
    assert hours_on_case(TODAY, everywhere, region="south") == TODAY.regions["south"].hours
    assert hours_of(TODAY, everywhere) == TODAY.head_office


def test_who_has_no_region_works_when_the_head_office_does() -> None:
    assert hours_at_work(TODAY, TODAY, "nora", region="north") == TODAY.head_office


def test_who_came_after_the_case_has_the_hours_of_today() -> None:
    before = replace(WITH_OWN, people={"nora": WITH_OWN.people["nora"]})
    assert hours_at_work(before, WITH_OWN, "denis", region="north").zone == "Indian/Reunion"


def test_a_customer_may_be_written_to_when_his_region_works() -> None:
    assert hours_at_work(TODAY, TODAY, None, region="south") == TODAY.regions["south"].hours
