"""What the organisation's file says when it is good, and what is said to the operator when not."""

from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from models.conditions import About
from models.ladder import CallPolicy, Level, Post, Span, Target
from models.opening_hours import OpeningHours, Window
from models.organisation import CALLED, Route, answering
from models.organisation_file.reading import OrganisationRefused, read_as_known, read_organisation
from models.survey import Metric
from models.teams import Share, Team

ROOT = Path(__file__).parents[2]
SMALL = (ROOT / "tests/data/small.yaml").read_text()

CALLS = "calls: {at_most: 3, write_after: []}"
HOLIDAYS = "    public_holidays: FR\n    closed: &closed [2026-12-24]\n    open: [2027-05-17]"

REFUSED: list[dict[str, str]] = YAML(typ="safe").load(ROOT / "tests/data/faults.yaml")


def faults_of(text: str) -> list[str]:
    with pytest.raises(OrganisationRefused) as refused:
        read_organisation(text, name="organisation.yaml")
    return [str(fault) for fault in refused.value.faults]


@pytest.mark.parametrize("fault", REFUSED, ids=[fault["says"] for fault in REFUSED])
def test_a_fault_is_shown_where_it_stands_and_says_what_was_meant(fault: dict[str, str]) -> None:
    assert fault["was"] in SMALL
    assert fault["says"] in faults_of(SMALL.replace(fault["was"], fault["now"], 1))


def test_all_faults_are_told_at_once_in_the_order_of_the_lines() -> None:
    text = SMALL.replace("to: dora", "to: dara").replace("Europe/Paris", "Europe/Pari")
    text = text.replace("contact: 4h", "contact: soon").replace("    role: director", "    name: X")

    lines = [int(fault.split(":")[0]) for fault in faults_of(text)]

    assert lines == [7, 25, 27, 37, 41]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("people: [\n", "2:1: no YAML: expected the node content, but found '<stream end>'"),
        ("a: *b\n", "1:4: no YAML: found undefined alias 'b'"),
        ("a: 1\n---\nb: 2\n", "2:1: no YAML: but found another document"),
        ("- people\n", "1:1: the file must be a mapping of sections"),
        ("", "1:1: the file must be a mapping of sections"),
        ("a: !!set x\n", "1:1: no YAML: 'ScalarNode' object has no attribute 'flow_style'"),
        ("a: !!int x\n", "1:1: no YAML: invalid literal for int() with base 10: 'x'"),
    ],
)
def test_what_is_no_yaml_mapping_is_one_fault(text: str, fault: str) -> None:
    assert faults_of(text) == [fault]


@pytest.mark.parametrize("sign", ["\\n", "\\t", "\\r", "\\u2028"])
def test_a_name_stands_on_one_line(sign: str) -> None:
    text = SMALL.replace("name: Dora Director", f'name: "Dora{sign}Bcc: everybody"')

    [fault] = faults_of(text)

    assert "write it on one line" in fault


def test_the_refusal_prints_one_line_a_fault_under_the_name_of_the_file() -> None:
    with pytest.raises(OrganisationRefused) as refused:
        read_organisation(SMALL.replace("to: dora", "to: dara"), name="organisation.yaml")

    assert refused.value.detail == (
        "organisation.yaml:37:71: routing.0.to: unknown person or team 'dara'; did you mean 'dora'?"
    )


def test_a_fault_never_quotes_a_number_or_an_address() -> None:
    text = SMALL.replace('"+33639980041"', '"+336399800419999"')
    text = text.replace("dora@small.example", "dora(at)small.example")

    told = " ".join(faults_of(text))

    assert "39980041" not in told
    assert "dora(at)" not in told


def test_hours_are_windows_by_weekday_and_midnight_is_the_end_of_the_day() -> None:
    north = read_organisation(SMALL, name="small").regions["north"].hours

    assert north.week[5] == (Window(time(9), time(12, 30)), Window(time(14), time(18, 30)))
    assert north.week[6] == (Window(time(20), None),)
    assert 7 not in north.week


