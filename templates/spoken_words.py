"""What a colleague hears on the phone, in his language."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from templates.speaking import speaking


class Spoken(StrEnum):
    ASKED = "asked"
    NOBODY = "nobody"
    DECLINED = "declined"
    AWAY = "away"


@cache
def spoken(language: str) -> Mapping[str, str]:
    """By `Spoken`, `models.bridge.Outcome` of the customer, and `models.bridge.Held`."""
    words: Mapping[str, str] = getattr(_words(language), "SAID")  # noqa: B009
    return words


def _words(language: str) -> object:
    return speaking(language, "spoken").get_template("words.html").module
