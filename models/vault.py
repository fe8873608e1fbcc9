"""Encryption of personal data at rest: AES-256-GCM, a data key per customer, one master key.

The row and the field are authenticated with each value, so a value moved to another place does not
open. The master key wraps the data keys; deleting a wrapped one makes everything sealed with it
unreadable: that is how a person is forgotten.
"""

import hashlib
import hmac
import os
from base64 import b64decode
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from models.errors import Misconfigured

NONCE = 12
KEY = 32
SEAL = NONCE + 16
"""How many bytes longer a content is once it is sealed."""


@dataclass(frozen=True, slots=True)
class WrappedKey:
    id: str
    wrapped: bytes


class Vault:
    """`master` is 32 bytes. Raises Misconfigured when it is not the key that wrapped a data key."""

    def __init__(self, master: bytes) -> None:
        if len(master) != KEY:
            raise Misconfigured(f"RAPPEL_DATA_KEY must be {KEY} bytes, written in base64.")
        self._master = AESGCM(master)
        self._index_key = hmac.digest(master, b"blind index", hashlib.sha256)

    @classmethod
    def from_text(cls, text: str) -> "Vault":
        try:
            return cls(b64decode(text, validate=True))
        except ValueError:
            raise Misconfigured(
                f"RAPPEL_DATA_KEY must be {KEY} bytes, written in base64."
            ) from None

    def new_key(self, key_id: str) -> WrappedKey:
        nonce = os.urandom(NONCE)
        wrapped = self._master.encrypt(nonce, AESGCM.generate_key(KEY * 8), key_id.encode())
        return WrappedKey(key_id, nonce + wrapped)

    def unlock(self, key: WrappedKey) -> "Box":
        nonce, wrapped = key.wrapped[:NONCE], key.wrapped[NONCE:]
        try:
            return Box(self._master.decrypt(nonce, wrapped, key.id.encode()))
        except InvalidTag:
            raise Misconfigured(
                "RAPPEL_DATA_KEY is not the key this database was written with: it does not open."
            ) from None

    def index(self, *parts: str) -> str:
        """A blind index: equal for equal parts, and of no use without the master key."""
        message = "\x1f".join(parts).encode()
        return hmac.new(self._index_key, message, hashlib.sha256).hexdigest()


class Box:
    """Seals and opens with one data key. `place` is `table.row.field`. A text is sealed as UTF-8."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, place: str, text: str) -> bytes:
        return self.seal_bytes(place, text.encode())

    def open(self, place: str, sealed: bytes) -> str:
        return self.open_bytes(place, sealed).decode()

    def seal_bytes(self, place: str, content: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, content, place.encode())

    def open_bytes(self, place: str, sealed: bytes) -> bytes:
        """Raises Misconfigured when the value was altered, or sealed for another place."""
        try:
            return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], place.encode())
        except InvalidTag:
            raise Misconfigured(f"What stands at {place} was altered or moved there.") from None

    def seal_if_any(self, place: str, text: str | None) -> bytes | None:
        return self.seal(place, text) if text else None

    def open_if_any(self, place: str, sealed: bytes | None) -> str | None:
        return self.open(place, sealed) if sealed else None
