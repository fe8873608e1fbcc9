"""What would become of a response, by API."""

from httpx2 import AsyncClient
from sqlmodel import select

from models.tables import CaseRow
from tests.casework import Casework

DELIVERY = {
    "response_id": "r-9",
    "survey_id": "s-1",
    "submitted_at": "2027-04-30T13:50:00Z",
    "metric": "nps",
    "score": 2,
    "customer": {"id": "c-9"},
    "context": {"region": "north", "trade": "works"},
}
ASKED = {"source": "survey", "delivery": DELIVERY, "from": "2027-04-30T16:00:00+02:00"}


async def test_it_tells_who_is_asked_when_and_by_which_rule(api: AsyncClient) -> None:
    found = (await api.post("/api/rehearsals", json=ASKED)).json()
    first = found["steps"][0]
    assert (found["version"], found["cut"]) == (2, False)
    assert first["at"] == "2027-04-30T14:00:00Z"
    assert first["owner"] in found["closed"]
    assert {"to": first["owner"]}.items() <= first["entries"][1]["facts"].items()


async def test_it_says_on_whose_clocks_the_customer_is_called(api: AsyncClient) -> None:
    overseas = DELIVERY | {"customer": {"id": "c-9", "phone": "0692 12 34 56"}}
    answers = [
        await api.post("/api/rehearsals", json=ASKED | {"delivery": delivery})
        for delivery in (DELIVERY, overseas)
    ]
    assert [each.json()["zone"] for each in answers] == ["Europe/Paris", "Indian/Reunion"]


async def test_nothing_is_kept_of_it(api: AsyncClient, casework: Casework) -> None:
    await api.post("/api/rehearsals", json=ASKED)
    async with casework.database.read() as session:
        assert (await session.exec(select(CaseRow))).all() == []


async def test_a_response_that_opens_nothing_says_why(api: AsyncClient) -> None:
    happy = ASKED | {"delivery": DELIVERY | {"score": 10}}
    found = (await api.post("/api/rehearsals", json=happy)).json()
    assert (found["reason"], found["steps"]) == ("promoter", [])


async def test_a_delivery_that_is_none_is_refused(api: AsyncClient) -> None:
    refused = await api.post("/api/rehearsals", json=ASKED | {"delivery": {"metric": "nps"}})
    assert refused.status_code == 422
    misspelt = await api.post("/api/rehearsals", json=ASKED | {"source": "surveys"})
    assert "did you mean 'survey'?" in misspelt.text
