"""A director answers an SMS, and the workflow records it: the whole way, with Temporal and a worker."""

import asyncio
from dataclasses import replace

from sqlmodel import select

from models.posting import Posting
from models.tables import IntentRow
from models.text_tables import TextRow
from tests.activities.twilio_server import TOKEN, account_at
from tests.web.machines.firm import Firm
from tests.web.machines.signed_calls import call_signed
from tests.web.machines.texters import DORA, OURS
from tests.web.pages.browser import HERE
from web.texting import run

SID = f"SM{'7' * 32}"
TEXT = (("MessageSid", SID), ("From", DORA), ("To", OURS), ("Body", "J"))


async def waits(firm: Firm) -> bool:
    async with firm.casework.database.read() as session:
        return (await session.get_one(TextRow, SID)).take_after is not None


async def test_a_letter_is_recorded_and_answered_once(firm: Firm) -> None:
    case = await firm.asked()
    house = firm.app.state.house
    account = account_at("127.0.0.1", sender=OURS)
    house = replace(house, settings=house.settings.model_copy(update={"twilio": account}))
    firm.app.state.house = house
    async with house.database.write() as session:
        asked = (await session.exec(select(IntentRow).where(IntentRow.message == "ask"))).one()
        asked.status = Posting.ACCEPTED
        session.add(asked)

    reading = asyncio.create_task(run(house))
    for _ in range(2):
        answer = await call_signed(firm.app, HERE, "/twilio/texts", TEXT, token=TOKEN)
        assert answer.status_code == 204
        while await waits(firm):
            await asyncio.sleep(0.05)
    reading.cancel()

    told = await firm.office.case(case)
    assert told["state"] == "contacted"
    assert [each["by"] for each in told["timeline"] if each["kind"] == "attempted"] == ["dora"]
    async with house.database.read() as session:
        answers = select(IntentRow).where(IntentRow.message == "text_answer")
        assert [row.id for row in (await session.exec(answers)).all()] == [f"text:{SID}"]
