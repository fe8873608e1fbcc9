"""What is told of a source: its deliveries, how late its answers come, whether a score is found."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from models.store.deliveries import Delivery, DeliveryFate
from models.store.operations import read_traffic
from models.store.quarantine import Problem
from models.store.sources import SourceStanding, read_sources
from models.survey import Identity
from tests.casework import MONDAY_MORNING, UNHAPPY, Casework
from tests.models.store.test_quarantine import BY_THE_WRONG_NAME, bring, intake, send

SECOND = timedelta(seconds=1)
WEEK = timedelta(days=7)


async def standings(casework: Casework) -> Sequence[SourceStanding]:
    async with casework.database.read() as session:
        today = (await casework.book.in_force(session)).organisation
        now = MONDAY_MORNING + WEEK
        traffic = await read_traffic(session, now)
        return await read_sources(session, today, traffic, now=now)


async def hear_late(casework: Casework, n: int, late: timedelta) -> None:
    customer = Identity(f"c-{n}")
    answer = replace(UNHAPPY, response_id=f"r-{n}", score=9, customer=customer)
    async with casework.database.write() as session:
        by = await casework.book.in_force(session)
        delivery = Delivery("survey", b"{}", answer.submitted_at + late)
        await intake(casework).take(session, delivery, answer, by=by)


async def test_one_that_never_delivered_is_listed(casework: Casework) -> None:
    assert await standings(casework) == [
        SourceStanding("survey", "generic", None, 0, {}),
    ]


async def test_its_deliveries_are_counted_by_fate(casework: Casework) -> None:
    await casework.hear()
    await casework.hear()
    await send(casework, source="gone")

    survey, gone = await standings(casework)

    assert survey.ever == {DeliveryFate.UNDERSTOOD: 1, DeliveryFate.REPEAT: 1}
    assert (survey.deliveries, survey.last_at) == (2, MONDAY_MORNING)
    assert (gone.id, gone.kind, gone.deliveries) == ("gone", None, 1)


async def test_its_lag_is_that_of_the_slowest_but_one_in_a_hundred(casework: Casework) -> None:
    for n in range(101):
        await hear_late(casework, n, n * SECOND)

    [survey] = await standings(casework)

    assert survey.lag == 99 * SECOND


async def test_a_mapping_that_finds_no_score_is_told(casework: Casework) -> None:
    await bring(casework, BY_THE_WRONG_NAME)
    await send(casework)

    [survey] = await standings(casework)

    assert survey.scoreless == (Problem("survey", "recommendation", 1),)


async def test_another_fault_is_not_that_of_the_score(casework: Casework) -> None:
    await send(casework)

    [survey] = await standings(casework)

    assert survey.scoreless == ()
