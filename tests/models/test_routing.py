"""Who answers for a response, and who stands on each level above him."""

from datetime import timedelta

import pytest

from models.causes import Cause
from models.conditions import About
from models.ladder import CallPolicy, Level, Policy, Post, Span
from models.opening_hours import OpeningHours
from models.organisation import (
    Organisation,
    Region,
    Route,
    answering,
    known_as,
)
from models.people import Person, Role

CALLS = CallPolicy(3, timedelta(hours=3))
PARIS = OpeningHours("Europe/Paris", {})
LISBON = OpeningHours("Europe/Lisbon", {})


def person(name: str, role: Role, *, deputy: str | None = None) -> Person:
    return Person(name, name.title(), role, "fr", email=f"{name}@example.org", deputy=deputy)


PEOPLE = {
    who.id: who
    for who in (
        person("dora", Role.DIRECTOR, deputy="denis"),
        person("denis", Role.DEPUTY),
        person("petra", Role.DIRECTOR),
        person("pablo", Role.PARTNER),
        person("nadia", Role.NATIONAL_OWNER),
        person("emil", Role.EXECUTIVE),
    )
}
ORGANISATION = Organisation(
    name="Homes",
    motto={"fr": "Rappeler"},
    languages=("fr",),
    head_office=PARIS,
    regions={"west": Region("west", {"fr": "Ouest"}, LISBON)},
    trades={},
    touchpoints={},
    people=PEOPLE,
    routes=(
        Route("pablo", language="pt"),
        Route("petra", region="west", trade="plumbing"),
        Route("petra", region="west", touchpoint="handover"),
        Route("dora", region="west"),
    ),
    policy=Policy({}, (Level(Post.NATIONAL_OWNER, repeat_every=Span(timedelta(hours=4))),), CALLS),
    causes=(
        Cause("delay", {}, (Cause("delay.site", {}), Cause("delay.supplier", {}))),
        Cause("manners", {}),
    ),
    sources={},
    unhappy_up_to={},
)


def answers(
    region: str | None,
    *,
    trade: str | None = None,
    touchpoint: str | None = None,
    language: str | None = None,
) -> tuple[str, int | None]:
    found = answering(ORGANISATION, About(region, trade, touchpoint, language))
    return found.named.id, found.rule


def test_the_first_matching_rule_decides() -> None:
    assert answers("west", trade="plumbing", language="pt") == ("pablo", 1)


def test_a_rule_matches_where_all_its_conditions_do() -> None:
    assert answers("west", trade="plumbing") == ("petra", 2)
    assert answers("west", trade="painting", touchpoint="handover") == ("petra", 3)


def test_a_rule_without_a_condition_takes_every_value_of_it() -> None:
    assert answers("west", trade="painting") == ("dora", 4)


@pytest.mark.parametrize("region", ["east", None])
def test_where_no_rule_matches_the_national_owner_answers(region: str | None) -> None:
    assert answers(region, trade="plumbing") == ("nadia", None)


def test_a_region_keeps_its_own_hours_and_an_unknown_one_those_of_the_head_office() -> None:
    assert ORGANISATION.hours_of("west") == LISBON
    assert ORGANISATION.hours_of("east") == PARIS
    assert ORGANISATION.hours_of(None) == PARIS


def test_causes_are_listed_branch_by_branch() -> None:
    assert list(ORGANISATION.cause_ids()) == ["delay", "delay.site", "delay.supplier", "manners"]


@pytest.mark.parametrize(
    "sent", ["ile_de_france", "Ile de France", "ÎLE-DE-FRANCE", "Greater Paris", "greater  paris"]
)
def test_a_region_is_known_by_its_id_or_its_labels_whatever_case_and_accents(sent: str) -> None:
    labels = {
        "nord": {"en": "North"},
        "ile_de_france": {"fr": "Île-de-France", "en": "Greater Paris"},
    }
    assert known_as(sent, labels) == "ile_de_france"


@pytest.mark.parametrize("sent", [None, "Atlantis", ""])
def test_a_region_nobody_knows_stays_as_it_was_sent(sent: str | None) -> None:
    assert known_as(sent, {"nord": {"en": "North"}}) == sent
