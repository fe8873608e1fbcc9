"""A team shares its cases out: each commit counts what the one before it has given."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import pytest

from models.absence import Absence
from models.actions import HandOver
from models.case import CaseState, Opened
from models.errors import Misconfigured
from models.messages import Verdict
from models.posting import Posting
from models.store.absences import keep_absence
from models.store.database import Database
from models.store.organisations import apply_organisation
from models.store.roster import roster_at
from models.store.teams import passed_since
from models.survey import Identity
from models.timeline import EntryKind
from models.vault import Vault
from tests.activities.test_climbing import come_back
from tests.casework import MONDAY_MORNING, SMALL, Casework, another, request_of
from tests.casework_fixture import casework_of
from tests.line import FULL, LOADED, TEAM, WITH_A_TEAM


@pytest.fixture
async def casework(database: Database, vault: Vault) -> Casework:
    """The small organisation, whose works in the north are shared by two agents of a partner."""
    return await casework_of(WITH_A_TEAM, database, vault)


async def heard(
    casework: Casework, number: int, at: datetime = MONDAY_MORNING, *, language: str = "fr"
) -> CaseState:
    """The case of another customer, which is nobody's yet."""
    who = Identity(id=f"c-{number}")
    answer = another(f"r-{number}", customer=who, submitted_at=at, language=language)
    taken = await casework.hear(answer)
    return CaseState(taken.case_id or "", at)


async def opened(casework: Casework, number: int, at: datetime = MONDAY_MORNING) -> CaseState:
    state = await heard(casework, number, at)
    return (await casework.take(state, Opened(at))).state


async def owners(casework: Casework, *numbers: int) -> list[str | None]:
    return [(await opened(casework, number)).owner for number in numbers]


async def put_in_force(casework: Casework, text: str) -> None:
    await apply_organisation(casework.database, text, name="tests.yaml", at=MONDAY_MORNING)


async def go_away(
    casework: Casework, person: str, since: datetime, until: datetime, stand_in: str | None = None
) -> None:
    absence = Absence(f"away-{person}", person, since, until, stand_in)
    async with casework.database.write() as session:
        keep_absence(session, absence, by="nora", key=absence.id, at=since)


async def facts(casework: Casework, state: CaseState, kind: EntryKind) -> list[dict[str, object]]:
    timeline = (await casework.view(state.case_id)).timeline
    return [dict(entry.facts) for entry in timeline if entry.kind is kind]


async def test_cases_go_to_the_members_in_turn(casework: Casework) -> None:
    assert await owners(casework, 1, 2, 3, 4) == ["paula", "petra", "paula", "petra"]


async def test_the_timeline_says_which_rule_decided(casework: Casework) -> None:
    state = await opened(casework, 1)
    assert state.assignee == "paula"
    assert await facts(casework, state, EntryKind.ASSIGNED) == [
        {"to": "paula", "rule": 1, "team": "line", "way": "round_robin"}
    ]


async def test_silence_climbs_from_the_member_whom_the_team_picked(casework: Casework) -> None:
    state = await opened(casework, 1)
    while state.owner == "paula":
        state = await casework.stay_silent(state)
    assert (state.owner, state.level) == ("denis", 1)


async def test_a_commit_that_runs_twice_gives_one_turn_to_one_member(casework: Casework) -> None:
    state = await heard(casework, 1)
    request = request_of(state, Opened(MONDAY_MORNING))
    first = await casework.records.commit(request)
    again = await casework.records.commit(request)
    assert (again.verdict, again.state.owner) == (Verdict.APPLIED, first.state.owner)
    assert await owners(casework, 2, 3) == ["petra", "paula"]


@pytest.mark.parametrize("organisation", [WITH_A_TEAM, LOADED], ids=["in_turn", "by_load"])
async def test_commits_of_the_same_moment_never_pick_on_the_same_count(
    organisation: str, casework: Casework
) -> None:
    """Elsewhere the free one gets everything that comes while he still looks free."""
    await put_in_force(casework, organisation)
    waiting = [await heard(casework, number) for number in range(8)]

    receipts = await asyncio.gather(
        *(casework.take(state, Opened(MONDAY_MORNING)) for state in waiting)
    )

    assert Counter(receipt.state.owner for receipt in receipts) == {"paula": 4, "petra": 4}


async def test_two_teams_that_share_a_member_wait_for_each_other(casework: Casework) -> None:
    """Else both would take him for free at the same moment."""
    other = TEAM.replace("teams:\n", "").replace("id: line", "id: other")
    text = LOADED.replace("routing:\n", f"{other}routing:\n  - {{language: en, to: other}}\n")
    await put_in_force(casework, text.replace("round_robin", "least_loaded"))
    for number in range(1, 7, 2):
        pair = await heard(casework, number), await heard(casework, number + 1, language="en")

        receipts = await asyncio.gather(
            *(casework.take(state, Opened(MONDAY_MORNING)) for state in pair)
        )

        assert {receipt.state.owner for receipt in receipts} == {"paula", "petra"}


