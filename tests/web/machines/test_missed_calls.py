"""Calls that nobody took, on a real server: the case hears of each by itself, wherever it stands."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlmodel import select

from models.inbound import Fate
from models.inbound_tables import InboundCallRow
from models.store.inbound import take_call
from models.store.missed_calls import settle_soon
from models.store.organisations import apply_organisation
from models.survey import Identity
from models.tables import CaseRow, CustomerRow
from models.timeline import CUSTOMER, EntryKind
from tests.casework import SMALL, UNHAPPY, another
from tests.web.machines.firm import Firm
from web.missed_calls import keep_settling

HERVE = Identity("c-2", "Hervé Kerverne", "herve@client.example", "+33639985678")


async def rings(firm: Firm, sid: str, number: str | None = UNHAPPY.customer.phone) -> str:
    """In vain, and he wants to be called back; returns the id of the call."""
    database, at = firm.casework.database, datetime.now(UTC)
    async with database.write() as session:
        call = await take_call(session, database.vault, sid, number, at=at)
        settle_soon(session, call, at)
        call.wants = True
        return call.id


async def settled(firm: Firm, call: str) -> str:
    while True:
        async with firm.casework.database.read() as session:
            fate = (await session.get_one(InboundCallRow, call)).fate
        if fate is not None:
            return fate
        await asyncio.sleep(0.05)


async def test_who_rang_in_vain_is_to_be_called_and_nobody_need_look(firm: Firm) -> None:
    case = await firm.asked()
    assert await settled(firm, await rings(firm, "CA1")) == Fate.WANTED

    found = await firm.office.case(case)
    assert (found["state"], found["round"]) == ("asked", 2)
    assert await settled(firm, await rings(firm, "CA2")) == Fate.WANTED
    view = await firm.casework.view(case)
    told = [(each.kind, each.by) for each in view.timeline if each.by == CUSTOMER]
    assert told == [(EntryKind.CALL_WANTED, CUSTOMER), (EntryKind.RANG, CUSTOMER)]


async def test_a_call_about_a_case_that_is_being_repaired_asks_for_a_talk(firm: Firm) -> None:
    case, office = await firm.asked(), firm.office
    await office.act(case, "attempts", by="dora", outcome="reached")
    assert await settled(firm, await rings(firm, "CA1")) == Fate.WANTED

    found = await office.case(case)
    assert (found["state"], found["owner"]) == ("acknowledged", "dora")


async def test_who_shares_a_case_takes_back_his_own_wish_and_nobody_elses(firm: Firm) -> None:
    casework, now = firm.casework, datetime.now(UTC)
    by_contract = SMALL.read_text() + "\ncustomers: {case_key: contract}\n"
    await apply_organisation(casework.database, by_contract, name=SMALL.name, at=now)
    told = {"contract": "K 12-7", "submitted_at": now}
    case = (await casework.hear(another("r-1", **told))).case_id or ""
    await casework.hear(another("r-2", customer=HERVE, **told))
    firm.app.state.house.dispatcher.wake()
    while (await firm.office.case(case))["state"] != "asked":
        await asyncio.sleep(0.05)
    async with casework.database.write() as session:
        for customer in (await session.exec(select(CustomerRow))).all():
            customer.no_calls_since = now
            session.add(customer)
    call = await rings(firm, "CA1", HERVE.phone)
    assert await settled(firm, call) == Fate.WANTED

    async with casework.database.read() as session:
        row = await session.get_one(InboundCallRow, call)
        his = (await session.get_one(CustomerRow, row.customer_id)).no_calls_since
        owner = (await session.get_one(CaseRow, case)).customer_id
        hers = (await session.get_one(CustomerRow, owner)).no_calls_since
    assert (his, hers) == (None, now)


async def test_strangers_of_long_ago_are_forgotten_by_themselves(firm: Firm) -> None:
    database, long_ago = firm.casework.database, datetime.now(UTC) - timedelta(days=91)
    async with database.write() as session:
        session.add(InboundCallRow(id="old", sid="CA0", came_at=long_ago, number_index="a-number"))
    settling = asyncio.create_task(keep_settling(firm.app.state.house))
    while True:
        async with database.read() as session:
            if await session.get(InboundCallRow, "old") is None:
                break
        await asyncio.sleep(0.05)
    settling.cancel()
