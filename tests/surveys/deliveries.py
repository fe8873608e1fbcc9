"""A delivery of the generic kind, for tests to spoil."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime

RECEIVED_AT = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)

GOOD: Mapping[str, object] = {
    "response_id": "r-1",
    "survey_id": "handover",
    "submitted_at": "2026-11-21T18:30:00+01:00",
    "metric": "nps",
    "score": 2,
    "comment": "Personne ne répond depuis trois semaines.",
    "language": "fr",
    "customer": {
        "id": "c-7",
        "name": "Renée Vaugrenier",
        "email": "renee@customer.example",
        "phone": "+33 6 39 98 00 99",
    },
    "context": {"region": "alsace", "trade": "works", "touchpoint": "keys", "lot": 12},
}


def delivery(**changes: object) -> bytes:
    """The good one with other values; None takes the key away."""
    changed = {**GOOD, **changes}
    return json.dumps({key: value for key, value in changed.items() if value is not None}).encode()


def signed_by_hand(body: bytes, secret: str, signed_at: datetime | None = None) -> dict[str, str]:
    """Headers as of a sender who never takes his body for a text; he signs now unless it is said."""
    at = str(int((signed_at or datetime.now(UTC)).timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signature = hmac.digest(key, f"msg_1.{at}.".encode() + body, hashlib.sha256)
    return {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": at,
        "Webhook-Signature": f"v1,{base64.b64encode(signature).decode()}",
    }
