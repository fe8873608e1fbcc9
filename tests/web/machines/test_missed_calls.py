"""Calls that nobody took, on a real server: the case hears of each by itself, wherever it stands."""

import asyncio
from datetime import UTC, datetime

from models.inbound import Fate
from models.inbound_tables import InboundCallRow
from models.store.inbound import settle_soon, take_call
from models.timeline import CUSTOMER, EntryKind
from tests.casework import UNHAPPY
from tests.web.machines.firm import Firm


async def rings(firm: Firm, sid: str) -> str:
    """In vain; returns the id of the call."""
    database, at = firm.casework.database, datetime.now(UTC)
    async with database.write() as session:
        call = await take_call(session, database.vault, sid, UNHAPPY.customer.phone, at=at)
        settle_soon(session, call, at)
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
