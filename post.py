"""The post of a worker: what takes messages to their carriers, and what goes round until they arrived."""

from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Sequence
from contextlib import aclosing, asynccontextmanager
from functools import partial
from typing import TypeAlias

from activities.bundling import Bundling
from activities.call_inquiries import CallInquiries
from activities.carriers import Carrier, carrier_for
from activities.fallbacks import Fallbacks
from activities.inquiries import Inquiries
from activities.post_office import PostOffice
from activities.twilio_calls import TwilioCalls
from activities.twilio_messages import TwilioMessages
from models.clock import clock_through
from models.people import Channel
from models.store.breaker import Breaker, forget_rest
from models.store.database import Database
from models.store.organisations import OrganisationBook, name_in_force
from models.store.outbox import Outbox
from models.store.second_look import SecondLook
from settings import Settings
from templates.messages import MessageTemplates
from twilio_client import TwilioClient

Rounds: TypeAlias = Sequence[Callable[[], Coroutine[object, object, None]]]
Post: TypeAlias = tuple[PostOffice, Rounds]


@asynccontextmanager
async def make_post(
    database: Database, templates: MessageTemplates, settings: Settings
) -> AsyncIterator[Post]:
    """With what goes round for it until the worker stops. A demo, whose people are invented, sends no SMS."""
    account = settings.account
    if account is None:
        async with database.write() as session:
            await forget_rest(session)
        office, fallbacks = _make_office(database, templates, settings, None)
        yield office, (office.run, fallbacks.run)
        return
    clock = clock_through(settings.demo)
    public_url = settings.public_url if settings.public else None
    async with aclosing(TwilioClient(account)) as client:
        breaker = Breaker(database, account)
        messages = TwilioMessages(breaker, client, public_url=public_url, clock=clock)
        await messages.begin()
        office, fallbacks = _make_office(database, templates, settings, messages)
        inquiries = Inquiries(database, messages, clock=clock, written=office.wake)
        calls = CallInquiries(database, TwilioCalls(client), clock=clock)
        yield office, (office.run, fallbacks.run, inquiries.run, calls.run)


def _make_office(
    database: Database, templates: MessageTemplates, settings: Settings, sms: Carrier | None
) -> tuple[PostOffice, Fallbacks]:
    clock, book = clock_through(settings.demo), OrganisationBook(database.vault)
    second_look = SecondLook(book, database.vault)
    outbox = Outbox(database, second_look)
    gather = Bundling(database, second_look, templates, settings.public_url).gather
    house = partial(name_in_force, database, book)
    carrier = carrier_for(settings.mail_server, sms, house=house)
    office = PostOffice(outbox, carrier, clock, gather)
    ways = _ways_out(settings)
    return office, Fallbacks(database, second_look, ways=ways, clock=clock, written=office.wake)


def _ways_out(settings: Settings) -> Collection[Channel]:
    """Nothing goes another way where only the console would show it."""
    carriers = {Channel.SMS: settings.account, Channel.EMAIL: settings.mail_server}
    return [channel for channel, carrier in carriers.items() if carrier]
