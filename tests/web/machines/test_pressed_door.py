"""The door when very many come at once: what is answered then, and that nothing of it is lost."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest
from httpx2 import AsyncClient
from structlog.testing import capture_logs

from models.tables import ResponseRow
from tests.databases import ENGINES
from tests.models.store.test_quarantine import rows
from tests.stories.callers import Json
from tests.surveys.deliveries import delivery
from tests.web.machines.faults import Refusal, refusal
from tests.web.machines.firm import caller
from tests.web.machines.test_webhooks import kept, send
from tests.web.pages.reception import Reception
from web.door import CALM, Door
from web.provided import House

RECEIVED: Json = {
    "fate": "received",
    "response_id": None,
    "case_id": None,
    "reason": None,
    "problem": None,
    "rest": [],
}


@pytest.fixture
def api(reception: Reception) -> AsyncClient:
    """Survey systems have no token."""
    client = caller(reception.app)
    del client.headers["authorization"]
    return client


@contextmanager
def pressed(reception: Reception) -> Iterator[House]:
    """By deliveries that come to no end."""
    house: House = reception.app.state.house
    door = Door(house.database, house.book, seconds=lambda: 0.0)
    reception.app.state.house = replace(house, door=door)
    with ExitStack() as pressing:
        for _ in range(CALM + 1):
            pressing.enter_context(door.entered())
        yield house


@pytest.mark.parametrize("database_url", ENGINES, indirect=True)
async def test_pressed_it_promises_and_keeps_the_promise(
    reception: Reception, api: AsyncClient
) -> None:
    with pressed(reception) as house:
        answer = await send(api, delivery())

    assert (answer.status_code, answer.json()) == (202, RECEIVED)
    assert await kept(reception) == [("received", None, delivery())]
    await house.taker.take_some()
    assert await kept(reception) == [("understood", None, delivery())]
    [response] = await rows(reception.casework, ResponseRow)
    assert response.case_id


async def test_a_flood_is_taken_once_each(reception: Reception, api: AsyncClient) -> None:
    """Each is sent twice."""
    house: House = reception.app.state.house
    bodies = [delivery(response_id=f"r-{n // 2}") for n in range(24)]

    answers = await asyncio.gather(*(send(api, body) for body in bodies))
    while await house.taker.take_some():
        pass

    said = [answer.json()["fate"] for answer in answers]
    assert "received" in said
    assert {answer.status_code for answer in answers} <= {200, 202}
    assert len(await rows(reception.casework, ResponseRow)) == 12
    assert (
        sorted(fate for fate, _, _ in await kept(reception))
        == ["repeat"] * 12 + ["understood"] * 12
    )


async def test_pressed_it_still_tells_who_writes_the_body_himself_what_is_wrong(
    reception: Reception, api: AsyncClient
) -> None:
    with pressed(reception):
        answer = await send(api, delivery(score="very much"))

    assert refusal(answer) == Refusal(422, "not_understood", place="score")
    assert [fate for fate, _, _ in await kept(reception)] == ["quarantined"]


async def test_pressed_it_still_refuses_a_wrong_signature(
    reception: Reception, api: AsyncClient
) -> None:
    with pressed(reception):
        answer = await send(api, delivery(), secret="d3Jvbmctc2VjcmV0LW9mLW91cnM=")

    assert refusal(answer).status == 401
    assert await kept(reception) == []


async def test_what_waits_is_told_with_its_age(reception: Reception, api: AsyncClient) -> None:
    with pressed(reception):
        await send(api, delivery())

    health = (await api.get("/healthz")).json()

    assert health["received_deliveries"] == 1
    assert health["oldest_received_delivery"] == "2027-03-01T09:05:00Z"


async def test_what_is_taken_later_is_logged_without_anybody_s_words(
    reception: Reception, api: AsyncClient
) -> None:
    with pressed(reception) as house:
        await send(api, delivery())
    with capture_logs() as logged:
        await house.taker.take_some()

    [taken] = [line for line in logged if line["event"] == "delivery_taken"]
    assert taken.keys() == {"event", "log_level", "delivery", "fate", "response", "case"}
