"""Who stands on each level of a ladder, which ladder a case has, and what a level brings along."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.conditions import About
from models.ladder import Level, Post, Span, Target
from models.levels import standing_on
from models.organisation import Ladder, Organisation, Region, Route
from models.people import Person, Role
from models.versions import Versions
from tests.models.test_routing import ORGANISATION, PARIS, PEOPLE, person

NORTH_WORKS = About("north", "works", "keys", "fr")
LAST = Level(Post.NATIONAL_OWNER, repeat_every=Span(days=1))


def of_works(who: Person, *regions: str) -> Person:
    return replace(who, referent_of=frozenset({"works"}), regions=frozenset(regions))


FAR = of_works(person("fara", Role.DIRECTOR), "south")
NEAR = of_works(person("nico", Role.DIRECTOR), "north")
NEIGHBOURS = {
    "north": Region("north", {}, PARIS, ("east", "south", "west")),
    "east": Region("east", {}, PARIS),
    "south": Region("south", {}, PARIS),
    "west": Region("west", {}, PARIS),
}
TODAY = replace(
    ORGANISATION,
    regions=NEIGHBOURS,
    people=PEOPLE | {"fara": FAR, "nico": NEAR, "otto": person("otto", Role.OPERATOR)},
    routes=(
        Route("dora", region="north"),
        Route("petra", region="south", trade="works"),
        Route("fara", region="south"),
        Route("dora", region="west"),
    ),
    successors={"paula": "pablo"},
)


def names(
    level: Level, about: About = NORTH_WORKS, *, today: Organisation = TODAY, of: str = "dora"
) -> list[str]:
    return [p.id for p in standing_on(today, level, today.people[of], about)]


@pytest.mark.parametrize(
    ("post", "who"),
    [
        (Post.ASSIGNEE, ["dora"]),
        (Post.DEPUTY, ["denis"]),
        (Post.REFERENT, ["nico", "fara"]),
        (Post.NEIGHBOUR, ["petra"]),
        (Post.NATIONAL_OWNER, ["nadia"]),
        (Post.EXECUTIVE, ["emil"]),
    ],
)
def test_each_level_is_seen_from_the_assignee(post: Post, who: list[str]) -> None:
    assert names(Level(post)) == who


def test_a_level_is_empty_where_nobody_stands_on_it() -> None:
    nobody_above = replace(TODAY, people={"nadia": PEOPLE["nadia"], "dora": PEOPLE["dora"]})

    assert names(Level(Post.DEPUTY), of="petra") == []
    assert names(Level(Post.EXECUTIVE), today=nobody_above) == []


def test_the_referent_is_of_the_trade_and_one_who_knows_the_region_goes_first() -> None:
    assert names(Level(Post.REFERENT), NORTH_WORKS._replace(region="south")) == ["fara", "nico"]
    assert names(Level(Post.REFERENT), NORTH_WORKS._replace(trade="sales")) == []
    assert names(Level(Post.REFERENT), NORTH_WORKS._replace(trade=None)) == []


def test_who_has_let_a_case_lie_is_not_its_referent_nor_its_neighbour() -> None:
    assert names(Level(Post.REFERENT), of="nico") == ["fara"]
    assert names(Level(Post.NEIGHBOUR), of="petra") == ["dora"]


def test_a_neighbour_answers_for_the_same_trade_in_the_order_of_the_regions() -> None:
    """Nobody answers for the east by a rule, and in the west it is the assignee himself."""
    assert names(Level(Post.NEIGHBOUR), NORTH_WORKS._replace(trade="sales")) == ["fara"]
    assert names(Level(Post.NEIGHBOUR), NORTH_WORKS._replace(region="east")) == []
    assert names(Level(Post.NEIGHBOUR), NORTH_WORKS._replace(region=None)) == []


def test_a_level_may_name_a_person_and_gets_his_successor_once_he_has_left() -> None:
    assert names(Level(Post.PERSON, person="petra")) == ["petra"]
    assert names(Level(Post.PERSON, person="paula")) == ["pablo"]
    assert names(Level(Post.PERSON, person="gone")) == []


def test_an_operator_stands_on_no_level() -> None:
    assert names(Level(Post.PERSON, person="otto")) == []


def ladder(name: str, **conditions: str) -> Ladder:
    return Ladder(name, (Level(Post.PERSON, person=name), LAST), **conditions)


LADDERS = replace(
    TODAY,
    ladders=(ladder("petra", trade="works", language="pt"), ladder("pablo", trade="works")),
)


@pytest.mark.parametrize(
    ("about", "named"),
    [
        (NORTH_WORKS, "pablo"),
        (NORTH_WORKS._replace(language="pt"), "petra"),
        (NORTH_WORKS._replace(trade="sales"), ""),
        (About(), ""),
    ],
)
def test_the_first_ladder_that_fits_is_the_case_s(about: About, named: str) -> None:
    assert LADDERS.policy_for(about).ladder == named


def test_where_no_ladder_fits_the_one_without_conditions_stands() -> None:
    assert LADDERS.policy_for(About()) == LADDERS.policy


HOURS = {hours: Span(time=timedelta(hours=hours)) for hours in (1, 2, 4, 8)}


def test_targets_of_a_level_hold_while_the_case_stands_there() -> None:
    hurried = Level(Post.DEPUTY, targets={Target.ACKNOWLEDGE: HOURS[2]})
    targets = {Target.ACKNOWLEDGE: HOURS[4], Target.CONTACT: HOURS[8]}
    policy = replace(TODAY.policy, targets=targets, levels=(Level(Post.ASSIGNEE), hurried, LAST))
    versions = Versions(replace(TODAY, policy=policy), TODAY)

    by_level = [versions.policy(None, NORTH_WORKS, level=n).targets for n in range(4)]

    assert [t[Target.ACKNOWLEDGE] for t in by_level] == [HOURS[n] for n in (4, 2, 4, 4)]
    assert {t[Target.CONTACT] for t in by_level} == {HOURS[8]}
