"""From a signed delivery to the desk at the top, as a trusted server sees it."""

import asyncio
from dataclasses import replace

import pytest
from httpx2 import AsyncClient

from tests.casework import Casework
from tests.grave import LEGAL, have_topics
from tests.stories.callers import Office
from tests.surveys.deliveries import delivery, signed_by_hand
from tests.web.machines.firm import SECRET, Firm, staffed


@pytest.mark.story
async def test_a_delivery_with_a_grave_word_reaches_the_top_of_the_ladder(firm: Firm) -> None:
    await have_topics(firm.casework, organisation=staffed())
    body = delivery(comment="Mon avocat vous écrira.", context={"region": "north"})

    headers = signed_by_hand(body, SECRET)
    taken = (await firm.http.post("/webhooks/survey", content=body, headers=headers)).json()
    while (case := await firm.office.case(taken["case_id"]))["state"] != "asked":
        await asyncio.sleep(0.05)

    assert (case["owner"], case["level"], case["topic"]) == ("nora", 2, "law")
    assert case["responses"][0]["topic_words"] == ["Mon avocat"]


@pytest.mark.story
async def test_a_delivery_that_joins_raises_a_running_case(firm: Firm) -> None:
    await have_topics(firm.casework, organisation=staffed())
    case = await firm.asked()

    await firm.casework.hear(replace(LEGAL, response_id="r-2"))
    firm.app.state.house.dispatcher.wake()
    while (found := await firm.office.case(case))["owner"] != "nora":
        await asyncio.sleep(0.05)

    assert [m["message"] for m in found["messages"] if m["person"] == "nora"] == ["raised"]


async def test_cases_are_found_by_their_topic(casework: Casework, office: Office) -> None:
    await have_topics(casework, organisation=staffed())
    state = await casework.open(LEGAL)

    found = [(await office.get(f"cases?topic={topic}"))["items"] for topic in ("law", "danger")]

    assert [[item["id"] for item in items] for items in found] == [[state.case_id], []]


async def test_who_reads_without_the_customer_gets_the_topic_and_none_of_the_words(
    casework: Casework, api: AsyncClient
) -> None:
    await have_topics(casework, organisation=staffed())
    state = await casework.open(LEGAL)

    read = await api.get(f"/api/cases/{state.case_id}?by=eva")

    assert read.json()["topic"] == "law"
    assert "avocate" not in read.text
