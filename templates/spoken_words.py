"""What is said at once to who calls or writes: a colleague in his language, a stranger in our first."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from templates.speaking import speaking


class Spoken(StrEnum):
    ASKED = "asked"
    NOBODY = "nobody"
    DECLINED = "declined"
    AWAY = "away"
    CALL_US = "call_us"
    """A number follows."""
    NOBODYS_TEXT = "nobodys_text"


@cache
def spoken(language: str) -> Mapping[str, str]:
    """By `Spoken`, `models.bridge.Outcome` of the customer, and `models.bridge.Held`."""
    words: Mapping[str, str] = getattr(_words(language), "SAID")  # noqa: B009
    return words


def _words(language: str) -> object:
    return speaking(language, "spoken").get_template("words.html").module
