"""The company's account at Twilio, as the settings tell it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from models.loopback import is_loopback

PREFIX = "RAPPEL_TWILIO_"
API_BASE = "https://api.twilio.com"
SAID_AGAIN = "#rc=5&rp=all&ct=3000&tt=15000"
"""After an address of ours: Twilio repeats for 15 s what it tells us there and we do not answer. Without it
one that comes as we restart is lost.
"""
NEEDED = ("account_sid", "auth_token", "sender")
PARTS = (*NEEDED, "auth_token_before", "api_key", "api_secret", "voice_number", "api_base")
E164 = re.compile(r"\+[1-9]\d{6,14}")
ACCOUNT = re.compile(r"AC[0-9a-fA-F]{32}")
SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")
ALPHA = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 +_&-]{1,11}")


class SenderKind(StrEnum):
    ALPHA = "alpha"
    """A name: nobody can answer it."""
    NUMBER = "number"
    SHORT_CODE = "short_code"
    SERVICE = "service"
    """A messaging service chooses among its senders: whether they can be answered is its secret."""


TWO_WAY = frozenset({SenderKind.NUMBER, SenderKind.SHORT_CODE})


@dataclass(frozen=True, slots=True)
class TwilioAccount:
    """`auth_token_before` is still good while one is changed for another. The tokens prove who calls us;
    with `api_key` and `api_secret` we prove who we are by those instead.
    """

    account_sid: str
    auth_token: str = field(repr=False)
    sender: str
    sender_kind: SenderKind
    auth_token_before: str | None = field(default=None, repr=False)
    api_key: str | None = None
    api_secret: str | None = field(default=None, repr=False)
    voice_number: str | None = None
    api_base: str = API_BASE

    @property
    def credentials(self) -> tuple[str, str]:
        if self.api_key and self.api_secret:
            return self.api_key, self.api_secret
        return self.account_sid, self.auth_token

    @property
    def two_way(self) -> bool:
        """Whether who gets a text from us can answer it. In France no 06 or 07 may be such a sender."""
        return self.sender_kind in TWO_WAY

    @property
    def tokens(self) -> tuple[str, ...]:
        """By which Twilio may sign, the newest first."""
        return tuple(token for token in (self.auth_token, self.auth_token_before) if token)


def read_twilio_account(told: Mapping[str, str] | None) -> TwilioAccount | None:
    """By the names of `PARTS`; what is empty is not told. Raises ValueError with a sentence."""
    given = {name: value.strip() for name, value in (told or {}).items() if value.strip()}
    if not given:
        return None
    missing = [PREFIX + name.upper() for name in NEEDED if name not in given]
    if missing:
        raise ValueError(f"half of the account is told: set {', '.join(missing)} as well")
    if ("api_key" in given) != ("api_secret" in given):
        raise ValueError(f"{PREFIX}API_KEY and {PREFIX}API_SECRET go together: set both or neither")
    if not ACCOUNT.fullmatch(given["account_sid"]):
        raise ValueError(f"{PREFIX}ACCOUNT_SID should be AC and 32 hexadecimal digits")
    voice = given.get("voice_number")
    if voice is not None and not E164.fullmatch(voice):
        raise ValueError(f"{PREFIX}VOICE_NUMBER should be written as +33937000001")
    return TwilioAccount(
        given["account_sid"],
        given["auth_token"],
        given["sender"],
        _kind_of(given["sender"]),
        given.get("auth_token_before"),
        given.get("api_key"),
        given.get("api_secret"),
        voice,
        _base(given.get("api_base", API_BASE)),
    )


def _kind_of(sender: str) -> SenderKind:
    if E164.fullmatch(sender):
        return SenderKind.NUMBER
    if re.fullmatch(r"\d{3,8}", sender):
        return SenderKind.SHORT_CODE
    if SERVICE.fullmatch(sender):
        return SenderKind.SERVICE
    if ALPHA.fullmatch(sender):
        return SenderKind.ALPHA
    raise ValueError(
        f"{PREFIX}SENDER should be a number such as +33937000001, a short code, a name of at most "
        "11 letters and digits, or a messaging service (MG…)"
    )


def _base(url: str) -> str:
    """Messages and credentials travel over HTTPS; only to this machine they need not."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(f"{PREFIX}API_BASE should look like {API_BASE}") from None
    secure = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))
    host = parts.hostname if port is None else f"{parts.hostname}:{port}"
    if not secure or parts.netloc != host or url.rstrip("/") != f"{parts.scheme}://{host}":
        raise ValueError(f"{PREFIX}API_BASE should look like {API_BASE}")
    return url.rstrip("/")
