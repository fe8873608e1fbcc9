"""A text message in segments, counted as Twilio counts them, and how it is spelt to need fewer.

A segment holds 160 places of the short alphabet (GSM 03.38), or 70 of UTF-16 once a single letter is
outside it; of several segments each loses some to a header. Twilio breaks no letter in two.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

MOST = 2
"""Segments that a message may take."""
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
"""Written with an escape: each takes two places."""
SHORT = BASIC | EXTENSION
CUT = "..."
NEIGHBOURS: Mapping[str, str] = MappingProxyType(
    {
        "œ": "oe",
        "Œ": "OE",
        "ẞ": "SS",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ı": "i",
        "ð": "d",
        "Ð": "D",
        "þ": "th",
        "Þ": "Th",
        "ħ": "h",
        "Ħ": "H",
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc`´", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033«»", '"'),
        **dict.fromkeys("‹›", "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\t\u2028\u2029", " "),
        "\u2026": "...",
        "•": "-",
        "·": "-",
        "×": "x",
        "°": "o",
        "©": "(c)",
        "®": "(r)",
        **dict.fromkeys("\u00ad\u200b\u200e\u200f\u2060\ufeff", ""),
    }
)
"""What is no letter with an accent: those lose it. Invisible signs are left out."""
JOINER, FIRST_MARK, LAST_OF_ONE = "\u200d", "\u0300", "\uffff"


class Alphabet(StrEnum):
    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


ALONE: Mapping[Alphabet, int] = MappingProxyType({Alphabet.GSM_7: 160, Alphabet.UCS_2: 70})
EACH: Mapping[Alphabet, int] = MappingProxyType({Alphabet.GSM_7: 153, Alphabet.UCS_2: 67})
"""Places of a segment that is alone, and of each of several."""


@dataclass(frozen=True, slots=True)
class Counted:
    """`places` are septets of the short alphabet, or UTF-16 units."""

    alphabet: Alphabet
    places: int
    segments: int


def count(text: str) -> Counted:
    alphabet = _alphabet(text)
    if alphabet is Alphabet.GSM_7:
        sizes = [2 if letter in EXTENSION else 1 for letter in text]
    else:
        sizes = list(map(_units, _letters(text)))
    return Counted(alphabet, sum(sizes), _segments(sizes, alphabet))


def fits(text: str) -> bool:
    """Whether MOST segments hold it. What has more signs than these have places is not counted."""
    return len(text) <= MOST * EACH[_alphabet(text)] and count(text).segments <= MOST


def respelt(text: str) -> str:
    """In the short alphabet, as `Gros oeuvre, Ile-de-France`.

    As it was where that cannot be: one letter without a neighbour makes the message long anyhow.
    """
    whole = unicodedata.normalize("NFC", text)
    spelt = whole.translate({ord(sign): _neighbour(sign) for sign in set(whole) - SHORT})
    return spelt if SHORT.issuperset(spelt) else text


def fitted(text: str, link: str) -> str:
    """At most so long as a message may be: what stands before the link loses its end.

    Whatever stands after the link is lost, too; the link itself never is.
    """
    if fits(text):
        return text
    before, found, _ = text.rpartition(link)
    words, end = (before, f"{CUT} {link}") if found else (text, CUT)
    letters = _letters(words)

    def cut(length: int) -> str:
        return "".join(letters[:length]).rstrip() + end

    too_long = bisect_right(range(len(letters)), False, key=lambda n: not fits(cut(n)))
    return cut(too_long - 1)


def clipped(words: str, at_most: int) -> str:
    if len(words) <= at_most:
        return words
    return words[: at_most - len(CUT)].rstrip() + CUT


def _alphabet(text: str) -> Alphabet:
    return Alphabet.GSM_7 if SHORT.issuperset(text) else Alphabet.UCS_2


def _segments(sizes: list[int], alphabet: Alphabet) -> int:
    if sum(sizes) <= ALONE[alphabet]:
        return 1
    segments, used, each = 1, 0, EACH[alphabet]
    for size in sizes:
        if used + size > each:
            segments, used = segments + 1, 0
        used += size
    return segments


def _letters(text: str) -> list[str]:
    """As a reader sees them: with their accents, an emoji with all that it is joined from."""
    if not any(map(_joins, set(text))):
        return list(text)
    letters: list[str] = []
    for sign in text:
        if letters and _belongs(sign, letters[-1]):
            letters[-1] += sign
        else:
            letters.append(sign)
    return letters


def _units(letter: str) -> int:
    return 1 if len(letter) == 1 and letter <= LAST_OF_ONE else len(letter.encode("utf-16-le")) // 2


def _joins(sign: str) -> bool:
    """Whether it may make one letter with the sign before it, or the one after."""
    return sign >= FIRST_MARK and (sign == JOINER or _is_flag(sign) or _is_mark(sign))


def _belongs(sign: str, letter: str) -> bool:
    if sign < FIRST_MARK:
        return letter[-1] == JOINER
    if letter in {"\r", "\n"}:
        return False
    if _is_flag(sign):
        return len(letter) == 1 and _is_flag(letter)
    return _is_mark(sign) or sign == JOINER or letter[-1] == JOINER


def _is_mark(sign: str) -> bool:
    """An accent, or the skin of an emoji."""
    is_skin = "\U0001f3fb" <= sign <= "\U0001f3ff"
    return is_skin or unicodedata.category(sign) in {"Mn", "Me", "Mc"}


def _is_flag(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"


def _neighbour(sign: str) -> str:
    if sign in NEIGHBOURS:
        return NEIGHBOURS[sign]
    parts = unicodedata.normalize("NFKD", sign)
    return "".join(part for part in parts if not unicodedata.combining(part))
