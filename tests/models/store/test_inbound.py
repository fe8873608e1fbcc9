"""Whose a call to our number is, on both databases."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial

from sqlmodel import select

from models.actions import Attempt, Reached
from models.inbound_tables import InboundCallRow
from models.notices import Audience
from models.store.database import Database
from models.store.inbound import take_call, whose_call
from models.survey import Identity
from models.tables import IntentRow
from models.vault import Vault
from tests.casework import MONDAY_MORNING, SMALL, UNHAPPY, Casework, another
from tests.casework_fixture import casework_of
from tests.web.pages.reception import confirming

DAY = timedelta(days=1)
PHONE = UNHAPPY.customer.phone or ""
HERVE = Identity("c-2", "Hervé Kerverne", "herve@client.example", "+33639985678")


async def test_one_call_that_is_told_of_twice_at_once_is_kept_once(
    casework: Casework, vault: Vault
) -> None:
    state = await casework.open()
    taking = partial(take_call, vault=vault, sid="CA1", number=PHONE, at=MONDAY_MORNING)

    rows = await asyncio.gather(*(casework.database.write_again(taking) for _ in range(4)))

    assert {row.case_id for row in rows} == {state.case_id}
    async with casework.database.read() as session:
        assert len((await session.exec(select(InboundCallRow))).all()) == 1


async def test_who_shares_a_case_rings_about_it_as_himself(
    database: Database, vault: Vault
) -> None:
    text = SMALL.read_text() + "\ncustomers: {case_key: contract}\n"
    casework = await casework_of(text, database, vault)
    state = await casework.open(replace(UNHAPPY, contract="K 12-7"))
    await casework.hear(another("r-2", customer=HERVE, contract="K 12-7"))
    async with database.read() as session:
        his = await whose_call(session, vault, HERVE.phone or "")
        hers = await whose_call(session, vault, PHONE)

    assert his.case_id == hers.case_id == state.case_id
    assert his.customer_id != hers.customer_id


async def test_who_is_known_by_another_name_rings_about_the_case_of_either(
    casework: Casework, vault: Vault
) -> None:
    """His newer case is absorbed by the older one, which is under the other name."""
    state = await casework.open()
    other = await casework.open(another("r-2", customer=HERVE))
    await casework.link(state.case_id, other.case_id, MONDAY_MORNING)
    async with casework.database.read() as session:
        whose = await whose_call(session, vault, HERVE.phone or "")

    assert whose.case_id == state.case_id


async def test_a_number_that_nobody_has_is_nobodys(casework: Casework, vault: Vault) -> None:
    await casework.open()
    async with casework.database.read() as session:
        whose = await whose_call(session, vault, "+33639980000")

    assert (whose.customer_id, whose.case_id) == (None, None)


async def test_he_rings_about_the_case_in_which_we_wrote_to_him_last(
    casework: Casework, vault: Vault
) -> None:
    """Or called him, whichever came last."""
    first = await confirming(casework)
    his = Identity("c-2", "Paule", phone=PHONE)
    newest = await casework.open(another("r-2", customer=his, submitted_at=MONDAY_MORNING + DAY))
    await casework.act(newest, Attempt(Reached.NO_ANSWER), MONDAY_MORNING + DAY)
    async with casework.database.write() as session:
        called = await whose_call(session, vault, PHONE)
        asking = select(IntentRow).where(
            IntentRow.audience == Audience.CUSTOMER, IntentRow.case_id == first.case_id
        )
        for letter in (await session.exec(asking)).all():
            letter.posted_at = MONDAY_MORNING + 2 * DAY
            session.add(letter)
        await session.flush()
        written_to = await whose_call(session, vault, PHONE)

    assert (called.case_id, written_to.case_id) == (newest.case_id, first.case_id)
