"""Linking customers as a trusted server meets it."""

from dataclasses import replace

import pytest
from httpx2 import AsyncClient

from models.actions import Attempt, Close, Outcome, Reached
from models.survey import Identity
from tests.casework import MONDAY_MORNING, UNHAPPY, Casework
from tests.stories.callers import Json
from tests.web.machines.faults import fault_of, refusal


@pytest.fixture
async def named(casework: Casework) -> Json:
    """Two cases of customers who are one person, and who says so."""
    told = replace(UNHAPPY, response_id="r-2", customer=Identity(email="k@elsewhere.example"))
    older, newer = await casework.open(), await casework.open(told)
    return {"by": "nora", "case": older.case_id, "other": newer.case_id}


async def test_it_is_told_the_ids_of_the_one_person_however_often_it_says_so(
    api: AsyncClient, casework: Casework, named: Json
) -> None:
    rows = [(await casework.view(named[name])).row for name in ("case", "other")]
    told = [(await api.post("/api/customers/merge", json=named)).json() for _ in range(2)]

    assert told == [{"customers": [row.customer_id for row in rows]}] * 2


async def test_it_parts_them_again_however_often_it_says_so(
    api: AsyncClient, casework: Casework, named: Json
) -> None:
    newer = await casework.state(named["other"])
    await casework.act(newer, Close(Outcome.WITHDRAWN), MONDAY_MORNING)
    await api.post("/api/customers/merge", json=named)
    parting = {"by": "nora", "case": named["case"]}
    told = [(await api.post("/api/customers/part", json=parting)).json() for _ in range(2)]

    alone = (await casework.view(named["case"])).row.customer_id
    assert told == [{"customers": [alone]}] * 2


async def test_of_two_open_cases_the_older_absorbs_the_younger(
    api: AsyncClient, named: Json
) -> None:
    await api.post("/api/customers/merge", json=named)
    older, younger = [
        (await api.get(f"/api/cases/{named[name]}")).json() for name in ("case", "other")
    ]

    assert (older["outcome"], younger["outcome"]) == (None, "absorbed")
    assert len(older["responses"]) == 2


async def test_a_younger_case_that_is_under_way_is_to_be_ended_first(
    api: AsyncClient, casework: Casework, named: Json
) -> None:
    newer = await casework.state(named["other"])
    await casework.act(newer, Attempt(Reached.REACHED), MONDAY_MORNING)
    answer = await api.post("/api/customers/merge", json=named)

    assert refusal(answer).rule == "younger_under_way"
    assert newer.case_id in answer.text


async def test_nobody_but_the_national_owner_links(api: AsyncClient, named: Json) -> None:
    answer = await api.post("/api/customers/merge", json={**named, "by": "dora"})
    assert (answer.status_code, fault_of(answer).code) == (403, "not_allowed")
