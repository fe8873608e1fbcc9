"""The API of answers that must be fetched: why they wait, and asking for them again."""

import pytest
from httpx2 import AsyncClient

from models.fetching import Trouble
from models.store.deliveries import DeliveryFate
from models.store.fetches import Wanted, give_up
from tests.casework import Casework
from tests.models.store.test_unfetched import told
from tests.web.machines.faults import Refusal, fault_of, refusal


@pytest.fixture
async def fetch(casework: Casework) -> Wanted:
    """It was given up."""
    fetch = await told(casework, "R_77")
    async with casework.database.write() as session:
        await give_up(session, fetch, Trouble.NOT_READABLE, fate=DeliveryFate.QUARANTINED)
    return fetch


async def test_it_lists_them_with_their_last_fault(api: AsyncClient, fetch: Wanted) -> None:
    found = (await api.get("/api/fetches")).json()

    [held], [item] = found["held"], found["items"]
    assert (held["source"], held["fate"], held["count"]) == ("keys", "given_up", 1)
    assert (item["id"], item["response_id"]) == (fetch.fetch_id, "R_77")
    assert (item["problem"], item["next_at"]) == ("not_readable", None)
    assert (await api.get("/api/fetches?source=another")).json() == {"held": [], "items": []}


async def test_one_is_asked_for_again(api: AsyncClient, fetch: Wanted) -> None:
    again = await api.post(f"/api/fetches/{fetch.fetch_id}/again", json={})

    assert again.json() == {"waits": True}
    assert (await api.get("/api/fetches")).json()["items"][0]["fate"] == "waiting"


async def test_all_that_are_given_up_are_asked_for_again(api: AsyncClient, fetch: Wanted) -> None:
    counts = [
        (await api.post("/api/fetches/given-up", json={"source": "keys"})).json() for _ in range(2)
    ]
    assert counts == [{"count": 1}, {"count": 0}]


async def test_what_was_never_told_is_not_known(api: AsyncClient) -> None:
    answered = await api.post("/api/fetches/nothing/again", json={})
    assert refusal(answered) == Refusal(404, "not_known")


async def test_a_response_whose_answer_could_not_be_fetched_says_so(
    api: AsyncClient, fetch: Wanted
) -> None:
    answered = await api.get("/api/responses/keys/R_77")
    assert refusal(answered) == Refusal(404, "not_known")
    assert fault_of(answered).detail.endswith("its answer could not be fetched.")