def test_a_region_takes_over_what_it_leaves_out_of_the_head_offices_calendar() -> None:
    small = read_organisation(SMALL, name="small")

    assert small.regions["north"].hours.zone == "Europe/Paris"
    assert small.regions["south"].hours.zone == "Europe/Lisbon"
    assert small.regions["south"].hours.week == dict.fromkeys(range(1, 8), (Window(time(0), None),))


def test_a_list_of_closed_days_may_take_in_another() -> None:
    small = read_organisation(SMALL, name="small")

    assert small.regions["south"].hours.closed == {date(2026, 12, 25), date(2027, 1, 1)}


def test_public_holidays_close_but_for_those_that_are_worked() -> None:
    text = SMALL.replace(
        "    closed: &closed [2026-12-25]",
        HOLIDAYS,
    )

    small = read_as_known(text, name="small", at=date(2026, 11, 22))
    closed = small.regions["north"].hours.closed

    assert {date(2026, 12, 24), date(2026, 12, 25), date(2027, 5, 6)} <= closed
    assert date(2027, 5, 17) not in closed


def test_a_plain_word_is_the_same_in_all_languages() -> None:
    small = read_organisation(SMALL, name="small")

    assert small.regions["north"].label == {"fr": "North", "en": "North"}
    assert small.regions["south"].label == {"fr": "Sud", "en": "South"}


def test_people_know_for_whom_they_deputise_and_phones_are_e164() -> None:
    people = read_organisation(SMALL, name="small").people

    assert people["denis"].deputises_for == {"dora"}
    assert people["denis"].phone == "+33639980042"


def test_targets_ladder_and_thresholds_are_read_into_the_policy() -> None:
    small = read_organisation(SMALL, name="small")

    assert small.policy.targets[Target.ACKNOWLEDGE] == Span(time=timedelta(minutes=30))
    assert small.policy.targets[Target.REPAIR] == Span(days=5)
    assert small.policy.levels == (
        Level(Post.ASSIGNEE, (0.5, 0.9)),
        Level(Post.DEPUTY, (0.5,)),
        Level(Post.NATIONAL_OWNER, (), Span(days=1)),
    )
    assert small.unhappy_up_to == {Metric.NPS: 7, Metric.CSAT: 2, Metric.CES: 3}


def test_routes_causes_and_sources_keep_their_order_and_shape() -> None:
    small = read_organisation(SMALL, name="small")

    assert small.routes[1] == Route("nora")
    assert list(small.cause_ids()) == ["delay", "late_works"]
    assert small.sources["survey"].kind == "generic"


def test_the_organisation_that_comes_with_rappel_is_good() -> None:
    shipped = read_as_known(
        (ROOT / "organisation.yaml").read_text(), name="organisation.yaml", at=date(2026, 11, 22)
    )

    assert (len(shipped.regions), len(shipped.trades), len(shipped.touchpoints)) == (5, 4, 7)


def test_the_quick_organisation_has_the_same_people_and_never_closes() -> None:
    shipped = read_as_known(
        (ROOT / "organisation.yaml").read_text(), name="organisation.yaml", at=date(2026, 11, 22)
    )
    quick = read_organisation((ROOT / "tests/data/quick.yaml").read_text(), name="quick.yaml")

    around_the_clock = {id_: replace(p, hours=None) for id_, p in shipped.people.items()}
    assert quick.people == around_the_clock
    assert quick.routes == shipped.routes
    assert all(len(region.hours.week) == 7 for region in quick.regions.values())


TEAMS = """teams:
  - {id: line, name: Line, members: [dora], share: least_loaded, overflow: far, ceiling: 4}
  - {id: far, name: Far, members: [denis], overflow: OVERFLOW}
  - {id: third, name: Third, members: [nora], overflow: line}
unhappy_up_to:"""


