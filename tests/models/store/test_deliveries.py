"""Whose a raw body is: also one that told of a response before the response came."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, select

from models.store.deliveries import Delivery, DeliveryFate
from models.submissions import Pointer, Progress
from models.survey import Identity, SurveyResponse, Unscored, Withdrawal
from models.tables import DeliveryRow
from tests.casework import MONDAY_MORNING, UNHAPPY, Casework

MINUTE = timedelta(minutes=1)
Told = SurveyResponse | Withdrawal | Unscored | Pointer
NOBODY_YET = replace(UNHAPPY, customer=Identity(), progress=Progress.PARTIAL)


async def tell(casework: Casework, told: Told, *, minute: int, source: str = "survey") -> None:
    delivery = Delivery(source, b"{}", MONDAY_MORNING + minute * MINUTE)
    async with casework.database.write() as session:
        by = await casework.book.in_force(session)
        await casework.intake.take_told(session, delivery, told, by=by)


async def kept(casework: Casework) -> list[DeliveryRow]:
    in_order = select(DeliveryRow).order_by(col(DeliveryRow.received_at))
    async with casework.database.read() as session:
        return list((await session.exec(in_order)).all())


@pytest.mark.parametrize(
    "before", [Unscored("r-1", "s-1"), Withdrawal("r-1", "s-1", MONDAY_MORNING - MINUTE)]
)
async def test_what_told_of_it_before_it_came_belongs_to_its_customer_once_it_comes(
    casework: Casework, before: Told
) -> None:
    await tell(casework, before, minute=0)
    [early] = await kept(casework)
    await tell(casework, UNHAPPY, minute=1)

    response = await casework.response()
    assert (early.customer_id, early.response_row) == (None, None)
    assert [row.customer_id for row in await kept(casework)] == [response.customer_id] * 2
    assert [row.awaits for row in await kept(casework)] == [None, None]


async def test_what_comes_late_of_it_belongs_to_its_customer_at_once(casework: Casework) -> None:
    await tell(casework, UNHAPPY, minute=0)
    await tell(casework, Unscored("r-1", "s-1"), minute=1)

    late = (await kept(casework))[-1]
    assert late.fate == DeliveryFate.UNFINISHED
    assert late.customer_id == (await casework.response()).customer_id


async def test_it_follows_where_a_later_telling_says_whose_it_is(casework: Casework) -> None:
    await tell(casework, NOBODY_YET, minute=0)
    before = (await casework.response()).customer_id
    await tell(casework, UNHAPPY, minute=1)

    after = (await casework.response()).customer_id
    assert before != after
    assert [row.customer_id for row in await kept(casework)] == [after, after]


@pytest.mark.parametrize(
    ("named", "source"), [("r-2", "survey"), ("r-1", "elsewhere")], ids=["name", "source"]
)
async def test_what_tells_of_another_response_stays_nobody_s(
    casework: Casework, named: str, source: str
) -> None:
    await tell(casework, Unscored(named, "s-1"), minute=0, source=source)
    await tell(casework, UNHAPPY, minute=1)

    assert (await kept(casework))[0].customer_id is None
