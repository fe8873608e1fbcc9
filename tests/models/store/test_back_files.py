"""An answer of a back-file is a response like any other, and no delivery brought it."""

from dataclasses import replace
from datetime import timedelta

from sqlmodel import select

from models.store.back_files import take_backfiled
from models.store.deliveries import DeliveryFate
from models.store.intake import Taken
from models.survey import Reason, SurveyResponse
from models.tables import DeliveryRow, ResponseRow
from tests.casework import MONDAY_MORNING, UNHAPPY, Casework
from tests.models.store.test_quarantine import intake

LATER = MONDAY_MORNING + timedelta(days=3)


async def take(casework: Casework, response: SurveyResponse = UNHAPPY) -> Taken:
    async with casework.database.write() as session:
        by = await casework.book.in_force(session)
        hands = intake(casework)
        return await take_backfiled(session, hands, "survey", response, at=LATER, by=by)


async def responses(casework: Casework) -> list[ResponseRow]:
    async with casework.database.read() as session:
        return list((await session.exec(select(ResponseRow))).all())


async def test_it_is_marked_and_no_delivery_is_kept(casework: Casework) -> None:
    taken = await take(casework)

    [row] = await responses(casework)
    assert (row.way, row.case_id, row.received_at) == ("imported", taken.case_id, LATER)
    async with casework.database.read() as session:
        assert (await session.exec(select(DeliveryRow))).all() == []


async def test_what_was_delivered_stays_as_it_is(casework: Casework) -> None:
    await casework.hear()

    again = await take(casework, replace(UNHAPPY, score=10))

    [row] = await responses(casework)
    assert again.fate is DeliveryFate.REPEAT
    assert (row.way, row.score) == ("delivered", 2)


async def test_one_that_is_too_old_opens_no_case_and_says_why(casework: Casework) -> None:
    taken = await take(casework, replace(UNHAPPY, too_old=True))
    assert (taken.case_id, taken.reason) == (None, Reason.TOO_OLD)