def test_a_routing_rule_may_name_a_team() -> None:
    text = SMALL.replace("to: dora", "to: line").replace("en, phone:", "en, ceiling: 2, phone:")
    text = text.replace("unhappy_up_to:", TEAMS.replace("OVERFLOW", "nora"))

    small = read_organisation(text, name="small")

    label = {"fr": "Line", "en": "Line"}
    assert small.teams["line"] == Team("line", label, ("dora",), Share.LEAST_LOADED, "far", 4)
    assert small.teams["far"].share is Share.ROUND_ROBIN
    assert small.people["denis"].ceiling == 2
    named = answering(small, About("north", "works", "keys", "fr"))
    assert (named.named, named.rule) == (small.teams["line"], 1)


def test_overflows_that_come_back_are_told_once_and_only_of_the_teams_on_the_way() -> None:
    told = faults_of(SMALL.replace("unhappy_up_to:", TEAMS.replace("OVERFLOW", "line")))

    assert [fault.partition(": ")[2] for fault in told] == [
        "teams.0.overflow: the overflow comes back: line → far → line"
    ]


def test_who_sees_no_words_of_customers_stands_in_no_team_and_is_no_overflow() -> None:
    text = SMALL.replace("role: deputy", "role: operator").replace("    deputy: denis\n", "")

    told = faults_of(text.replace("unhappy_up_to:", TEAMS.replace("OVERFLOW", "denis")))

    assert [fault.partition(": ")[2] for fault in told] == [
        "teams.1.members.0: 'denis' is an operator, who takes no cases",
        "teams.1.overflow: 'denis' is an operator, who takes no cases",
    ]


def test_a_team_does_not_outlive_a_member_who_has_left() -> None:
    text = SMALL.replace("unhappy_up_to:", TEAMS.replace("OVERFLOW", "nora"))

    [fault] = faults_of(
        text.replace("{id: denis,", "{id: denise,").replace("    deputy: denis\n", "")
    )

    assert fault.endswith("teams.1.members.0: unknown person 'denis'; did you mean 'denise'?")


def test_customers_are_called_in_the_windows_of_the_file_and_on_no_public_holiday() -> None:
    """A public holiday that is worked is still one on which nobody is called."""
    text = SMALL.replace("    closed: &closed [2026-12-25]", HOLIDAYS)
    text = text.replace("write_after: []", 'windows: {mon: "10:00-13:00"}')

    calling = read_as_known(text, name="small", at=date(2026, 11, 22)).calling_hours("north")

    assert calling.week == {1: (Window(time(10), time(13)),)}
    assert date(2027, 5, 17) in calling.closed


def test_calls_that_the_file_leaves_out_are_those_of_the_safe_way() -> None:
    small = read_organisation(SMALL.replace(CALLS, ""), name="small")

    assert small.policy.calls == CallPolicy(3, timedelta(hours=3), (1,))
    assert small.calling_hours("south") == OpeningHours(
        "Europe/Lisbon", CALLED, small.regions["south"].hours.closed
    )


def test_an_older_file_says_after_how_many_attempts_and_promised_no_message() -> None:
    small = read_organisation(SMALL.replace(CALLS, "unreachable_after: 5"), name="small")

    assert small.policy.calls == CallPolicy(5, timedelta(hours=3))


def test_money_is_in_euros_unless_the_file_names_another_currency() -> None:
    swiss = SMALL.replace("languages: [fr, en]", "languages: [fr, en]\n  currency: CHF")

    assert read_organisation(SMALL, name="organisation.yaml").currency == "EUR"
    assert read_organisation(swiss, name="organisation.yaml").currency == "CHF"


def test_who_has_two_ways_may_prefer_the_mail() -> None:
    text = SMALL.replace("dora@small.example", "dora@small.example\n    prefers: email")
    assert read_organisation(text, name="small").people["dora"].channel == "email"


def test_a_text_message_is_given_ten_minutes_unless_the_file_says_otherwise() -> None:
    assert read_organisation(SMALL, name="small").fallback_after == timedelta(minutes=10)
    text = f"{SMALL}sms: {{fallback_after: 2h}}\n"
    assert read_organisation(text, name="small").fallback_after == timedelta(hours=2)
