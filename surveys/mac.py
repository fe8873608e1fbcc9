"""The signature of most systems: base64 of HMAC-SHA256, the secret used as it is written."""

import base64
import hashlib
import hmac

from surveys.credentials import same


def verify_mac(given: str, signed: bytes, secret: str) -> None:
    """Raises BadCredential, whatever was given."""
    key = secret.encode(errors="surrogateescape")
    mac = hmac.digest(key, signed, hashlib.sha256)
    same(given, base64.b64encode(mac).decode(), fault="The signature is not good.")
