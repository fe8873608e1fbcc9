"""A house whose SMS leave by Twilio, which is on this machine."""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from fastapi import FastAPI
from httpx2 import Response
from sqlmodel import col, select

from activities.bundling import Bundling
from activities.carriers import carrier_for
from activities.fallbacks import Fallbacks
from activities.inquiries import Inquiries
from activities.post_office import PostOffice
from activities.twilio_messages import TwilioMessages
from models.people import Channel
from models.store.database import Database
from models.store.organisations import OrganisationBook
from models.store.outbox import Outbox
from models.store.second_look import SecondLook
from models.tables import IntentRow
from models.twilio_account import TwilioAccount
from templates.messages import MessageTemplates
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
class PostHouse:
    """The post of a worker, on a clock that is set by hand."""

    messages: TwilioMessages
    office: PostOffice
    inquiries: Inquiries
    fallbacks: Fallbacks
    outbox: Outbox
    clock: Clock
    database: Database

    async def rows(self, audience: str = "owner") -> list[IntentRow]:
        """The SMS to them, oldest first."""
        of = select(IntentRow).where(IntentRow.audience == audience, IntentRow.channel == "sms")
        async with self.database.read() as session:
            found = await session.exec(of.order_by(col(IntentRow.created_at), col(IntentRow.id)))
            return list(found)

    async def mails(self) -> list[IntentRow]:
        """To whomever, oldest first."""
        of = select(IntentRow).where(IntentRow.channel == "email")
        async with self.database.read() as session:
            return list(await session.exec(of.order_by(col(IntentRow.created_at))))

    async def row(self, audience: str = "owner") -> IntentRow:
        [row] = await self.rows(audience)
        return row

    async def wait(self, seconds: float) -> None:
        """As the worker's loops do: what is due is posted, asked after, and told otherwise."""
        self.clock.now += timedelta(seconds=seconds)
        await self.office.empty()
        await self.inquiries.ask_all()
        await self.fallbacks.look_after_all()
        await self.office.empty()

    async def wait_a_day(self) -> None:
        """And more, ever less often looked at."""
        for doubling in range(14):
            await self.wait(15 * 2**doubling)


@dataclass(slots=True)
class SmsHouse(PostHouse):
    casework: Casework
    twilio: Twilio
    reception: Reception

    async def tell(self, message: Message, status: str, code: str = "") -> Response:
        """Twilio calls us, by the address it was given with the message."""
        form = next(each for each in self.twilio.posts if each["Body"] == message.body)
        return await self.call(form, message, status, code)

    async def call(self, form: Form, message: Message, status: str, code: str = "") -> Response:
        return await call_status(self.reception.app, form, message, status, code)


async def call_status(
    app: FastAPI, form: Form, message: Message, status: str, code: str = ""
) -> Response:
    """As Twilio calls the address that came with the message."""
    url = urlsplit(form["StatusCallback"])
    path = url.path.removeprefix(urlsplit(PUBLIC_URL).path)
    told = {"MessageSid": message.sid, "MessageStatus": status, "To": message.to, "Body": ""}
    if code:
        told["ErrorCode"] = code
    return await call_signed(app, PUBLIC_URL, path, list(told.items()), token=TOKEN)


def by_twilio(database_url: str, twilio: Twilio, casework: Casework, clock: Clock) -> Reception:
    settings = settings_for(database_url, PUBLIC_URL)
    return Reception(casework, settings.model_copy(update={"twilio": twilio.account}), clock)


@asynccontextmanager
async def post_house(
    database: Database,
    account: TwilioAccount,
    clock: Clock,
    *,
    public_url: str = PUBLIC_URL,
    patience: Patience = SHORT,
    second_look: SecondLook | None = None,
) -> AsyncIterator[PostHouse]:
    """With a second look it leaves letters out and makes one of many, as a worker's does."""

    async def house() -> str:
        return "Maisons Belvallée"

    outbox, gather = Outbox(database, second_look), None
    if second_look is not None:
        gather = Bundling(database, second_look, MessageTemplates(), public_url).gather
    async with aclosing(TwilioClient(account, patience=patience)) as http:
        messages = TwilioMessages(account, http, public_url=public_url, clock=clock)
        office = PostOffice(outbox, carrier_for(None, messages, house=house), clock, gather)
        inquiries = Inquiries(database, messages, clock=clock, written=office.wake)
        looking = second_look or SecondLook(OrganisationBook(database.vault), database.vault)
        fallbacks = Fallbacks(database, looking, ways=[*Channel], clock=clock, written=office.wake)
        loops = office, inquiries, fallbacks
        yield PostHouse(messages, *loops, outbox, clock, database)


@asynccontextmanager
async def sms_house(casework: Casework, database_url: str) -> AsyncIterator[SmsHouse]:
    async with twilio_at_work() as twilio:
        twilio.clock = clock = Clock(MONDAY_MORNING)
        reception = by_twilio(database_url, twilio, casework, clock)
        async with post_house(casework.database, twilio.account, clock) as post:
            loops = post.office, post.inquiries, post.fallbacks
            post_parts = post.messages, *loops, post.outbox
            yield SmsHouse(*post_parts, clock, post.database, casework, twilio, reception)
        await reception.app.state.house.database.close()
