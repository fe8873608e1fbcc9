"""Temporal or the worker is away: what arrives is kept, and applied once they are back."""

import pytest

from tests.stories.asking import is_asked
from tests.stories.callers import unhappy
from tests.stories.household import Household, eventually

pytestmark = pytest.mark.story


async def test_without_temporal_deliveries_are_taken_and_their_cases_asked_later(
    household: Household,
) -> None:
    await household.prepare()
    await household.start("worker", "web")

    answer = await household.survey.send(unhappy("dubois"))
    case = answer.json()["case_id"]
    before = await household.office.case(case)
    await household.start("temporal")
    await eventually(lambda: is_asked(household, case))

    assert answer.status_code == 202
    assert (before["state"], before["due"]) == ("heard", [])


async def test_deliveries_are_taken_while_temporal_is_killed(household: Household) -> None:
    await household.prepare()
    await household.start("temporal", "worker", "web")
    await eventually(household.healthy)
    await household.kill("temporal")

    answer = await household.survey.send(unhappy("dubois"))
    health = (await household.http.get("/healthz")).json()
    await household.start("temporal")
    await eventually(lambda: is_asked(household, answer.json()["case_id"]))

    assert answer.status_code == 202
    assert (health["temporal"], health["database"]) == ("away", "ok")


async def test_without_a_worker_an_act_is_kept_and_applied_once_when_it_is_sent_again(
    household: Household,
) -> None:
    await household.prepare()
    await household.start("temporal", "worker", "web")
    case = (await household.survey.deliver(unhappy("dubois")))["case_id"]
    await eventually(lambda: is_asked(household, case))
    await household.kill("worker")

    kept = await household.office.act(case, "acknowledge", key="tap")
    await household.start("worker")
    done = await household.office.act_surely(case, "acknowledge", key="tap")
    again = await household.office.act(case, "acknowledge", key="tap")

    assert kept.status_code == 503
    assert kept.json()["error"]["detail"].startswith("Kept, but not applied yet")
    assert done["state"] == "acknowledged"
    assert again.status_code == 200
    assert (await household.office.told(case)).count("acknowledged") == 1
