"""A mail as a real server gets it, and what its answers mean for the letter."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from aiosmtplib import SMTPServerDisconnected

from activities.smtp import GREYLISTED, Patience, SmtpCarrier
from models.errors import CarrierBusy, CarrierRefused, DatabaseAway
from models.mail_server import MailServer
from models.people import Channel
from models.store.outbox import Enclosure, Letter

SOON = Patience(opening=0.2, sending=0.2, leaving=0.2)
PNG = b"\x89PNG\r\n\x1a\n and some bytes"
LETTER = Letter(
    "digest:2026-W47:nora",
    "weekly",
    "colleague",
    Channel.EMAIL,
    "fr",
    "nora@house.example",
    "37 réponses insatisfaites",
    "Bonjour Nora,\n\nà bientôt",
    '<p>Bonjour Nora</p><img src="cid:causes.png" alt="Délai : 4">',
    (Enclosure("causes.png", "image/png", PNG),),
)


@dataclass(slots=True)
class Mailbox:
    """Keeps what it is sent; its answers can be chosen."""

    to_sender: str = "250 OK"
    to_recipient: str = "250 OK"
    to_letter: str | None = "250 OK"
    letters: list[bytes] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        self.senders.append(address)
        return self.to_sender

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self.letters.append(envelope.content)
        assert server.transport is not None
        self.encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
        if self.to_letter is None:
            server.transport.close()
        return self.to_letter or ""

    def mail(self) -> EmailMessage:
        [letter] = self.letters
        mail = message_from_bytes(letter, policy=default)
        assert isinstance(mail, EmailMessage)
        return mail


async def house() -> str:
    return "Maisons Belvallée"


@asynccontextmanager
async def served(
    protocol: Callable[[], asyncio.Protocol],
    name: Callable[[], Awaitable[str]] = house,
    patience: Patience = SOON,
) -> AsyncIterator[SmtpCarrier]:
    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        told = MailServer("rappel@house.example", "127.0.0.1", port, tls=False)
        yield SmtpCarrier(told, house=name, patience=patience)


def posting_to(mailbox: Mailbox) -> Callable[[], asyncio.Protocol]:
    return lambda: SMTP(mailbox, hostname="mail.example")


@pytest.fixture
async def sent() -> EmailMessage:
    mailbox = Mailbox()
    async with served(posting_to(mailbox)) as carrier:
        await carrier.post(LETTER)
    return mailbox.mail()


def test_the_words_arrive_in_both_parts(sent: EmailMessage) -> None:
    assert sent.get_content_type() == "multipart/alternative"
    plain, html = sent.get_body(["plain"]), sent.get_body(["html"])
    assert plain is not None
    assert html is not None
    assert plain.get_content().splitlines() == ["Bonjour Nora,", "", "à bientôt"]
    assert "Délai : 4" in html.get_content()


def test_the_html_finds_its_picture(sent: EmailMessage) -> None:
    _plain, related = sent.iter_parts()
    page, picture = related.iter_parts()
    assert related.get_content_type() == "multipart/related"
    assert picture["Content-ID"] == "<causes.png@house.example>"
    assert 'src="cid:causes.png@house.example"' in page.get_content()
    assert picture.get_content_disposition() == "inline"
    assert picture.get_content() == PNG


def test_the_head_names_house_and_reader_and_stays_the_same(sent: EmailMessage) -> None:
    assert sent["Subject"] == "37 réponses insatisfaites"
    assert sent["From"] == "Maisons Belvallée <rappel@house.example>"
    assert sent["To"] == "nora@house.example"
    assert sent["Message-ID"] == "<digest.2026-W47.nora@house.example>"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["Date"].datetime is not None


def test_nobody_is_told_how_to_leave_a_list_that_there_is_not(sent: EmailMessage) -> None:
    assert [name for name in sent.keys() if name.startswith("List-")] == []  # noqa: SIM118


LINK = "https://rappel.house.example/l/Zx0_k-PqR7sT9uVwXyZa1b"
WRITTEN = replace(
    LETTER,
    html=None,
    enclosures=(),
    body=f"Bonjour Nora,\n\nUn client <fâché>\nattend.\n\nLe dossier\u00a0: {LINK}\n\nBelvallée",
)


async def test_a_message_that_is_written_as_text_is_html_too() -> None:
    mailbox = Mailbox()
    async with served(posting_to(mailbox)) as carrier:
        await carrier.post(WRITTEN)

    plain, html = (part.get_content() for part in mailbox.mail().iter_parts())

    assert mailbox.mail().get_content_type() == "multipart/alternative"
    assert plain.splitlines() == WRITTEN.body.splitlines()
    assert "Un client &lt;fâché&gt;<br>" in html


async def test_its_link_is_whole_in_the_text_and_one_tap_in_the_html() -> None:
    mailbox = Mailbox()
    async with served(posting_to(mailbox)) as carrier:
        await carrier.post(WRITTEN)

    plain, html = (part.get_content() for part in mailbox.mail().iter_parts())

    assert f"Le dossier\u00a0: {LINK}" in plain.splitlines()
    assert re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', html) == [(LINK, "Le dossier")]


async def test_bounces_and_answers_go_where_the_house_wants_them() -> None:
    mailbox = Mailbox()
    async with served(posting_to(mailbox)) as carrier:
        told = replace(
            carrier._server, bounces="bounces@house.example", reply_to="care@house.example"
        )
        await SmtpCarrier(told, house=house, patience=SOON).post(LETTER)

    assert mailbox.senders == ["bounces@house.example"]
    assert mailbox.mail()["Reply-To"] == "Maisons Belvallée <care@house.example>"
    assert mailbox.mail()["From"] == "Maisons Belvallée <rappel@house.example>"


async def test_without_another_address_all_comes_back_to_the_sender(sent: EmailMessage) -> None:
    mailbox = Mailbox()
    async with served(posting_to(mailbox)) as carrier:
        await carrier.post(LETTER)

    assert mailbox.senders == ["rappel@house.example"]
    assert mailbox.mail()["Reply-To"] is None


@pytest.mark.parametrize(
    "mailbox",
    [Mailbox(to_recipient="450 Greylisted"), Mailbox(to_letter="451 Greylisted, try again")],
    ids=["recipient", "letter"],
)
async def test_who_asks_for_patience_gets_it(mailbox: Mailbox) -> None:
    async with served(posting_to(mailbox)) as carrier:
        with pytest.raises(CarrierBusy) as raised:
            await carrier.post(LETTER)

    assert raised.value.wait == GREYLISTED


async def test_that_our_own_sender_is_refused_is_no_fault_of_the_recipient() -> None:
    async with served(posting_to(Mailbox(to_sender="553 Not your address"))) as carrier:
        with pytest.raises(CarrierBusy):
            await carrier.post(LETTER)


async def test_a_subject_or_a_house_cannot_write_a_head() -> None:
    async def sly() -> str:
        return "House\r\nBcc: all@elsewhere.example"

    mailbox = Mailbox()
    async with served(posting_to(mailbox), sly) as carrier:
        await carrier.post(replace(LETTER, subject="Hello\r\nBcc: all@elsewhere.example"))
    assert mailbox.mail()["Bcc"] is None
    assert mailbox.mail()["Subject"] == "Hello Bcc: all@elsewhere.example"


@pytest.mark.parametrize(
    "address",
    ["", "nora", "nora@house.example\r\nBcc: all@elsewhere.example", "a@b.example, c@d.example"],
)
async def test_what_is_no_address_gets_nothing(address: str) -> None:
    mailbox = Mailbox()
    async with served(posting_to(mailbox)) as carrier:
        with pytest.raises(CarrierRefused):
            await carrier.post(replace(LETTER, address=address))
    assert mailbox.letters == []


@pytest.mark.parametrize(
    ("mailbox", "error"),
    [
        (Mailbox(to_recipient="550 No such user nora@house.example"), CarrierRefused),
        (Mailbox(to_recipient="451 Greylisted, nora@house.example"), CarrierBusy),
        (Mailbox(to_letter="554 Spam for nora@house.example"), CarrierRefused),
        (Mailbox(to_letter="452 Disk full"), CarrierBusy),
        (Mailbox(to_letter=None), SMTPServerDisconnected),
    ],
    ids=["no such user", "greylisted", "spam", "disk full", "gone without an answer"],
)
async def test_the_answer_decides_on_the_letter(mailbox: Mailbox, error: type[Exception]) -> None:
    async with served(posting_to(mailbox)) as carrier:
        with pytest.raises(error) as raised:
            await carrier.post(LETTER)
    assert "nora" not in str(raised.value)


async def test_a_server_that_is_not_there_is_waited_for() -> None:
    async with served(asyncio.Protocol) as carrier:
        pass
    with pytest.raises(CarrierBusy):
        await carrier.post(LETTER)


async def test_a_server_that_never_says_a_word_is_waited_for() -> None:
    async with served(asyncio.Protocol) as carrier:
        with pytest.raises(CarrierBusy):
            await carrier.post(LETTER)


async def test_silence_after_the_letter_leaves_open_whether_it_left() -> None:
    class Silent(Mailbox):
        async def handle_DATA(self, *_: object) -> str:  # noqa: N802
            await asyncio.Event().wait()
            return ""

    async with served(posting_to(Silent())) as carrier:
        with pytest.raises(TimeoutError):
            await carrier.post(LETTER)


async def test_a_database_that_is_away_holds_the_letter_back() -> None:
    async def away() -> str:
        raise DatabaseAway("not now")

    async with served(posting_to(Mailbox()), away) as carrier:
        with pytest.raises(CarrierBusy):
            await carrier.post(LETTER)
