"""Who of a team gets a case: in turn or by load, past who is away or has enough, and never nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.absence import Absence
from models.assignment import Assigned, Circumstances, assign
from models.case import CaseState, Move, Stage
from models.conditions import About
from models.organisation import Organisation, Route
from models.people import Person, Role
from models.sharing import Pick, Sharing, Way, ceiling_of, may_see_load, rivals, turns_in
from models.teams import UNLOADED, Loads, Share, Team
from models.timeline import EntryKind
from models.transfers import ByHand, ByRouting, Transfer
from tests.models.test_roster import MAY, away
from tests.models.test_routing import ORGANISATION, PEOPLE

ON_A_BUSY_MACHINE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
LINE = Team("line", {"fr": "Ligne"}, ("dora", "petra", "pablo"))
CALM = replace(LINE, id="calm", members=("denis", "emil"))


def house(*teams: Team, routed: str = "line", **ceilings: int) -> Organisation:
    """Everything is routed to that team, or person."""
    people = {p.id: replace(p, ceiling=ceilings.get(p.id)) for p in PEOPLE.values()}
    known = {team.id: team for team in teams}
    return replace(ORGANISATION, people=people, teams=known, routes=(Route(routed),))


def pick(
    today: Organisation, loads: Loads = UNLOADED, *absences: Absence, but: str | None = None
) -> tuple[str, Way]:
    found = Sharing(today, absences, MAY, loads, but=but).pick(today.teams["line"])
    return found.person.id, found.way


def turns(**numbers: int) -> Loads:
    return Loads(turns={"line": numbers})


def cases(**numbers: int) -> Loads:
    return Loads(numbers)


def test_who_never_had_a_turn_comes_first_in_the_order_of_the_file() -> None:
    assert pick(house(LINE)) == ("dora", Way.ROUND_ROBIN)
    assert pick(house(LINE), turns(dora=7)) == ("petra", Way.ROUND_ROBIN)


def test_then_whose_turn_lies_farthest_back() -> None:
    assert pick(house(LINE), turns(dora=9, petra=7, pablo=8))[0] == "petra"


def test_who_is_away_is_passed_over() -> None:
    assert pick(house(LINE), UNLOADED, away("dora"))[0] == "petra"


def test_whom_nothing_reaches_is_passed_over() -> None:
    today = house(LINE)
    sharing = Sharing(today, (), MAY, UNLOADED, unreachable=frozenset({"dora"}))
    assert sharing.pick(today.teams["line"]).person.id == "petra"


def test_who_has_reached_his_ceiling_is_passed_over() -> None:
    assert pick(house(LINE, dora=3), cases(dora=3))[0] == "petra"
    assert pick(house(LINE, dora=3), cases(dora=2))[0] == "dora"


def test_a_team_has_a_ceiling_for_members_without_one_of_their_own() -> None:
    today = house(replace(LINE, ceiling=2), petra=9)
    assert [ceiling_of(today, member) for member in LINE.members] == [2, 9, 2]
    assert ceiling_of(today, "denis") is None


def test_of_two_teams_the_lower_ceiling_counts() -> None:
    today = house(replace(LINE, ceiling=4), replace(CALM, members=("dora",), ceiling=2))
    assert ceiling_of(today, "dora") == 2


def test_by_load_the_fewest_cases_decide_and_among_equals_the_turn() -> None:
    today = house(replace(LINE, share=Share.LEAST_LOADED))
    loads = Loads({"dora": 2, "petra": 1, "pablo": 1}, {"line": {"petra": 2, "pablo": 1}})
    assert pick(today, loads) == ("pablo", Way.LEAST_LOADED)


FULL = cases(dora=1, petra=1, pablo=1)


def test_when_all_are_full_the_overflow_team_decides_by_its_own_rule() -> None:
    calm = replace(CALM, share=Share.LEAST_LOADED)
    today = house(replace(LINE, ceiling=1, overflow="calm"), calm)
    found = Sharing(today, (), MAY, FULL).pick(today.teams["line"])
    assert found == Pick(today.people["denis"], Way.LEAST_LOADED, "line", "calm")
    assert found.facts == {"team": "line", "way": "least_loaded", "via": "calm"}


def test_an_overflow_may_be_a_person() -> None:
    today = house(replace(LINE, ceiling=1, overflow="denis"))
    assert pick(today, FULL) == ("denis", Way.OVERFLOW)


def test_an_overflow_who_is_away_is_answered_for_by_his_stand_in() -> None:
    today = house(replace(LINE, ceiling=1, overflow="denis"))
    assert given_by(ByRouting(), today, FULL, away("denis", "emil")).state.owner == "emil"


@pytest.mark.parametrize("absences", [(), (away("denis"),)])
def test_where_the_overflow_ends_nowhere_the_least_loaded_member_gets_it_all_the_same(
    absences: tuple[Absence, ...],
) -> None:
    """A full person is no help, nor one who is away and for whom nobody stands in."""
    today = house(replace(LINE, ceiling=1, overflow="denis"), denis=4)
    loads = cases(dora=3, petra=2, pablo=3, denis=4)
    assert pick(today, loads, *absences) == ("petra", Way.ABOVE_CEILING)


def test_where_no_member_is_there_it_is_the_national_owner() -> None:
    gone = [away(member) for member in LINE.members]
    assert pick(house(LINE), UNLOADED, *gone) == ("nadia", Way.NOBODY_THERE)


def test_where_no_member_is_there_the_overflow_is_asked_first() -> None:
    gone = [away(member) for member in LINE.members]
    today = house(replace(LINE, overflow="calm"), CALM)
    assert pick(today, UNLOADED, *gone) == ("denis", Way.ROUND_ROBIN)


def test_a_full_overflow_team_is_better_than_nobody() -> None:
    gone = [away(member) for member in LINE.members]
    today = house(replace(LINE, overflow="calm"), replace(CALM, ceiling=1))
    assert pick(today, cases(denis=2, emil=1), *gone) == ("emil", Way.ABOVE_CEILING)


def test_overflows_that_come_back_are_left() -> None:
    """The check refuses them; a pick must not depend on it."""
    today = house(
        replace(LINE, ceiling=1, overflow="calm"), replace(CALM, ceiling=1, overflow="line")
    )
    loads = cases(dora=1, petra=1, pablo=1, denis=1, emil=1)
    assert pick(today, loads) == ("dora", Way.ABOVE_CEILING)


def test_teams_that_may_come_to_the_same_people_are_rivals() -> None:
    today = house(
        replace(LINE, overflow="denis"), CALM, replace(CALM, id="far", members=("nadia",))
    )
    assert rivals(today, today.teams["line"]) == {"line", "calm"}


def test_a_number_of_cases_is_for_himself_and_for_who_shares_the_work_out() -> None:
    assert may_see_load(PEOPLE["dora"], "dora")
    assert may_see_load(PEOPLE["nadia"], "dora")
    assert not may_see_load(PEOPLE["petra"], "dora")
    assert not may_see_load(PEOPLE["emil"], "dora")


def given_by(
    transfer: Transfer,
    today: Organisation,
    loads: Loads = UNLOADED,
    *absences: Absence,
    owner: str | None = None,
) -> Assigned:
    found = Circumstances(About(), today, today.policy, MAY, absences=absences, loads=loads)
    state = CaseState("case", MAY, stage=Stage.ASKED, assignee=owner, owner=owner, level=1)
    return assign(Move(state, (), transfer=transfer), found)


def test_the_ladder_is_seen_from_whom_the_team_picked() -> None:
    after = given_by(ByRouting(), house(LINE), turns(dora=1))
    assert (after.state.assignee, after.state.owner, after.state.level) == ("petra", "petra", 0)
    [entry] = after.entries
    assert entry.facts == {"to": "petra", "rule": 1, "team": "line", "way": "round_robin"}


def test_the_timeline_says_that_the_ceiling_was_passed() -> None:
    after = given_by(ByRouting(), house(replace(LINE, ceiling=1)), FULL)
    assigned, passed = after.entries
    assert (passed.kind, passed.facts) == (
        EntryKind.CEILING_PASSED,
        {"to": "dora", "team": "line"},
    )
    [turn] = turns_in([assigned, passed])
    assert (turn.team, turn.person, turn.passed) == ("line", "dora", True)


def test_a_case_that_starts_at_the_top_is_nobody_s_turn() -> None:
    today = house(LINE)
    found = Circumstances(About(), today, today.policy, MAY, topic="press")
    after = assign(Move(CaseState("case", MAY), (), transfer=ByRouting()), found)
    assert (after.state.assignee, after.state.owner) == ("dora", "nadia")
    assert list(turns_in(after.entries)) == []


def test_who_hands_a_case_to_his_own_team_does_not_get_it_back() -> None:
    after = given_by(ByHand("line"), house(LINE), owner="dora")
    assert (after.state.owner, after.state.assignee, after.state.level) == ("petra", "petra", 0)


def test_who_gets_a_case_by_hand_above_his_ceiling_is_said_to() -> None:
    today = house(LINE, denis=2)
    assert given_by(ByHand("denis"), today, cases(denis=1), owner="dora").entries == ()
    after = given_by(ByHand("denis"), today, cases(denis=2), owner="dora")
    assert after.state.owner == "denis"
    assert [entry.kind for entry in after.entries] == [EntryKind.CEILING_PASSED]


def test_a_case_that_is_handed_to_who_has_just_left_goes_to_his_successor() -> None:
    today = replace(house(LINE), successors={"gone": "denis"})
    assert given_by(ByHand("gone"), today, owner="dora").state.owner == "denis"
    assert given_by(ByHand("nobody"), today, owner="dora").state.owner == "nadia"


def shared_out(presence: Sequence[set[str]]) -> list[str]:
    """A case for each set of who is there then; the turns are counted as the commit does."""
    today, had, got = house(LINE), dict[str, int](), list[str]()
    for there in presence:
        gone = [away(member) for member in LINE.members if member not in there]
        who, _ = pick(today, turns(**had), *gone)
        had[who] = 1 + max(had.values(), default=0)
        got.append(who)
    return got


COMING_AND_GOING = st.lists(
    st.sets(st.sampled_from(LINE.members), min_size=1), min_size=1, max_size=60
)


@ON_A_BUSY_MACHINE
@given(COMING_AND_GOING, st.data())
def test_of_two_who_are_there_none_gets_two_more_than_the_other(
    presence: list[set[str]], data: st.DataObject
) -> None:
    """Over any stretch of time in which both are there, whoever else comes and goes."""
    one, other = data.draw(st.sampled_from(list(pairwise((*LINE.members, LINE.members[0])))))
    got = shared_out([there | {one, other} for there in presence])
    start = data.draw(st.integers(0, len(got)))
    assert abs(got[start:].count(one) - got[start:].count(other)) <= 1


@ON_A_BUSY_MACHINE
@given(st.integers(2, 30))
def test_who_comes_back_has_one_turn_at_once_and_then_waits_like_everybody(weeks: int) -> None:
    """Nobody catches up on what he missed."""
    got = shared_out([{"dora", "petra"}] * weeks + [set(LINE.members)] * 6)
    assert sorted(got[-6:]) == ["dora", "dora", "pablo", "pablo", "petra", "petra"]
    assert got[weeks] == "pablo"


IDS = ("dora", "denis", "petra", "pablo", "nadia", "emil")
MAYBE_CEILING = st.none() | st.integers(1, 3)


@st.composite
def houses(draw: st.DrawFn) -> Organisation:
    """Any teams, with overflows that may lead nowhere or around, and people who became operators."""
    people = {
        who.id: replace(
            who,
            ceiling=draw(MAYBE_CEILING),
            role=draw(st.sampled_from([who.role, Role.OPERATOR]))
            if who.id != "nadia"
            else who.role,
        )
        for who in PEOPLE.values()
    }
    names = ("line", "calm", "far")
    teams = {
        name: Team(
            name,
            {},
            tuple(draw(st.lists(st.sampled_from(IDS), min_size=1, unique=True))),
            draw(st.sampled_from(Share)),
            draw(st.none() | st.sampled_from((*IDS, *names, "gone"))),
            draw(MAYBE_CEILING),
        )
        for name in names
    }
    routes = draw(st.lists(st.sampled_from((*IDS, *names)).map(Route), max_size=2))
    return replace(ORGANISATION, people=people, teams=teams, routes=tuple(routes))


ABSENCES = st.lists(
    st.builds(away, st.sampled_from(IDS), st.none() | st.sampled_from((*IDS, "gone"))),
    unique_by=lambda absence: absence.person,
).map(tuple)
NUMBERS = st.dictionaries(st.sampled_from(IDS), st.integers(0, 4))
LOADS = st.builds(
    Loads, NUMBERS, st.dictionaries(st.sampled_from(("line", "calm", "far")), NUMBERS)
)
TRANSFERS = st.just(ByRouting()) | st.sampled_from(("line", "calm", "far")).map(ByHand)


def takes_cases(people: Mapping[str, Person], person: str | None) -> bool:
    return person is not None and person in people and people[person].takes_cases


@ON_A_BUSY_MACHINE
@given(houses(), ABSENCES, LOADS, TRANSFERS, st.none() | st.sampled_from(IDS))
def test_there_is_no_unassigned_time(
    today: Organisation,
    absences: tuple[Absence, ...],
    loads: Loads,
    transfer: Transfer,
    owner: str | None,
) -> None:
    """Elsewhere a case waits for somebody to be free. Here it is somebody's at once, whatever holds."""
    state = given_by(transfer, today, loads, *absences, owner=owner).state
    assert takes_cases(today.people, state.owner)
    assert takes_cases(today.people, state.assignee)


@ON_A_BUSY_MACHINE
@given(houses(), ABSENCES, LOADS)
def test_nobody_who_is_away_or_full_is_picked_while_a_member_is_there_and_free(
    today: Organisation, absences: tuple[Absence, ...], loads: Loads
) -> None:
    team, sharing = today.teams["line"], Sharing(today, absences, MAY, loads)
    free = {seat.person.id for seat in sharing.day(team).seats if not (seat.absence or seat.full)}
    assert not free or sharing.pick(team).person.id in free
