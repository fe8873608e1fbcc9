"""How a delivery shows whose it is, where it is neither signed nor by a scheme of the system's own."""

import base64
import hmac
from collections.abc import Mapping

from models.errors import BadCredential


def verify_bearer(headers: Mapping[str, str], _body: bytes, secret: str) -> None:
    """`secret` is the whole token. Raises BadCredential."""
    same(_credential(headers, "bearer"), secret)


def verify_basic(headers: Mapping[str, str], _body: bytes, secret: str) -> None:
    """`secret` is `name:password`. Raises BadCredential."""
    same(_credential(headers, "basic"), base64.b64encode(secret.encode()).decode())


def _credential(headers: Mapping[str, str], scheme: str) -> str:
    given, _, credential = headers.get("authorization", "").partition(" ")
    if given.lower() != scheme or not credential.strip():
        raise BadCredential(f"The header Authorization must hold a {scheme} credential.")
    return credential.strip()


def same(given: str, expected: str, *, fault: str = "The credential is not good.") -> None:
    """In a time that does not tell how much of it was right. Raises BadCredential."""
    if not hmac.compare_digest(
        *(text.encode(errors="surrogatepass") for text in (given, expected))
    ):
        raise BadCredential(fault)
