"""kill -9 of every process in the middle of a flood: nothing that was answered 2xx is lost."""

import asyncio
import os
import random
import re
import signal
from datetime import datetime

import pytest

from tests.stories.flood import AGAIN, FIRST, PROMOTERS, Flood
from tests.stories.household import Household, eventually

pytestmark = [pytest.mark.story, pytest.mark.timeout(300)]

VICTIMS = {"Temporal": "start-dev", "worker": "rappel worker", "web": "rappel web"}
"""How the supervisor calls a child, and what stands in its command line."""

LINK = re.compile(r"/[lc]/([\w-]{22})")

ACTS = ("acknowledged", "attempted", "cause_named", "action_added", "action_done", "confirmed")
"""What stands on the timeline for each act; a confirmation's closing stands beside it."""


@pytest.mark.parametrize("seed", [2])
async def test_nothing_answered_is_lost_and_nothing_is_done_twice(
    household: Household, seed: int
) -> None:
    household.parts["up"].terminal = True
    await household.up()
    flood = Flood(household)

    async with asyncio.TaskGroup() as story:
        story.create_task(flood.pass_by())
        story.create_task(kill_at_random(household, flood, random.Random(seed)))  # noqa: S311 - for moments
    await eventually(lambda: quiet(household))

    assert said_to_start_again(household) >= set(VICTIMS)
    assert_one_case_a_customer(household)
    assert_every_response_has_a_case_or_a_reason(household)
    assert_each_act_answered_stands_once(household, flood)
    assert_no_letter_was_posted_twice(household)
    assert_every_open_case_is_due(household)


async def kill_at_random(household: Household, flood: Flood, chance: random.Random) -> None:
    """Each victim twice, at moments counted in deliveries, so that they fall into the flood."""
    victims = chance.sample(list(VICTIMS) * 2, k=len(VICTIMS) * 2)
    moments = sorted(chance.sample(range(10, FIRST + AGAIN), k=len(victims)))
    for moment, victim in zip(moments, victims, strict=True):
        await flood.until_taken(moment)
        await kill(household, victim)


async def kill(household: Household, victim: str) -> None:
    async def living() -> list[int]:
        children = household.parts["up"].children.items()
        return [process for process, command in children if VICTIMS[victim] in command]

    (process,) = await eventually(living)
    os.kill(process, signal.SIGKILL)


async def quiet(household: Household) -> bool:
    """Every part answers, and nothing waits any more."""
    health = (await household.http.get("/healthz")).json()
    waits = health["oldest_undispatched_response"] or health["oldest_unsent_intent"]
    return health["status"] == "ok" and not waits


def said_to_start_again(household: Household) -> set[str]:
    lines = household.logged.splitlines()
    return {line.split()[0] for line in lines if "was killed (SIGKILL): it starts again" in line}


def assert_one_case_a_customer(household: Household) -> None:
    per_customer = household.select("SELECT count(*) FROM cases GROUP BY customer_id")
    assert per_customer == [(1,)] * FIRST


def assert_every_response_has_a_case_or_a_reason(household: Household) -> None:
    responses = household.select("SELECT case_id IS NULL, reason FROM responses")
    assert responses.count((0, None)) == FIRST + AGAIN
    assert responses.count((1, "promoter")) == PROMOTERS
    assert len(responses) == FIRST + AGAIN + PROMOTERS


def assert_each_act_answered_stands_once(household: Household, flood: Flood) -> None:
    committed = household.select("SELECT case_id, key, seq FROM acts WHERE seq IS NOT NULL")
    timeline = household.select("SELECT case_id, seq, kind FROM timeline")
    written = [(case, seq) for case, seq, kind in timeline if kind in ACTS]
    assert {(act.case, act.key) for act in flood.answered} <= {(c, k) for c, k, _ in committed}
    assert sorted(written) == sorted((case, seq) for case, _, seq in committed)


def assert_no_letter_was_posted_twice(household: Household) -> None:
    """Each letter has a link of its own; the terminal shows every letter that the carrier took."""
    posted = LINK.findall(household.logged)
    accepted = household.select("SELECT count(*) FROM intents WHERE status = 'accepted'")
    assert len(posted) == len(set(posted))
    assert 0 < int(str(accepted[0][0])) <= len(posted)


def assert_every_open_case_is_due(household: Household) -> None:
    due = [at for (at,) in household.select("SELECT due_at FROM cases WHERE open")]
    assert due
    assert all(datetime.fromisoformat(str(at)) for at in due)
