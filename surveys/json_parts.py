"""Parts of a system's own JSON. What is not there, or is of another shape, is empty: a mapping judges it."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime


def text_at(sent: Mapping[str, object], key: str) -> str:
    """A number is taken for its digits."""
    match sent.get(key):
        case str() as text:
            return text.strip()
        case int() | float() as number if not isinstance(number, bool):
            return str(number)
    return ""


def object_at(sent: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = sent.get(key)
    return found if isinstance(found, dict) else {}


def each_object(sent: Mapping[str, object], key: str) -> Iterator[Mapping[str, object]]:
    found = sent.get(key)
    yield from (
        each for each in (found if isinstance(found, list) else ()) if isinstance(each, dict)
    )


def instant_of(sent: Mapping[str, object], key: str) -> datetime | None:
    """In UTC; None too where it does not say its zone."""
    try:
        instant = datetime.fromisoformat(text_at(sent, key))
        return None if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
