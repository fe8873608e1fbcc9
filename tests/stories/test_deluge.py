"""Mixed deliveries at the highest rate that one web process takes, with Temporal away for half of them and
the web process killed twice: afterwards there is exactly what there should be.
"""

import asyncio
import os

import pytest

from tests.stories.callers import Json
from tests.stories.deluge import EXTRA, SECRETS, Deluge, Expected, deluge_of, expected_of
from tests.stories.household import CALM, Household, eventually, quick

DELIVERIES = int(os.environ.get("DELIVERIES", "500"))
"""See CONTRIBUTING: twenty thousand of them take some minutes."""

pytestmark = [pytest.mark.story, pytest.mark.timeout(120 + DELIVERIES // 4)]


@pytest.fixture
def organisation() -> str:
    own = "  - id: survey\n    kind: generic\n"
    return quick(CALM).replace(own, f"{own}{EXTRA.lstrip(chr(10))}")


async def test_after_a_deluge_there_is_exactly_what_was_sent(household: Household) -> None:
    for source, secret in SECRETS.items():
        household.tell(f"RAPPEL_WEBHOOK_SECRET_{source.upper()}", secret)
    await household.prepare()
    await household.start("temporal", "worker", "web")
    await eventually(lambda: at_work(household))
    tellings = deluge_of(DELIVERIES, seed=20261127)
    secret = household.environment["RAPPEL_WEBHOOK_SECRET_SURVEY"]
    deluge = Deluge(household.http, secret, tellings)

    async with asyncio.TaskGroup() as story:
        story.create_task(deluge.pass_by())
        story.create_task(spoil(household, deluge))
    await eventually(lambda: all_heard(household))

    expected = expected_of(tellings)
    assert deluge.promised > 0
    assert_each_response_once(household, expected)
    assert_one_case_for_each_who_is_unhappy(household, expected)
    assert_what_nobody_can_read_is_kept_once(household, expected)


async def at_work(household: Household) -> bool:
    """The worker found Temporal before it leaves."""
    health: Json = (await household.http.get("/healthz")).json()
    return bool(health["worker"] == "ok")


async def spoil(household: Household, deluge: Deluge) -> None:
    """In quarters: Temporal leaves after the first and is back after the third."""

    async def until(share: float) -> None:
        async def so_many() -> bool:
            return deluge.taken >= share * len(deluge.tellings)

        await eventually(so_many)

    await until(0.25)
    await household.kill("temporal")
    for share in (0.4, 0.6):
        await until(share)
        await household.kill("web")
        await household.start("web")
    await until(0.75)
    await household.start("temporal")


async def all_heard(household: Household) -> bool:
    """What was only received is taken, and every case has heard its answers."""
    [(waiting,)] = household.select(
        "SELECT (SELECT count(*) FROM responses WHERE case_id IS NOT NULL AND consumed_seq IS NULL)"
        " + (SELECT count(*) FROM deliveries WHERE fate = 'received')"
    )
    return waiting == 0


def assert_each_response_once(household: Household, expected: Expected) -> None:
    rows = household.select("SELECT source, response_id, score FROM responses")
    assert {(source, response): score for source, response, score in rows} == expected.responses
    assert len(rows) == len(expected.responses)


def assert_one_case_for_each_who_is_unhappy(household: Household, expected: Expected) -> None:
    per_customer = household.select("SELECT count(*) FROM cases GROUP BY customer_id")
    assert per_customer == [(1,)] * len(expected.unhappy)


def assert_what_nobody_can_read_is_kept_once(household: Household, expected: Expected) -> None:
    [(kept,)] = household.select("SELECT count(*) FROM deliveries WHERE fate = 'quarantined'")
    assert kept == len(expected.broken)
