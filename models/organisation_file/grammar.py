"""The small words of the organisation's file: durations, shares, windows, days, zones, addresses.

Each reader takes what YAML made of the word and raises ValueError with a sentence for the operator.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from datetime import date, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TypeVar

import phonenumbers

from models.ladder import Span
from models.opening_hours import Window
from models.spelling import did_you_mean, plain
from models.topics import ANY_ENDING, SHORTEST_STEM, Phrase
from models.zones import known_zones

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
UNITS: Mapping[str, timedelta] = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
}
LONGEST = timedelta(days=366)
NO_SPAN = "write a whole number above 0 and one unit: 20s, 30m, 4h or 3d, a year at most"
NO_PHRASE = "write words of letters and figures, and * at the end of one for any ending: menac*"
NO_WINDOW = "write 09:00-12:30, more than one with a comma between; leave a closed day out"

Choice = TypeVar("Choice", bound=StrEnum)


def read_span(written: object) -> Span:
    """`3d` is three working days; `20s`, `30m` and `4h` are working time."""
    found = re.fullmatch(r"([1-9]\d{0,8})([smhd])", str(written))
    if not found:
        raise ValueError(f"{written!r} is no duration; {NO_SPAN}")
    number, unit = int(found[1]), found[2]
    span = Span(days=number) if unit == "d" else Span(time=number * UNITS[unit])
    if span.time > LONGEST or span.days > LONGEST.days:
        raise ValueError(f"{written!r} is too long; {NO_SPAN}")
    return span


def read_spacing(written: object) -> timedelta:
    """On the clock on the wall, where no day is worth more than another."""
    span = read_span(written)
    if span.days:
        raise ValueError(f"{written!r} is in working days; write hours of the clock: 24h")
    return span.time


NO_SHARE = -1.0


def read_calendar_time(written: object) -> timedelta:
    """On the clock on the wall: 30d are thirty days of the calendar."""
    span = read_span(written)
    return span.time + timedelta(days=span.days)


def read_share(written: object) -> float:
    found = re.fullmatch(r"(\d{1,3}(?:\.\d+)?) ?%", str(written))
    share = float(found[1]) / 100 if found else 0.0
    if not 0 < share < 1:
        raise ValueError(f"{written!r} is no share; write a percentage between 0% and 100%")
    return share


def read_part(written: object) -> float:
    """A share that may be nothing or all."""
    found = re.fullmatch(r"(\d{1,3}(?:\.\d+)?) ?%", str(written))
    share = float(found[1]) / 100 if found else NO_SHARE
    if not 0 <= share <= 1:
        raise ValueError(f"{written!r} is no share; write a percentage from 0% to 100%")
    return share


def read_limit(written: object) -> int | None:
    """In cents; None for `any`, which is no limit."""
    if written == "any":
        return None
    found = re.fullmatch(r"(\d{1,9})(?:\.(\d\d))?", str(written))
    if found is None:
        raise ValueError(f"{written!r} is no amount; write 500, or 99.50, or any for no limit")
    return int(found[1]) * 100 + int(found[2] or 0)


def read_price(written: object) -> int:
    """In hundredths of a cent: what carriers ask is a fraction of one."""
    found = re.fullmatch(r"(\d{1,4})(?:\.(\d{1,4}))?", str(written))
    if found is None:
        raise ValueError(f"{written!r} is no price; write 0.0798, with four digits after the point")
    return int(found[1]) * 10_000 + int((found[2] or "").ljust(4, "0"))


def read_zone(written: object) -> str:
    zone, known = str(written), known_zones()
    if zone not in known:
        raise ValueError(f"unknown time zone {zone!r}{did_you_mean(zone, known)}")
    return zone


def read_days(written: object) -> frozenset[date]:
    """One day, or a list of them kept elsewhere in the file under an anchor."""
    if isinstance(written, list):
        return frozenset[date]().union(*map(read_days, written))
    try:
        return frozenset({date.fromisoformat(str(written))})
    except ValueError:
        raise ValueError(f"{written!r} is no day of the calendar; write 2027-05-17") from None


def read_weekdays(written: object) -> tuple[int, ...]:
    """`mon` or `mon-fri`, as ISO weekdays."""
    ends = str(written).lower().split("-")
    for end in ends:
        if end not in DAYS:
            raise ValueError(f"unknown day {end!r}{did_you_mean(end, DAYS)}")
    first, last = DAYS.index(ends[0]) + 1, DAYS.index(ends[-1]) + 1
    if len(ends) > 2 or last < first:
        raise ValueError(f"{written!r} is no run of days; write mon-fri, from Monday onwards")
    return tuple(range(first, last + 1))


def read_windows(written: object) -> tuple[Window, ...]:
    windows = tuple(map(_read_window, str(written).split(",")))
    for before, after in pairwise(windows):
        if before.closes is None or after.opens < before.closes:
            raise ValueError(f"{written!r} has windows that overlap or are out of order")
    return windows


def _read_window(written: str) -> Window:
    found = re.fullmatch(r"\s*(\d\d:\d\d)\s*[-\u2013]\s*(\d\d:\d\d)\s*", written)
    if not found:
        raise ValueError(f"{written.strip()!r} is no window; {NO_WINDOW}")
    try:
        opens = time.fromisoformat(found[1])
        closes = None if found[2] == "24:00" else time.fromisoformat(found[2])
    except ValueError:
        raise ValueError(f"{written.strip()!r} holds no time of the day; {NO_WINDOW}") from None
    if closes is not None and closes <= opens:
        raise ValueError(f"{written.strip()!r} ends before it begins")
    return Window(opens, closes)


def read_phone(written: object) -> str:
    """E.164. A number that is possible passes: those reserved for fiction are never "valid"."""
    text = written if isinstance(written, str) else None
    if text is None:
        raise ValueError('a phone number stands in quotes, with its plus: "+33…"')
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        raise ValueError('no phone number; begin with + and the country: "+33…"') from None
    if not phonenumbers.is_possible_number(number):
        raise ValueError("no possible phone number of that country; count its digits")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def read_phrase(written: object) -> Phrase:
    """`l'avocat`, `mise en demeure`; `menac*` takes any ending."""
    text = unicodedata.normalize("NFC", written).strip() if isinstance(written, str) else ""
    words = re.split(r"[\s'\u2019-]+", text)
    for word in words:
        if not re.fullmatch(r"[^\W_]+\*?", word):
            raise ValueError(f"{written!r} is no word to look for; {NO_PHRASE}")
        if word.endswith(ANY_ENDING) and len(word) <= SHORTEST_STEM:
            raise ValueError(
                f"{word!r} would find too much: {SHORTEST_STEM} letters stand before a *"
            )
    return tuple(plain(word) + ANY_ENDING * word.endswith(ANY_ENDING) for word in words)


def read_email(written: object) -> str:
    email = str(written)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", email):
        raise ValueError("no e-mail address; write somebody@company.example")
    return email


def one_of(choices: type[Choice]) -> Callable[[object], Choice]:
    """A reader of one word out of a closed list."""

    def read(written: object) -> Choice:
        return choices(known_word(written, [str(choice) for choice in choices]))

    return read


def known_word(written: object, words: Collection[str]) -> str:
    word = str(written)
    if word not in words:
        meant = did_you_mean(word, words) or f"; it is one of {', '.join(words)}"
        raise ValueError(f"unknown word {word!r}{meant}")
    return word
