"""Standard Webhooks: the signature over id, timestamp and raw body, not older than five minutes."""

from collections.abc import Mapping

from standardwebhooks import Webhook, WebhookVerificationError
from standardwebhooks.webhooks import EmptyWebhookSecretError

from models.errors import BadCredential, Misconfigured


def verify(headers: Mapping[str, str], body: bytes, secret: str) -> None:
    """`secret` is base64, with or without its `whsec_`. Raises BadCredential, whatever was sent."""
    webhook = _webhook(secret)
    try:
        webhook.verify(body, dict(headers), json_parse=False)
    except WebhookVerificationError as error:
        raise BadCredential(f"The signature is not good: {error}.") from None
    except ValueError:
        # The library splits, decodes and converts what a stranger sent before it judges it.
        raise BadCredential("The signature's headers or the body are malformed.") from None


def _webhook(secret: str) -> Webhook:
    try:
        return Webhook(secret)
    except (EmptyWebhookSecretError, ValueError):
        raise Misconfigured("A webhook secret must be base64, such as whsec_….") from None
