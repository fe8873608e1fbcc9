"""An answer that nobody completes counts as it stands, once its source's time has passed."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import func, select

from models.response_tables import WithdrawalRow
from models.store.settling import unsettled, untaken_withdrawals
from models.submissions import Progress
from models.survey import Reason
from models.tables import CaseRow
from tests.casework import MONDAY_MORNING, UNHAPPY, Casework, another

MINUTE = timedelta(minutes=1)
SETTLE = 30 * MINUTE
PARTIAL = replace(UNHAPPY, progress=Progress.PARTIAL, changed_at=MONDAY_MORNING)


async def settle(casework: Casework, at: datetime) -> int:
    """As one process does; returns how many waited no longer."""
    async with casework.database.read() as session:
        waited = await unsettled(session, now=at, limit=10)
    for response in waited:
        async with casework.database.write() as session:
            await casework.intake.settle(session, response, at=at)
    return len(waited)


async def cases(casework: Casework) -> int:
    async with casework.database.read() as session:
        return (await session.exec(select(func.count()).select_from(CaseRow))).one()


async def test_an_unfinished_answer_waits_and_then_counts_as_it_stands(casework: Casework) -> None:
    taken = await casework.hear(PARTIAL)
    assert (taken.case_id, taken.reason) == (None, Reason.UNFINISHED)

    assert await settle(casework, MONDAY_MORNING + SETTLE - MINUTE) == 0
    at = MONDAY_MORNING + SETTLE
    assert await settle(casework, at) == 1

    row = await casework.response()
    assert (row.reason, row.settles_at) == (None, None)
    assert (await casework.view(row.case_id or "")).row.opened_at == at
    assert await settle(casework, at + SETTLE) == 0


async def test_each_further_step_of_the_customer_waits_anew(casework: Casework) -> None:
    await casework.hear(PARTIAL)
    later = MONDAY_MORNING + 20 * MINUTE
    await casework.hear(replace(PARTIAL, comment="Nobody", changed_at=later), at=later)

    assert await settle(casework, MONDAY_MORNING + SETTLE) == 0
    assert await settle(casework, later + SETTLE) == 1


async def test_a_completed_answer_decides_at_once(casework: Casework) -> None:
    await casework.hear(PARTIAL)
    later = MONDAY_MORNING + MINUTE
    taken = await casework.hear(
        replace(PARTIAL, progress=Progress.COMPLETED, changed_at=later), at=later
    )

    assert (taken.case_id is not None, taken.reason) == (True, None)
    assert await settle(casework, later + SETTLE) == 0
    assert await cases(casework) == 1


async def test_a_case_that_settled_hears_what_is_completed_later(casework: Casework) -> None:
    await casework.hear(PARTIAL)
    at = MONDAY_MORNING + SETTLE
    await settle(casework, at)
    completed = replace(
        PARTIAL, progress=Progress.COMPLETED, changed_at=at + MINUTE, comment="All of it."
    )

    taken = await casework.hear(completed, at=at + MINUTE)

    row = await casework.response()
    assert taken.case_id == row.case_id
    assert await cases(casework) == 1


async def test_who_is_content_so_far_waits_for_nothing(casework: Casework) -> None:
    taken = await casework.hear(replace(PARTIAL, score=9))

    assert taken.reason is Reason.PROMOTER
    assert await settle(casework, MONDAY_MORNING + SETTLE) == 0


async def test_what_was_taken_back_meanwhile_opens_nothing(casework: Casework) -> None:
    await casework.hear(PARTIAL)
    await casework.withdraw("r-1", MONDAY_MORNING + MINUTE)

    assert await settle(casework, MONDAY_MORNING + SETTLE) == 0
    assert (await casework.response()).reason == Reason.WITHDRAWN


async def test_an_answer_that_settles_joins_the_open_case(casework: Casework) -> None:
    first = await casework.hear()
    await casework.hear(replace(PARTIAL, response_id="r-2"))
    await settle(casework, MONDAY_MORNING + SETTLE)

    row = await casework.response("r-2")
    assert (row.case_id, row.joined) == (first.case_id, True)


async def test_several_processes_that_settle_at_once_open_one_case(casework: Casework) -> None:
    for n in range(3):
        await casework.hear(replace(another(f"r-{n}"), progress=Progress.PARTIAL))

    async def in_a_process() -> None:
        done = False
        while not done:
            with suppress(IntegrityError):
                await settle(casework, MONDAY_MORNING + SETTLE)
                done = True

    await asyncio.gather(*(in_a_process() for _ in "1234"))

    rows = [await casework.response(f"r-{n}") for n in range(3)]
    assert await cases(casework) == 1
    assert [row.joined for row in rows].count(False) == 1


async def test_a_withdrawal_that_missed_its_response_is_found(casework: Casework) -> None:
    """Of two processes one kept it for later while the other took the response."""
    await casework.hear()
    async with casework.database.write() as session:
        session.add(WithdrawalRow(source="survey", response_id="r-1", at=MONDAY_MORNING + MINUTE))

    async with casework.database.read() as session:
        [missed] = await untaken_withdrawals(session, limit=10)
    for _ in range(2):
        async with casework.database.write() as session:
            await casework.intake.take_back_late(session, missed)

    async with casework.database.read() as session:
        assert await untaken_withdrawals(session, limit=10) == []
    row = await casework.response()
    assert (row.reason, row.revision) == (Reason.WITHDRAWN, 2)
