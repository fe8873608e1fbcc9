"""kill -9 of the web process after it promised to take what came, and while it does: nothing is lost."""

import asyncio

import pytest

from tests.stories.callers import unhappy
from tests.stories.household import Household, eventually

pytestmark = [pytest.mark.story, pytest.mark.timeout(180)]

COUNT = 120


async def test_what_was_promised_is_taken_by_whoever_comes_after(household: Household) -> None:
    """Temporal is away all the time: nothing of it waits for that."""
    await household.prepare()
    await household.start("web")
    sent = [unhappy(f"c-{n}", response=f"r-{n}") for n in range(COUNT)]

    answers = await asyncio.gather(*(household.survey.send(each) for each in sent))
    await household.kill("web")
    promised = waiting(household)
    await household.start("web")
    await eventually(lambda: some_are_taken(household, promised))
    await household.kill("web")
    left = waiting(household)
    await household.start("web")
    await eventually(lambda: none_waits(household))

    assert {answer.status_code for answer in answers} == {202}
    assert 0 < left < promised
    assert household.select("SELECT count(*), count(DISTINCT response_id) FROM responses") == [
        (COUNT, COUNT)
    ]
    assert household.select("SELECT count(*) FROM cases") == [(COUNT,)]
    assert household.select("SELECT fate, count(*) FROM deliveries GROUP BY fate") == [
        ("understood", COUNT)
    ]
    assert household.select(
        "SELECT count(*) FROM responses JOIN deliveries ON response_row = responses.id "
        "WHERE responses.received_at = deliveries.received_at"
    ) == [(COUNT,)]


def waiting(household: Household) -> int:
    [(count,)] = household.select("SELECT count(*) FROM deliveries WHERE fate = 'received'")
    return int(str(count))


async def some_are_taken(household: Household, promised: int) -> bool:
    return waiting(household) < promised


async def none_waits(household: Household) -> bool:
    return waiting(household) == 0
