"""Linking customers as a trusted server meets it."""

from dataclasses import replace

import pytest
from httpx2 import AsyncClient

from models.survey import Identity
from tests.casework import UNHAPPY, Casework
from tests.stories.callers import Json
from tests.web.machines.faults import fault_of


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
    await api.post("/api/customers/merge", json=named)
    parting = {"by": "nora", "case": named["case"]}
    told = [(await api.post("/api/customers/part", json=parting)).json() for _ in range(2)]

    alone = (await casework.view(named["case"])).row.customer_id
    assert told == [{"customers": [alone]}] * 2


async def test_nobody_but_the_national_owner_links(api: AsyncClient, named: Json) -> None:
    answer = await api.post("/api/customers/merge", json={**named, "by": "dora"})
    assert (answer.status_code, fault_of(answer).code) == (403, "not_allowed")
