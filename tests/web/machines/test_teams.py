"""Teams as a trusted server meets them."""

import pytest
from httpx2 import AsyncClient

from models.store.database import Database
from models.survey import Identity
from models.vault import Vault
from tests.casework import Casework, another
from tests.casework_fixture import casework_of
from tests.line import WITH_A_TEAM
from tests.stories.callers import Office
from tests.web.machines.faults import fault_of

LIMITED = WITH_A_TEAM.replace("share: round_robin", "ceiling: 1\n    overflow: denis")


@pytest.fixture
async def casework(database: Database, vault: Vault) -> Casework:
    return await casework_of(LIMITED, database, vault)


@pytest.fixture
async def case(casework: Casework) -> str:
    return (await casework.open()).case_id


async def test_a_rule_that_names_a_team_tells_whose_turn_it_is(api: AsyncClient, case: str) -> None:
    first, rest, *_ = (await api.get("/api/roster")).json()
    assert (first["named"], first["answers"], first["way"]) == ("line", "petra", "round_robin")
    assert (rest["named"], rest["answers"], rest["way"]) == ("nora", "nora", None)


@pytest.mark.parametrize(
    ("by", "seen"),
    [(None, [None, None]), ("paula", [1, None]), ("denis", [None, None]), ("nora", [1, 0])],
)
async def test_numbers_of_cases_are_for_whom_they_are_about_and_the_national_owner(
    api: AsyncClient, case: str, by: str | None, seen: list[int | None]
) -> None:
    [team] = (await api.get("/api/teams", params={"by": by} if by else {})).json()
    assert [seat["cases"] for seat in team["members"]] == seen
    assert [seat["full"] for seat in team["members"]] == [True, False]
    assert (team["next"], team["way"], team["overflow"]) == ("petra", "round_robin", "denis")


async def test_when_all_are_full_the_next_case_is_the_overflow_s(
    api: AsyncClient, casework: Casework, case: str
) -> None:
    await casework.open(another("r-2", customer=Identity(id="c-2")))
    [team] = (await api.get("/api/teams")).json()
    assert (team["next"], team["way"]) == ("denis", "overflow")


async def test_a_misspelt_team_is_named(office: Office, case: str) -> None:
    answer = await office.act(case, "hand-over", by="paula", to="lime", reason="x")
    assert "There is no person or team 'lime'; did you mean 'line'?" in fault_of(answer).detail


async def test_a_rehearsal_knows_whose_turn_it_is(api: AsyncClient, case: str) -> None:
    delivery = {
        "response_id": "r-9",
        "survey_id": "s-1",
        "submitted_at": "2027-03-01T09:00:00Z",
        "metric": "nps",
        "score": 2,
        "language": "fr",
        "customer": {"id": "c-9"},
        "context": {"region": "north", "trade": "works", "touchpoint": "keys"},
    }
    asked = {"source": "survey", "delivery": delivery, "from": "2027-03-02T09:00:00Z"}
    found = (await api.post("/api/rehearsals", json=asked)).json()
    assert found["steps"][0]["owner"] == "petra"
