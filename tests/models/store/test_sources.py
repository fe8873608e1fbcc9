"""What is told of a source: its deliveries, how late its answers come, whether a score is found."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from models.store.deliveries import Delivery, DeliveryFate
from models.store.operations import read_traffic
from models.store.quarantine import Problem
from models.store.sources import SourceStanding, read_sources
from models.submissions import Way
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


async def hear_late(casework: Casework, n: int, late: timedelta, way: Way = Way.DELIVERED) -> None:
    customer = Identity(f"c-{n}")
    answer = replace(UNHAPPY, response_id=f"r-{n}", score=9, customer=customer)
    async with casework.database.write() as session:
        by = await casework.book.in_force(session)
        delivery = Delivery("survey", b"{}", answer.submitted_at + late, way=way)
        await intake(casework).take(session, delivery, answer, by=by)


async def test_one_that_never_delivered_is_listed(casework: Casework) -> None:
    assert await standings(casework) == [
        SourceStanding("survey", "generic", None, 0, {}, {Way.IMPORTED: 0}),
    ]


async def test_its_deliveries_are_counted_by_fate(casework: Casework) -> None:
    await casework.hear()
    await casework.hear()
    await send(casework, source="gone")

    survey, gone = await standings(casework)

    assert survey.fates == {DeliveryFate.UNDERSTOOD: 1, DeliveryFate.REPEAT: 1}
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


async def test_what_was_asked_for_is_counted_apart_from_what_was_delivered(
    casework: Casework,
) -> None:
    for n, way in enumerate(Way):
        await hear_late(casework, n, n * SECOND, way)

    [survey] = await standings(casework)

    assert survey.came == dict.fromkeys(Way, 1)
    assert (survey.deliveries, survey.recent) == (1, 1)
    assert survey.fates == {DeliveryFate.UNDERSTOOD: 1}


async def test_a_dead_hook_is_told_although_a_backfill_brings_its_answers(
    casework: Casework,
) -> None:
    await hear_late(casework, 1, SECOND)
    [alive] = await standings(casework)
    given = MONDAY_MORNING + timedelta(days=2)
    answer = replace(UNHAPPY, response_id="r-2", submitted_at=given)
    async with casework.database.write() as session:
        by = await casework.book.in_force(session)
        delivery = Delivery("survey", b"{}", given + timedelta(hours=9), way=Way.BACKFILLED)
        await intake(casework).take(session, delivery, answer, by=by)

    [dead] = await standings(casework)

    assert (alive.missed, dead.missed) == (0, 1)
    assert dead.last_at == alive.last_at


async def test_a_score_that_is_missing_in_an_element_of_a_list_is_told(casework: Casework) -> None:
    await bring(
        casework,
        BY_THE_WRONG_NAME.replace("recommendation", "'[*].q'").replace(
            "response_id: id", "response_id: '[*].id'"
        ),
    )
    async with casework.database.write() as session:
        delivery = Delivery("survey", b"[]", MONDAY_MORNING)
        await intake(casework).quarantine(session, delivery, "[3].q")

    [survey] = await standings(casework)

    assert [each.place for each in survey.scoreless] == ["[3].q"]
