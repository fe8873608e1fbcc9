"""Headers as each system makes them, worked out from its documents and not by our own code."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias

from tests.surveys.deliveries import signed_by_hand

Sign: TypeAlias = Callable[[bytes, str, datetime], dict[str, str]]


def mac(signed: bytes, secret: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()


def typeform(body: bytes, secret: str, _at: datetime) -> dict[str, str]:
    return {"typeform-signature": f"sha256={mac(body, secret)}"}


def tally(body: bytes, secret: str, _at: datetime) -> dict[str, str]:
    return {"tally-signature": mac(body, secret)}


def zendesk(body: bytes, secret: str, at: datetime) -> dict[str, str]:
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "x-zendesk-webhook-signature": mac(stamp.encode() + body, secret),
        "x-zendesk-webhook-signature-timestamp": stamp,
    }


def formbricks(body: bytes, secret: str, _at: datetime) -> dict[str, str]:
    """The library that judges it has a clock of its own, so this one signs now."""
    return {name.lower(): value for name, value in signed_by_hand(body, secret).items()}


SIGNED: Mapping[str, Sign] = MappingProxyType(
    {"typeform": typeform, "tally": tally, "zendesk": zendesk, "formbricks": formbricks}
)
"""By the kind of the source."""
