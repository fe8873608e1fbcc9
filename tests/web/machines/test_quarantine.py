"""The quarantine by API."""

import pytest
from httpx2 import AsyncClient

from models.store.organisations import apply_organisation
from tests.casework import Casework
from tests.models.store.test_quarantine import BY_ITS_NAME, SOON, send
from tests.web.machines.faults import Refusal, refusal


@pytest.fixture
async def kept(casework: Casework) -> str:
    await apply_organisation(casework.database, BY_ITS_NAME, name="tests.yaml", at=SOON)
    return await send(casework)


async def test_it_is_listed_and_counted(api: AsyncClient, casework: Casework, kept: str) -> None:
    await send(casework, source="elsewhere")

    found = (await api.get("/api/quarantine", params={"source": "survey"})).json()

    assert found["problems"] == [{"source": "survey", "place": "recommendation", "count": 1}]
    [item] = found["items"]
    assert (item["id"], item["received_at"]) == (kept, "2027-03-01T09:00:00Z")


async def test_one_is_replayed_and_said_again_is_answered(api: AsyncClient, kept: str) -> None:
    first = (await api.post(f"/api/quarantine/{kept}/replay", json={})).json()
    again = (await api.post(f"/api/quarantine/{kept}/replay", json={})).json()

    assert (first["fate"], first["problem"]) == ("understood", None)
    assert first["case_id"]
    assert (again["fate"], again["response_id"]) == ("understood", first["response_id"])


async def test_what_was_never_there_is_not_known(api: AsyncClient, kept: str) -> None:
    answered = await api.post("/api/quarantine/nothing/replay", json={})
    assert refusal(answered) == Refusal(404, "not_known")


async def test_all_are_replayed_in_parts(api: AsyncClient, casework: Casework, kept: str) -> None:
    await send(casework, id="r-8", recommend="never")

    first = (await api.post("/api/quarantine/replay", json={"limit": 1})).json()
    rest = (await api.post("/api/quarantine/replay", json={"after": first["next"]})).json()

    assert first == {"understood": 1, "still": 0, "failed": 0, "next": kept}
    assert rest == {"understood": 0, "still": 1, "failed": 0, "next": None}


async def test_for_a_person_it_is_the_operations(api: AsyncClient, casework: Casework) -> None:
    assert (await api.get("/api/quarantine", params={"by": "dora"})).status_code == 403
    assert (await api.get("/api/quarantine", params={"by": "nora"})).status_code == 200
