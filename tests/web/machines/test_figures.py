"""The figures by API: what is asked for is counted, and a question that is none is refused."""

from datetime import timedelta

import pytest
from httpx2 import AsyncClient

from models.survey import Identity
from tests.casework import MONDAY_MORNING, Casework, another
from tests.stories.callers import Office
from tests.web.machines.faults import Refusal, refusal

WEEK = timedelta(days=7)


@pytest.fixture
async def three_weeks(casework: Casework) -> None:
    """An unhappy answer a week, the last one from the south."""
    for week, region in enumerate(("north", "north", "south")):
        customer, at = Identity(id=f"c-{week}"), MONDAY_MORNING + (week - 3) * WEEK
        heard = another(f"r-{week}", customer=customer, region=region, submitted_at=at)
        await casework.open(heard)


@pytest.mark.usefixtures("three_weeks")
@pytest.mark.parametrize(
    ("query", "responses"),
    [
        ("", 3),
        ("region=north", 2),
        ("region=nowhere", 0),
        ("trade=works", 3),
        ("from=2027-02", 3),
        ("to=2027-01", 0),
        ("from=2027-02&to=2027-02&region=south&trade=works&days=90", 1),
        ("from=2027-03&to=2027-02", 0),
    ],
)
async def test_what_is_asked_for_is_counted(office: Office, query: str, responses: int) -> None:
    found = await office.get(f"figures?{query}")

    assert found["overall"]["responses"] == responses
    assert sum(each["measured"]["responses"] for each in found["by_region"]) == responses
    assert sum(each["measured"]["responses"] for each in found["by_period"]) == responses


@pytest.mark.usefixtures("three_weeks")
async def test_the_days_of_the_closed_loop_may_be_chosen(office: Office) -> None:
    """Of three answers, two are at least fourteen days old."""
    loop = (await office.get("figures?days=14"))["overall"]["closed_loop"]

    assert (loop["days"], loop["closed"]["d"]) == (14, 2)


async def test_nobody_is_counted(casework: Casework, api: AsyncClient) -> None:
    await casework.open()

    text = (await api.get("/api/figures")).text

    assert not [name for name in ("dora", "Kerverne", "nora") if name in text]


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("from=2027-02-15", "from"),
        ("to=tomorrow", "to"),
        ("to=2027-13", "to"),
        ("from=0001-01", "from"),
        ("days=8", "days"),
    ],
)
async def test_a_question_that_is_none_is_refused(api: AsyncClient, query: str, place: str) -> None:
    answer = await api.get(f"/api/figures?{query}")

    assert refusal(answer) == Refusal(422, "not_understood", place)


async def test_targets_are_told_by_the_versions_that_made_them_so_long(
    casework: Casework, office: Office
) -> None:
    await casework.open()
    found = (await office.get("figures/targets?region=north"))["targets"]
    [period] = found[0]["periods"]
    assert (found[0]["target"], period["versions"]) == ("acknowledge", [2])
    assert period["length"]["time"] == "PT30M"
    assert (await office.get("figures/targets?region=south"))["targets"] == []
