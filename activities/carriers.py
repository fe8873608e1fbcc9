"""Carriers take a letter to its address. The console's shows it instead."""

import sys
from typing import Protocol, TextIO

from models.store.outbox import Letter


class Carrier(Protocol):
    """`post` returns once the carrier has accepted the letter.

    Raises CarrierBusy when it says that it did not process it (the letter is tried again),
    CarrierRefused when it never will. After any other error the letter may have left: it is
    not posted again.
    """

    async def post(self, letter: Letter) -> None: ...


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
