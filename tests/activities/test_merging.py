"""Two customers who turn out to be one person: what comes from now on, and what stays where it is."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models.actions import Attempt, Close, Outcome, Reached
from models.case import CaseState
from models.errors import NotKnown, WrongMove
from models.people import Person
from models.store.merging import merge, other_cases, part
from models.survey import Identity, SurveyResponse
from models.tables import CaseRow, CustomerRow, EntryRow, KeyRow, ResponseRow
from tests.casework import MONDAY_MORNING, UNHAPPY, Casework, another

HOUR = timedelta(hours=1)
LATER, EVENING = MONDAY_MORNING + HOUR, MONDAY_MORNING + 8 * HOUR
BY_MAIL = Identity(email="kerverne@elsewhere.example")


def by_mail(response_id: str, at_hour: int = 1) -> SurveyResponse:
    return another(response_id, customer=BY_MAIL, submitted_at=MONDAY_MORNING + at_hour * HOUR)


async def national_owner(casework: Casework) -> Person:
    async with casework.database.read() as session:
        return (await casework.book.in_force(session)).organisation.national_owner


async def link(casework: Casework, one: str, other: str) -> tuple[str, ...]:
    by = await national_owner(casework)
    async with casework.database.write() as session:
        return tuple(await merge(session, one, other, by=by, at=EVENING))


async def part_again(casework: Casework, case_id: str) -> None:
    async with casework.database.write() as session:
        await part(session, case_id)


async def history(casework: Casework) -> list[tuple[object, ...]]:
    """All that was kept of answers, cases, timelines and keys."""
    async with casework.database.read() as session:
        return [
            tuple(row.model_dump().values())
            for table in (ResponseRow, CaseRow, EntryRow, KeyRow)
            for row in (await session.exec(select(table))).all()
        ]


async def close(casework: Casework, state: CaseState) -> CaseState:
    return await casework.act(state, Close(Outcome.WITHDRAWN), LATER)


async def two(casework: Casework) -> tuple[CaseState, CaseState]:
    return await casework.open(), await casework.open(by_mail("r-2"))


async def test_linking_moves_nothing_of_either(casework: Casework) -> None:
    older, newer = await two(casework)
    before = await history(casework)
    await link(casework, newer.case_id, older.case_id)

    assert await history(casework) == before


async def test_whichever_is_named_first_the_newer_points_to_the_older(casework: Casework) -> None:
    older, newer = await two(casework)
    rows = [(await casework.view(state.case_id)).row for state in (older, newer)]

    assert await link(casework, older.case_id, newer.case_id) == tuple(r.customer_id for r in rows)
    assert await link(casework, newer.case_id, older.case_id) == tuple(r.customer_id for r in rows)


async def test_a_third_one_is_the_same_person_too(casework: Casework) -> None:
    older, newer = await two(casework)
    third = await casework.open(another("r-3", customer=Identity(phone="+33639980001")))
    await link(casework, newer.case_id, third.case_id)

    assert len(await link(casework, third.case_id, older.case_id)) == 3


async def test_an_answer_under_either_name_joins_the_older_open_case(casework: Casework) -> None:
    older, newer = await two(casework)
    await link(casework, older.case_id, newer.case_id)

    by_id = await casework.hear(another("r-3", submitted_at=EVENING))
    by_address = await casework.hear(by_mail("r-4", 8))
    assert {by_id.case_id, by_address.case_id} == {older.case_id}


async def test_the_only_open_case_is_joined_though_it_is_the_newer(casework: Casework) -> None:
    older, newer = await two(casework)
    await close(casework, older)
    await link(casework, older.case_id, newer.case_id)

    assert (await casework.hear(another("r-3", submitted_at=EVENING))).case_id == newer.case_id


async def test_a_case_of_later_has_the_key_of_the_older_and_reopens_what_ended_last(
    casework: Casework,
) -> None:
    older, newer = await two(casework)
    key = (await casework.view(older.case_id)).row.case_key
    await close(casework, newer)
    await casework.act(older, Close(Outcome.WITHDRAWN), LATER + HOUR)
    await link(casework, older.case_id, newer.case_id)
    taken = await casework.hear(by_mail("r-4", 8))

    row = (await casework.view(taken.case_id or "")).row
    assert (row.case_key, row.reopens) == (key, older.case_id)


async def test_his_answer_is_his_own_in_the_case_that_it_joins(casework: Casework) -> None:
    older, newer = await two(casework)
    await link(casework, older.case_id, newer.case_id)
    await casework.hear(by_mail("r-4", 8))

    latest = (await casework.view(older.case_id)).responses[0]
    assert latest.said_by is not None
    assert latest.said_by.email == BY_MAIL.email


async def test_who_asked_not_to_be_called_is_not_called_under_another_name(
    casework: Casework,
) -> None:
    older, newer = await two(casework)
    await casework.act(older, Attempt(Reached.REFUSED), LATER)
    await link(casework, older.case_id, newer.case_id)
    newer = await casework.act(newer, Attempt(Reached.LATER, again_at=EVENING), LATER)

    assert newer.reach.no_calls_since == LATER


async def test_forgetting_one_leaves_the_other_readable(casework: Casework) -> None:
    older, newer = await two(casework)
    await link(casework, older.case_id, newer.case_id)
    async with casework.database.write() as session:
        row = await session.get_one(CaseRow, older.case_id)
        customer = await session.get_one(CustomerRow, row.customer_id)
        await session.delete(await session.get_one(KeyRow, customer.key_id))

    view = await casework.view(newer.case_id)
    assert (view.customer.email, view.responses[0].comment) == (BY_MAIL.email, UNHAPPY.comment)
    assert (await casework.hear(by_mail("r-4", 8))).case_id is not None


async def test_each_case_shows_those_under_the_other_name(casework: Casework) -> None:
    older, newer = await two(casework)
    await link(casework, older.case_id, newer.case_id)
    me = await national_owner(casework)
    async with casework.database.read() as session:
        rows = [await session.get_one(CaseRow, state.case_id) for state in (older, newer)]
        shown = [[each.id for each in await other_cases(session, row, reader=me)] for row in rows]

    assert shown == [[newer.case_id], [older.case_id]]


async def test_they_are_parted_again_while_nothing_has_come(casework: Casework) -> None:
    older, newer = await two(casework)
    await link(casework, older.case_id, newer.case_id)
    await part_again(casework, older.case_id)

    assert (await casework.hear(by_mail("r-4", 9))).case_id == newer.case_id


async def test_what_was_joined_keeps_them_together(casework: Casework) -> None:
    older, newer = await two(casework)
    await link(casework, older.case_id, newer.case_id)
    await casework.hear(by_mail("r-4", 9))

    with pytest.raises(WrongMove, match="has come to a case"):
        await part_again(casework, newer.case_id)


async def test_one_case_is_not_linked_with_itself_nor_with_one_that_is_not_there(
    casework: Casework,
) -> None:
    state = await casework.open()

    with pytest.raises(WrongMove, match="two cases"):
        await link(casework, state.case_id, state.case_id)
    with pytest.raises(NotKnown):
        await link(casework, state.case_id, "no-such-case")