async def test_while_a_member_is_away_the_others_have_the_new_cases(casework: Casework) -> None:
    later = MONDAY_MORNING + timedelta(minutes=5)
    await go_away(casework, "paula", MONDAY_MORNING, later)
    assert await owners(casework, 1, 2) == ["petra", "petra"]
    assert [(await opened(casework, n, later)).owner for n in (3, 4, 5)] == [
        "paula",
        "petra",
        "paula",
    ]


async def test_above_every_ceiling_the_case_is_somebodys_and_operations_hears_of_it(
    casework: Casework,
) -> None:
    await put_in_force(casework, FULL)
    assert await owners(casework, 1, 2) == ["paula", "petra"]
    async with casework.database.read() as session:
        assert await passed_since(session, MONDAY_MORNING) == []

    third = await opened(casework, 3)

    assert third.owner == "paula"
    assert await facts(casework, third, EntryKind.CEILING_PASSED) == [
        {"to": "paula", "team": "line"}
    ]
    async with casework.database.read() as session:
        assert [row.id for row in await passed_since(session, MONDAY_MORNING)] == ["line"]


async def test_a_closed_case_makes_room(casework: Casework) -> None:
    await put_in_force(casework, FULL.replace("ceiling: 1", "ceiling: 1\n    overflow: denis"))
    first, _ = [await opened(casework, number) for number in (1, 2)]
    assert await owners(casework, 3) == ["denis"]
    await casework.act(first, HandOver("nora"), MONDAY_MORNING)
    assert await owners(casework, 4) == ["paula"]


async def test_a_full_stand_in_of_the_overflow_is_passed_over(casework: Casework) -> None:
    """He is in no team, and his cases are counted all the same."""
    nora = "nora, ceiling: 1, name: Nora National"
    text = FULL.replace("ceiling: 1", "ceiling: 1\n    overflow: denis")
    await put_in_force(casework, text.replace("nora, name: Nora National", nora))
    await casework.open(another("r-9", trade="roof", customer=Identity(id="c-9")))
    await go_away(casework, "denis", MONDAY_MORNING, MONDAY_MORNING + timedelta(days=1), "nora")
    assert await owners(casework, 1, 2, 3) == ["paula", "petra", "paula"]


async def test_a_case_is_handed_to_a_team_whose_rule_picks(casework: Casework) -> None:
    state = await casework.open(another("r-9", trade="roof"))
    assert state.owner == "nora"
    after = await casework.act(state, HandOver("line"), MONDAY_MORNING)
    assert (after.owner, after.assignee, after.level) == ("paula", "paula", 0)
    assert await facts(casework, after, EntryKind.HANDED_OVER) == [{"to": "line"}]
    assert (await casework.act(after, HandOver("line"), MONDAY_MORNING)).owner == "petra"
    view = await casework.view(state.case_id)
    told = [(m.message, m.person) for m in view.messages if m.status != "withdrawn"]
    assert ("handed_over", "petra") in told


async def test_the_roster_tells_who_is_there_and_who_is_next(casework: Casework) -> None:
    await opened(casework, 1)
    await go_away(casework, "petra", MONDAY_MORNING, MONDAY_MORNING + timedelta(days=1))
    async with casework.database.read() as session:
        today = (await casework.book.in_force(session)).organisation
        found = await roster_at(session, today, MONDAY_MORNING)
    day = found.teams["line"]
    assert [(s.person.id, s.absence is None, s.cases) for s in day.seats] == [
        ("paula", True, 1),
        ("petra", False, 0),
    ]
    assert day.next.person.id == "paula"


async def test_the_roster_names_nobody_as_next_whom_nothing_reaches(casework: Casework) -> None:
    """As the commit, which passes over who stands in turn."""
    await opened(casework, 1)
    await come_back(casework, "petra", Posting.FAILED, Posting.FAILED)
    async with casework.database.read() as session:
        today = (await casework.book.in_force(session)).organisation
        found = await roster_at(session, today, MONDAY_MORNING)
    assert found.teams["line"].next.person.id == "paula"
    assert await owners(casework, 2) == ["paula"]


async def test_a_member_who_leaves_while_cases_are_his_needs_a_successor(
    casework: Casework,
) -> None:
    await opened(casework, 1)
    without = "\n".join(
        line for line in WITH_A_TEAM.splitlines() if not line.startswith("  - {id: paula")
    ).replace("[paula, petra]", "[petra]")
    with pytest.raises(Misconfigured, match="paula is in the organisation no more, and 1 open"):
        await put_in_force(casework, without)
    await put_in_force(casework, f"{without}\nsuccessors: {{paula: petra}}\n")


async def test_an_organisation_without_teams_keeps_no_turns(
    database: Database, vault: Vault
) -> None:
    casework = await casework_of(SMALL.read_text(), database, vault)
    assert (await casework.open()).owner == "dora"
    async with database.read() as session:
        today = (await casework.book.in_force(session)).organisation
        assert (await roster_at(session, today, MONDAY_MORNING)).teams == {}
