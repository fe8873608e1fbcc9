"""How names stand in a list."""

from unicodedata import normalize


def in_order(name: str) -> str:
    """The key by which names are sorted: É stands with E."""
    return normalize("NFKD", name).casefold()
