"""What is said at once to who calls or writes: to a colleague and a customer in their language, to a stranger
in our first.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from functools import cache

from templates.instants import moment
from templates.speaking import speaking


class Spoken(StrEnum):
    ASKED = "asked"
    NOBODY = "nobody"
    DECLINED = "declined"
    AWAY = "away"
    CALL_US = "call_us"
    """A number follows."""
    NOBODYS_TEXT = "nobodys_text"


class ToCaller(StrEnum):
    """To a customer who rings us."""

    NOBODY = "nobody"
    MAY_CALL = "may_call"
    AGREED = "agreed"
    NOTED = "noted"
    UNKNOWN = "unknown"
    AWAY = "away"


class ToColleague(StrEnum):
    """To a colleague who is rung for him."""

    TAKE = "take"
    PASSED_ON = "passed_on"
    GONE = "gone"


@cache
def spoken(language: str) -> Mapping[str, str]:
    """By `Spoken`, `models.bridge.Outcome` of the customer, and `models.bridge.Held`."""
    words: Mapping[str, str] = getattr(_words(language, "words.html"), "SAID")  # noqa: B009
    return words


@cache
def spoken_inbound(language: str) -> Mapping[ToCaller | ToColleague, str]:
    """What is said where a customer rings us."""
    words = _words(language, "inbound.html")
    to_caller: Mapping[str, str] = getattr(words, "CALLER")  # noqa: B009
    to_colleague: Mapping[str, str] = getattr(words, "COLLEAGUE")  # noqa: B009
    said: dict[ToCaller | ToColleague, str] = {each: to_caller[each] for each in ToCaller}
    return said | {each: to_colleague[each] for each in ToColleague}


def called_back(language: str, by: datetime) -> str:
    """By an instant on his own clock."""
    words = getattr(_words(language, "inbound.html"), "called_back")  # noqa: B009
    return str(words(moment(by, language, now=by.date())))


def _words(language: str, file: str) -> object:
    return speaking(language, "spoken").get_template(file).module
