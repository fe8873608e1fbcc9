"""Carriers take a letter to its address. The console's shows it instead."""

import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol, TextIO

from activities.smtp import SmtpCarrier
from models.mail_server import MailServer
from models.people import Channel
from models.store.outbox import Letter


class Carrier(Protocol):
    """`post` returns once the carrier has accepted the letter: its name for it, if it gives it one.

    Raises CarrierBusy when it says that it did not process it (the letter is tried again),
    CarrierRefused when it never will. After CarrierUnclear, or any other error, the letter may have
    left: it is not posted again.
    """

    async def post(self, letter: Letter) -> str | None: ...


class ConsoleCarrier:
    """Shows each letter on the terminal, and only there: a redirected output is a log, and gets no words."""

    def __init__(self, screen: TextIO = sys.stdout) -> None:
        self._screen = screen

    async def post(self, letter: Letter) -> None:
        if not self._screen.isatty():
            return
        subject = f"  {letter.subject}\n" if letter.subject else ""
        body = "\n".join(f"  {line}" for line in letter.body.splitlines())
        self._screen.write(f"\n✉ {letter.channel} → {letter.address}\n{subject}{body}\n\n")
        self._screen.flush()


class ChannelCarriers:
    """Each channel has a carrier of its own."""

    def __init__(self, carriers: Mapping[Channel, Carrier]) -> None:
        self._carriers = carriers

    async def post(self, letter: Letter) -> str | None:
        return await self._carriers[letter.channel].post(letter)


def carrier_for(
    server: MailServer | None, sms: Carrier | None, *, house: Callable[[], Awaitable[str]]
) -> Carrier:
    """E-mail leaves where there is a server for it, and `sms` takes SMS; the console shows the rest."""
    console = ConsoleCarrier()
    mail = SmtpCarrier(server, house=house) if server else console
    return ChannelCarriers({Channel.SMS: sms or console, Channel.EMAIL: mail})
