"""The OpenID provider by which colleagues may sign in, as the settings tell it."""

from dataclasses import dataclass, field

from models.loopback import host_of, is_loopback


@dataclass(frozen=True, slots=True)
class Provider:
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)


def read_issuer(url: str) -> str:
    """Raises ValueError for one whose answers anybody on the way could write."""
    if not url or url.startswith("https://"):
        return url.rstrip("/")
    if url.startswith("http://") and is_loopback(host_of(url)):
        return url.rstrip("/")
    raise ValueError("should begin with https://")
