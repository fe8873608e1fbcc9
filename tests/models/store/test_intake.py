"""What arrives is kept, understood once, and opens one case per customer."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, func, select

from models.store.database import Database
from models.store.deliveries import Delivery, DeliveryFate
from models.store.intake import Intake, Taken
from models.survey import Identity, Reason, SurveyResponse
from models.tables import CaseRow, CustomerRow, DeliveryRow, KeyRow, ResponseRow
from tests.casework import MONDAY_MORNING, UNHAPPY, Casework, another

WEEK = timedelta(days=7)


async def count(database: Database, table: type[CaseRow | DeliveryRow | ResponseRow]) -> int:
    async with database.read() as session:
        return (await session.exec(select(func.count()).select_from(table))).one()


async def test_a_repeated_delivery_opens_no_second_case(casework: Casework) -> None:
    first = await casework.hear()
    again = await casework.hear(at=MONDAY_MORNING + 20 * WEEK)
    assert again == replace(first, fate=DeliveryFate.REPEAT)
    assert await count(casework.database, ResponseRow) == 1
    assert await count(casework.database, DeliveryRow) == 2


async def test_the_same_id_from_another_source_is_another_answer(casework: Casework) -> None:
    first = await casework.hear()
    async with casework.database.write() as session:
        in_force = await casework.book.in_force(session)
        delivery = Delivery("elsewhere", b"{}", MONDAY_MORNING)
        other = await Intake(casework.database.vault, casework.book).take(
            session, delivery, UNHAPPY, by=in_force
        )
    assert other.response_id != first.response_id


async def test_a_second_unhappy_answer_joins_the_open_case(casework: Casework) -> None:
    first = await casework.hear()
    second = await casework.hear(another("r-2"))
    assert second.case_id == first.case_id
    assert await count(casework.database, CaseRow) == 1


@pytest.mark.parametrize(
    ("score", "reason"), [(9, Reason.PROMOTER), (8, Reason.PASSIVE), (10, Reason.PROMOTER)]
)
async def test_no_answer_opens_nothing_without_a_reason(
    casework: Casework, score: int, reason: Reason
) -> None:
    taken = await casework.hear(replace(UNHAPPY, score=score))
    assert (taken.case_id, taken.reason) == (None, reason)


async def test_a_customer_nobody_can_reach_has_a_reason(casework: Casework) -> None:
    taken = await casework.hear(replace(UNHAPPY, customer=Identity(name="Odile")))
    assert (taken.case_id, taken.reason) == (None, Reason.NO_WAY_TO_REACH)


async def test_answers_taken_at_once_make_one_case(casework: Casework) -> None:
    """On PostgreSQL the loser of the race breaks a unique index, and is told to try again."""

    async def hear(response: SurveyResponse) -> Taken:
        while True:
            try:
                return await casework.hear(response)
            except IntegrityError:
                continue

    taken = await asyncio.gather(*(hear(another(f"r-{n % 4}")) for n in range(12)))
    assert len({t.case_id for t in taken}) == 1
    assert await count(casework.database, ResponseRow) == 4


async def test_the_newest_answer_refreshes_the_customer_s_address(casework: Casework) -> None:
    taken = await casework.hear()
    moved = replace(UNHAPPY.customer, phone="+33639985678", name=None)
    await casework.hear(another("r-2", customer=moved))
    customer = (await casework.view(taken.case_id or "")).customer
    assert (customer.name, customer.phone) == ("Odile Kerverne", "+33639985678")


async def test_an_older_answer_that_comes_late_tells_only_what_nobody_told_since(
    casework: Casework,
) -> None:
    known = replace(UNHAPPY.customer, phone=None)
    taken = await casework.hear(replace(UNHAPPY, customer=known))
    moved = Identity("c-1", "Odile Le Goff", "late@client.example", "+33639985678")
    before = UNHAPPY.submitted_at - WEEK
    await casework.hear(another("r-2", customer=moved, language="en", submitted_at=before))
    customer = (await casework.view(taken.case_id or "")).customer
    assert (customer.name, customer.email) == ("Odile Kerverne", "odile@client.example")
    assert (customer.phone, customer.language) == ("+33639985678", "fr")
    assert customer.told_at == dict.fromkeys(
        ("id", "name", "email", "language"), UNHAPPY.submitted_at
    ) | {"phone": before}


async def test_of_answers_taken_at_once_the_newest_decides(casework: Casework) -> None:
    taken = await casework.hear()
    await asyncio.gather(
        *(
            casework.hear(
                another(
                    f"r-{days}",
                    customer=replace(UNHAPPY.customer, name=f"Odile {days}"),
                    submitted_at=UNHAPPY.submitted_at + timedelta(days=days),
                )
            )
            for days in range(8, 1, -1)
        )
    )
    assert (await casework.view(taken.case_id or "")).customer.name == "Odile 8"


async def test_what_was_told_before_anybody_noted_when_is_as_old_as_the_customer(
    casework: Casework,
) -> None:
    taken = await casework.hear()
    async with casework.database.write() as session:
        (await session.exec(select(CustomerRow))).one().told_at = {}
    late, new = (replace(UNHAPPY.customer, name=name) for name in ("Late", "New"))
    before, after = UNHAPPY.submitted_at - WEEK, UNHAPPY.submitted_at + WEEK
    await casework.hear(another("r-2", customer=late, submitted_at=before))
    assert (await casework.view(taken.case_id or "")).customer.name == "Odile Kerverne"
    new_name = replace(new, email=None)
    await casework.hear(another("r-3", customer=new_name, submitted_at=after))
    customer = (await casework.view(taken.case_id or "")).customer
    assert customer.name == "New"
    assert (customer.told_at["name"], customer.told_at["email"]) == (after, MONDAY_MORNING)


async def test_quarantine_keeps_the_body_and_names_the_place(casework: Casework) -> None:
    async with casework.database.write() as session:
        delivery = Delivery("survey", b'{"score": "many"}', MONDAY_MORNING)
        await Intake(casework.database.vault, casework.book).quarantine(session, delivery, "score")
    async with casework.database.read() as session:
        kept = select(DeliveryRow).where(col(DeliveryRow.fate) == "quarantined")
        assert (await session.exec(kept)).one().problem == "score"


async def test_who_was_forgotten_and_answers_again_is_somebody_new(casework: Casework) -> None:
    first = await casework.hear()
    async with casework.database.write() as session:
        case = await session.get_one(CaseRow, first.case_id)
        customer = await session.get_one(CustomerRow, case.customer_id)
        await session.delete(await session.get_one(KeyRow, customer.key_id))
    again = await casework.hear(another("r-2"))
    assert again.case_id != first.case_id
    assert (await casework.view(first.case_id or "")).customer.name is None
    assert (await casework.view(again.case_id or "")).customer.name == "Odile Kerverne"


async def test_a_region_is_kept_under_its_id(casework: Casework) -> None:
    taken = await casework.hear(another("r-1", region="NORTH"))
    assert (await casework.view(taken.case_id or "")).row.region == "north"
