"""The mail server of the house, as its URL tells it."""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from models.loopback import is_loopback

ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+")
PORTS = {"smtp": 587, "smtps": 465}
WANTED = "should look like smtp://user:password@host:587 or smtps://host"


@dataclass(frozen=True, slots=True)
class MailServer:
    """`sender` is the address that letters come from, `bounces` where those go that cannot be delivered,
    `reply_to` where answers go; both are the sender's where nothing else is told.

    With `tls` the connection is encrypted from its first byte, else as soon as the server offers it;
    a password waits for that, except on this machine.
    """

    sender: str
    host: str
    port: int
    tls: bool
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    bounces: str | None = None
    reply_to: str | None = None

    @property
    def insists(self) -> bool:
        """On STARTTLS: whoever strips the offer from the connection must not get the password."""
        return self.password is not None and not self.tls and not is_loopback(self.host)


def read_mail_server(
    url: str, sender: str, bounces: str | None = None, reply_to: str | None = None
) -> MailServer:
    """User and password are written as in every URL: `%40` for an @. Raises ValueError."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(WANTED) from None
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/"):
        raise ValueError(WANTED)
    if (parts.username is None) != (parts.password is None):
        raise ValueError("should name both the user and the password, or neither")
    return MailServer(
        sender,
        parts.hostname,
        port or PORTS[parts.scheme],
        parts.scheme == "smtps",
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None,
        bounces,
        reply_to,
    )
