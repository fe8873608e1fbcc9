"""A house whose SMS leave by Twilio, which is on this machine."""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from httpx2 import Response
from sqlmodel import col, select

from activities.carriers import carrier_for
from activities.inquiries import Inquiries
from activities.post_office import PostOffice
from activities.twilio_messages import TwilioMessages
from models.store.breaker import Breaker
from models.store.outbox import Outbox
from models.tables import IntentRow
from tests.activities.twilio_server import TOKEN, Form, Message, Twilio, twilio_at_work
from tests.casework import MONDAY_MORNING, Casework
from tests.web.machines.signed_calls import call_signed
from tests.web.pages.reception import Clock, Reception, settings_for
from twilio_client import Patience, TwilioClient

PUBLIC_URL = "https://rappel.example/calls"
"""Behind a proxy that takes the prefix away."""
SHORT = Patience(connecting=0.3, whole=0.3)
DORA, ODILE = "+33639980041", "+33639981234"


@dataclass(slots=True)
class SmsHouse:
    casework: Casework
    twilio: Twilio
    messages: TwilioMessages
    office: PostOffice
    inquiries: Inquiries
    outbox: Outbox
    reception: Reception
    clock: Clock

    async def rows(self, audience: str = "owner") -> list[IntentRow]:
        """The SMS to them, oldest first."""
        of = select(IntentRow).where(IntentRow.audience == audience, IntentRow.channel == "sms")
        async with self.casework.database.read() as session:
            found = await session.exec(of.order_by(col(IntentRow.created_at), col(IntentRow.id)))
            return list(found)

    async def row(self, audience: str = "owner") -> IntentRow:
        [row] = await self.rows(audience)
        return row

    async def wait(self, seconds: float) -> None:
        """As the worker's two loops do: what is due is posted, and asked after."""
        self.clock.now += timedelta(seconds=seconds)
        await self.office.empty()
        await self.inquiries.ask_all()
        await self.office.empty()

    async def wait_a_day(self) -> None:
        """And more, ever less often looked at."""
        for doubling in range(14):
            await self.wait(15 * 2**doubling)

    async def tell(self, message: Message, status: str, code: str = "") -> Response:
        """Twilio calls us, by the address it was given with the message."""
        form = next(each for each in self.twilio.posts if each["Body"] == message.body)
        return await self.call(form, message, status, code)

    async def call(self, form: Form, message: Message, status: str, code: str = "") -> Response:
        url = urlsplit(form["StatusCallback"])
        path = url.path.removeprefix(urlsplit(PUBLIC_URL).path)
        told = {"MessageSid": message.sid, "MessageStatus": status, "To": message.to, "Body": ""}
        if code:
            told["ErrorCode"] = code
        pairs = list(told.items())
        return await call_signed(self.reception.app, PUBLIC_URL, path, pairs, token=TOKEN)


def by_twilio(database_url: str, twilio: Twilio, casework: Casework) -> Reception:
    settings = settings_for(database_url, PUBLIC_URL)
    return Reception(casework, settings.model_copy(update={"twilio": twilio.account}))


@asynccontextmanager
async def sms_house(casework: Casework, database_url: str) -> AsyncIterator[SmsHouse]:
    async def house() -> str:
        return "Maisons Belvallée"

    clock, outbox = Clock(MONDAY_MORNING), Outbox(casework.database)
    async with twilio_at_work() as twilio:
        twilio.clock = clock
        reception = by_twilio(database_url, twilio, casework)
        async with aclosing(TwilioClient(twilio.account, patience=SHORT)) as http:
            breaker = Breaker(casework.database, twilio.account)
            messages = TwilioMessages(breaker, http, public_url=PUBLIC_URL, clock=clock)
            office = PostOffice(outbox, carrier_for(None, messages, house=house), clock)
            inquiries = Inquiries(casework.database, messages, clock=clock, written=office.wake)
            yield SmsHouse(casework, twilio, messages, office, inquiries, outbox, reception, clock)
        await reception.app.state.house.database.close()
