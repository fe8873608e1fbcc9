"""Of each rule the file may say how it raises the customer's satisfaction, and who has not said it."""

from datetime import date
from pathlib import Path

import pytest

from models.organisation_file.reading import read_as_known, read_organisation
from models.rules import Rule, Section, rules_of, unexplained, without_playbook
from tests.casework import SMALL

TEXT = SMALL.read_text()
GAIN = "raises: {fr: Le client y gagne., en: The customer gains.}"
SAID = {"fr": "Le client y gagne.", "en": "The customer gains."}
TOPIC = "zero_tolerance: [{id: law, name: Law, words: {fr: [plainte], en: [sue]}, RAISES}]"
TEAM = f"teams: [{{id: desk, name: Desk, members: [dora, denis], {GAIN}}}]"
LADDER = (
    "ladders: [{id: works, trade: works, levels: [{level: assignee},"
    " {level: national_owner, repeat_every: 1d, LEVEL}], OWN}]"
)
SHIPPED = Path(__file__).parents[2] / "organisation.yaml"


@pytest.mark.parametrize(
    ("was", "now", "place"),
    [
        ("{to: nora}", f"{{to: nora, {GAIN}}}", "routing.2"),
        ("  confirmation: 20s", f"  confirmation: 20s\n  {GAIN}", "targets"),
        ("remind_at: 50%}", f"remind_at: 50%, {GAIN}}}", "ladder.2"),
        ("write_after: []}", f"write_after: [], {GAIN}}}", "calls"),
        ("{nps: 7}", f"{{nps: 7, {GAIN}}}", "unhappy_up_to"),
        ("{nps: 7}", f"{{nps: 7}}\n{TOPIC.replace('RAISES', GAIN)}", "zero_tolerance.law"),
        (
            "{nps: 7}",
            f"{{nps: 7}}\nauthority: {{commit_to_repair: [director], {GAIN}}}",
            "authority",
        ),
        ("routing:", f"{TEAM}\nrouting:", "teams.desk"),
        ("calls:", f"{LADDER.replace('OWN', GAIN)}\ncalls:", "ladders.works"),
        ("calls:", f"{LADDER.replace('LEVEL', GAIN)}\ncalls:", "ladders.works.2"),
        ("longest_in_all: 5d", f"longest_in_all: 5d\n  {GAIN}", "pauses"),
        ("longest: 3d}", f"longest: 3d, {GAIN}}}", "pauses.customer_away"),
        (
            "{nps: 7}",
            f"{{nps: 7}}\nresurvey: {{after: 30d, outcomes: [recovered], {GAIN}}}",
            "resurvey",
        ),
    ],
)
def test_every_kind_of_rule_can_say_what_the_customer_gains(was: str, now: str, place: str) -> None:
    text = TEXT.replace(was, now, 1).replace(", LEVEL", "").replace(", OWN", "")
    found = read_organisation(text, name=SMALL.name)
    said = [rule for rule in rules_of(found) if rule.raises is not None]
    assert [(rule.place, rule.raises) for rule in said] == [(place, SAID)]
    assert place not in unexplained(found)


def test_a_file_of_before_says_it_of_no_rule_and_is_read_all_the_same() -> None:
    found = read_organisation(TEXT, name=SMALL.name)
    assert Rule(Section.ROUTING, "1", None) in rules_of(found)
    assert unexplained(found) == (
        *("routing.1", "routing.2", "targets", "ladder.1", "ladder.2", "ladder.3"),
        *("calls", "pauses", "pauses.customer_away", "unhappy_up_to", "authority"),
    )


def test_a_cause_is_without_a_playbook_where_no_branch_above_has_one() -> None:
    price = "  - {id: price, name: Price, children: [{id: fees, name: Fees}]}\n"
    text = TEXT.replace("pauses:\n", f"{price}pauses:\n")
    assert without_playbook(read_organisation(text, name=SMALL.name)) == ("price", "fees")


def test_the_shipped_organisation_says_it_of_every_rule_and_cause() -> None:
    found = read_as_known(SHIPPED.read_text(), name=SHIPPED.name, at=date(2026, 11, 27))
    assert unexplained(found) == ()
    assert without_playbook(found) == ()
