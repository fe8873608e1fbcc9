"""How a delivery shows whose it is, where it is neither signed nor by a scheme of the system's own."""

import base64
import hmac
from collections.abc import Mapping

from models.errors import BadCredential


def verify_bearer(headers: Mapping[str, str], _body: bytes, secret: str) -> None:
    """`secret` is the whole token. Raises BadCredential."""
    _same(_credential(headers, "bearer"), secret)


def verify_basic(headers: Mapping[str, str], _body: bytes, secret: str) -> None:
    """`secret` is `name:password`. Raises BadCredential."""
    _same(_credential(headers, "basic"), base64.b64encode(secret.encode()).decode())


def _credential(headers: Mapping[str, str], scheme: str) -> str:
    given, _, credential = headers.get("authorization", "").partition(" ")
    if given.lower() != scheme or not credential.strip():
        raise BadCredential(f"The header Authorization must hold a {scheme} credential.")
    return credential.strip()


def _same(given: str, expected: str) -> None:
    if not hmac.compare_digest(given.encode(errors="surrogateescape"), expected.encode()):
        raise BadCredential("The credential is not good.")
