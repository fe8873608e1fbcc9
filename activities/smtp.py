"""The carrier for e-mail: SMTP, as text and as HTML, with the pictures that a letter has."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import formatdate

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from models.errors import CarrierBusy, CarrierRefused, Passing
from models.mail_server import MailServer
from models.store.outbox import Letter
from templates.mail_pages import as_page

PERMANENT = 500
GREYLISTED = timedelta(minutes=5)
"""Who asks for patience by a code is not asked again at once: many take no second try within minutes."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to know our own name, and again until the server has taken sender and recipient; for the letter
    itself, and to leave.
    """

    opening: float
    sending: float
    leaving: float


USUAL = Patience(opening=8, sending=10, leaving=1)
"""All of it stays below what the post office waits: it would take an early silence for a late one."""


class SmtpCarrier:
    """`house` tells the name that stands beside the sender's address."""

    def __init__(
        self,
        server: MailServer,
        *,
        house: Callable[[], Awaitable[str]],
        patience: Patience = USUAL,
    ) -> None:
        self._server = server
        self._house = house
        self._patience = patience

    async def post(self, letter: Letter) -> None:
        message = write_mail(letter, self._server, house=await self._name())
        async with self._accepted(letter.address) as server:
            await self._send(server, message)

    async def _name(self) -> str:
        """Where it is not known nothing has left."""
        try:
            async with asyncio.timeout(self._patience.opening):
                return await self._house()
        except (Passing, TimeoutError) as fault:
            raise CarrierBusy(f"The letter waits: {type(fault).__name__}.") from None

    @asynccontextmanager
    async def _accepted(self, address: str) -> AsyncIterator[SMTP]:
        """A connection on which the server has taken sender and recipient, closed in any case."""
        told = self._server
        server = SMTP(
            hostname=told.host,
            port=told.port,
            use_tls=told.tls,
            start_tls=True if told.insists else None,
            username=told.user,
            password=told.password,
            timeout=self._patience.sending,
        )
        try:
            await self._introduce(server, address)
            yield server
            with suppress(SMTPException):
                await server.quit(timeout=self._patience.leaving)
        finally:
            server.close()

    async def _introduce(self, server: SMTP, address: str) -> None:
        """A server that does not let us in is no fault of the letter: it waits."""
        try:
            async with asyncio.timeout(self._patience.opening):
                await server.connect()
                await server.mail(self._server.bounces or self._server.sender)
                await server.rcpt(address)
        # Then our own settings are wrong, and not the letter's address.
        except SMTPSenderRefused as answer:
            raise CarrierBusy(
                f"The mail server does not take our sender ({answer.code}).", wait=GREYLISTED
            ) from None
        except SMTPRecipientRefused as answer:
            raise _verdict(answer) from None
        except UnicodeError:
            raise CarrierRefused("The address cannot be written for this mail server.") from None
        except (SMTPException, OSError) as fault:
            raise CarrierBusy(f"The mail server lets us wait ({type(fault).__name__}).") from None

    async def _send(self, server: SMTP, message: EmailMessage) -> None:
        """What is neither yes nor no leaves open whether the letter has left: it is raised as it is."""
        try:
            async with asyncio.timeout(self._patience.sending):
                await server.data(message.as_bytes())
        except SMTPResponseException as answer:
            raise _verdict(answer) from None


def write_mail(letter: Letter, server: MailServer, *, house: str) -> EmailMessage:
    """Raises CarrierRefused where the address is none, such as one with a line break in it.

    There is no List-Unsubscribe: none of these goes to a list, and nobody could leave one.
    """
    domain = server.sender.rpartition("@")[2]
    mail = EmailMessage(policy=WIRE)
    mail["From"] = Address(_one_line(house), addr_spec=server.sender)
    if server.reply_to:
        mail["Reply-To"] = Address(_one_line(house), addr_spec=server.reply_to)
    try:
        mail["To"] = Address(addr_spec=letter.address)
    except (ValueError, IndexError):
        raise CarrierRefused("The address is none.") from None
    mail["Subject"] = _one_line(letter.subject or "")
    mail["Date"] = formatdate()
    mail["Message-ID"] = f"<{letter.intent.replace(':', '.')}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = letter.language
    mail.set_content(letter.body)
    html = letter.html or as_page(
        letter.body, subject=letter.subject or "", language=letter.language
    )
    _enclose(mail, letter, html, domain=domain)
    return mail


def _enclose(mail: EmailMessage, letter: Letter, html: str, *, domain: str) -> None:
    """Some mail readers find a picture by an id with a domain only."""
    ids = {each.name: f"{each.name}@{domain}" for each in letter.enclosures}
    for name, content_id in ids.items():
        html = html.replace(f'"cid:{name}"', f'"cid:{content_id}"')
    mail.add_alternative(html, subtype="html")
    *_, page = mail.iter_parts()
    for each in letter.enclosures:
        kind, _, subtype = each.media_type.partition("/")
        page.add_related(
            each.content,
            kind,
            subtype,
            cid=f"<{ids[each.name]}>",
            filename=each.name,
            disposition="inline",
        )


def _verdict(answer: SMTPResponseException) -> CarrierBusy | CarrierRefused:
    """Without the server's words: they quote the address."""
    if answer.code >= PERMANENT:
        return CarrierRefused(f"The mail server refused the letter ({answer.code}).")
    return CarrierBusy(f"The mail server asks for patience ({answer.code}).", wait=GREYLISTED)


def _one_line(words: str) -> str:
    return " ".join(words.split())
