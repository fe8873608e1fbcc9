"""What a mail server does to a letter, seen from the outbox: once, later, never, or unknown."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from activities.carriers import Carrier, ChannelCarriers, ConsoleCarrier
from activities.post_office import PostOffice
from activities.smtp import GREYLISTED, Patience, SmtpCarrier
from models.actions import Attempt, Reached
from models.people import Channel
from models.store.database import Database
from models.store.outbox import Letter, Outbox
from models.store.unreachable import unreachable_people
from models.survey import Identity
from models.tables import IntentRow
from models.vault import Vault
from tests.activities.test_smtp import Mailbox, posting_to, served
from tests.casework import MONDAY_MORNING, SMALL, UNHAPPY, Casework, another
from tests.casework_fixture import casework_of
from tests.waiting import until

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DORA = "+33639980041"
TO_NORA = replace(UNHAPPY, region="south")
"""Whose case the national owner gets: she has an e-mail only."""


@dataclass(slots=True)
class Clock:
    now: datetime = MONDAY_MORNING

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Fatal(asyncio.Protocol):
    """A server that takes sender and recipient, and dies with half of the letter in its hands."""

    transport: asyncio.Transport | None = None
    halves: list[bytes] = field(default_factory=list)
    taking: bool = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.taking = transport, False
        transport.write(b"220 mail.example\r\n")

    def data_received(self, data: bytes) -> None:
        assert self.transport is not None
        if self.taking:
            self.halves.append(data[: len(data) // 2])
            self.transport.abort()
            return
        self.taking = data.startswith(b"DATA")
        self.transport.write(b"354 go on\r\n" if self.taking else b"250 OK\r\n")


@dataclass(slots=True)
class Silent(asyncio.Protocol):
    """A server that lets everybody in and never says a word, until it is shut."""

    callers: list[asyncio.Transport] = field(default_factory=list)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.callers.append(transport)

    def shut(self) -> None:
        for caller in self.callers:
            caller.abort()


@dataclass(slots=True)
class Pillar:
    """Takes every text message."""

    taken: list[str] = field(default_factory=list)

    async def post(self, letter: Letter) -> None:
        self.taken.append(letter.address)


def office_of(casework: Casework, carrier: SmtpCarrier, clock: Clock) -> PostOffice:
    by_channel: dict[Channel, Carrier] = {Channel.SMS: ConsoleCarrier(), Channel.EMAIL: carrier}
    return PostOffice(Outbox(casework.database), ChannelCarriers(by_channel), clock)


async def by_mail(casework: Casework) -> list[tuple[str, str, str | None]]:
    async with casework.database.read() as session:
        mails = select(IntentRow).where(IntentRow.channel == Channel.EMAIL)
        rows = (await session.exec(mails.order_by(IntentRow.id))).all()
    return [(row.message, row.status, row.reason) for row in rows]


@pytest.fixture
async def writing(database: Database, vault: Vault) -> Casework:
    """The customer, who left an e-mail only, was tried in vain: ten minutes later he reads it."""
    text = SMALL.read_text().replace("write_after: []", "write_after: [1]")
    casework = await casework_of(text, database, vault)
    state = await casework.open(
        replace(UNHAPPY, customer=replace(UNHAPPY.customer, phone=None), region="north")
    )
    await casework.act(state, Attempt(Reached.NO_ANSWER), MONDAY_MORNING)
    return casework


@pytest.mark.parametrize("dead", ["mid-letter", "after it"])
async def test_a_server_that_dies_with_a_customers_letter_never_gets_it_twice(
    writing: Casework, dead: str
) -> None:
    fatal, mailbox = Fatal(), Mailbox(to_letter=None)
    protocols: dict[str, Callable[[], asyncio.Protocol]] = {
        "mid-letter": lambda: fatal,
        "after it": posting_to(mailbox),
    }
    clock = Clock(MONDAY_MORNING + 11 * MINUTE)
    async with served(protocols[dead]) as carrier:
        for _ in range(3):
            await office_of(writing, carrier, clock).empty()
            clock.now += HOUR

    assert await by_mail(writing) == [("tried", "unknown", "SMTPServerDisconnected")]
    assert len(fatal.halves) + len(mailbox.letters) == 1


async def test_a_mail_server_that_hangs_holds_up_no_text_message(casework: Casework) -> None:
    await casework.open(TO_NORA)
    silent, pillar = Silent(), Pillar()
    async with served(lambda: silent, patience=Patience(60, 60, 60)) as carrier:
        by_channel: dict[Channel, Carrier] = {Channel.SMS: pillar, Channel.EMAIL: carrier}
        office = PostOffice(Outbox(casework.database), ChannelCarriers(by_channel), Clock())
        running = asyncio.create_task(office.run())
        await until(lambda: len(silent.callers) == 1)

        await casework.open(another("r-2", customer=Identity("c-2", phone="+33639980202")))
        office.wake()
        await until(lambda: pillar.taken == [DORA])

        running.cancel()
        silent.shut()
        with pytest.raises(asyncio.CancelledError):
            await running
    assert [status for _, status, _ in await by_mail(casework)] == ["pending"]


async def test_a_greylisted_letter_leaves_later_and_once(casework: Casework) -> None:
    await casework.open(TO_NORA)
    mailbox, clock = Mailbox(to_recipient="451 Greylisted"), Clock()
    async with served(posting_to(mailbox)) as carrier:
        office = office_of(casework, carrier, clock)
        await office.empty()
        mailbox.to_recipient = "250 OK"
        clock.now = MONDAY_MORNING + GREYLISTED - MINUTE
        await office.empty()
        assert mailbox.letters == []

        for _ in range(2):
            clock.now += MINUTE
            await office.empty()

    assert len(mailbox.letters) == 1
    assert await by_mail(casework) == [("ask", "accepted", None)]


async def test_the_letter_that_comes_again_has_the_id_that_it_had(casework: Casework) -> None:
    """A server that had it after all knows it again."""
    await casework.open(TO_NORA)
    mailbox, clock = Mailbox(to_letter="451 Try again"), Clock()
    async with served(posting_to(mailbox)) as carrier:
        for _ in range(2):
            await office_of(casework, carrier, clock).empty()
            clock.now += GREYLISTED

    first, second = (
        re.findall(rb"(?im)^Message-ID: *(<.*>)", letter) for letter in mailbox.letters
    )
    assert first == second != []


async def test_who_is_refused_again_and_again_is_known_as_unreachable(casework: Casework) -> None:
    mailbox, clock = Mailbox(to_recipient="550 No such user"), Clock()
    for n in (1, 2):
        customer = replace(UNHAPPY.customer, id=f"c-{n}", email=f"{n}@client.example")
        await casework.open(another(f"r-{n}", customer=customer, region="south"))
    async with served(posting_to(mailbox)) as carrier:
        await office_of(casework, carrier, clock).empty()

    assert await by_mail(casework) == [("ask", "failed", "refused")] * 2
    async with casework.database.read() as session:
        assert await unreachable_people(session, MONDAY_MORNING + HOUR) == {"nora"}
