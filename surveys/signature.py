"""Standard Webhooks: the signature over id, timestamp and raw body, not older than five minutes."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from math import floor

from standardwebhooks import Webhook, WebhookVerificationError
from standardwebhooks.webhooks import EmptyWebhookSecretError, hmac_data

from models.errors import BadCredential, Misconfigured

BYTES = "surrogateescape"
"""Whatever the bytes are, the text into which they are decoded leads back to them."""


class _WebhookOfBytes(Webhook):
    """The library signs texts only; who signed bytes that are none has signed them all the same."""

    def sign(self, msg_id: str, timestamp: datetime, data: str) -> str:
        head = f"{msg_id}.{floor(timestamp.replace(tzinfo=UTC).timestamp())}."
        signature = hmac_data(self._whsecret, head.encode() + data.encode(errors=BYTES))
        return f"v1,{base64.b64encode(signature).decode()}"


def verify(headers: Mapping[str, str], body: bytes, secret: str) -> None:
    """`secret` is base64, with or without its `whsec_`. Raises BadCredential, whatever was sent."""
    webhook = _webhook(secret)
    try:
        webhook.verify(body.decode(errors=BYTES), dict(headers), json_parse=False)
    except WebhookVerificationError as error:
        raise BadCredential(f"The signature is not good: {error}.") from None
    except ValueError:
        # The library splits, decodes and converts what a stranger sent before it judges it.
        raise BadCredential("The signature's headers are malformed.") from None


def _webhook(secret: str) -> _WebhookOfBytes:
    try:
        return _WebhookOfBytes(secret)
    except (EmptyWebhookSecretError, ValueError):
        raise Misconfigured("A webhook secret must be base64, such as whsec_….") from None
