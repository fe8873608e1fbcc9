"""Money: whole cents of a currency, read strictly as a person writes them and written as he reads them.

Pure. A person's language decides between `1 250,50` and `1,250.50`; a guess would be wrong by the
thousand.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

_CODES = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD "
    "CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ "
    "GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL "
    "MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN "
    "QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP "
    "TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG"
)
CURRENCIES = frozenset(_CODES.split())
"""By ISO 4217, those that have hundredths: a cent is one of them."""
EURO = "EUR"
SIGNS: Mapping[str, str] = MappingProxyType({"EUR": "€", "GBP": "£", "USD": "$"})
NO_BREAK = "\u00a0"
SPACES = re.compile(r"[ \u00a0\u202f]")
MOST = 999_999_999_99
"""Cents. More than this is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class _Way:
    """How a language writes an amount: between thousands and before cents, and where the sign stands."""

    thousands: str
    point: str
    sign_first: bool
    example: str

    @property
    def pattern(self) -> re.Pattern[str]:
        between, point = re.escape(self.thousands), re.escape(self.point)
        return re.compile(rf"(\d+|\d{{1,3}}(?:{between}\d{{3}})+)(?:{point}(\d\d?))?", re.ASCII)


_WAYS: Mapping[str, _Way] = MappingProxyType(
    {
        "de": _Way(".", ",", sign_first=False, example="1.250,50"),
        "en": _Way(",", ".", sign_first=True, example="1,250.50"),
        "es": _Way(".", ",", sign_first=False, example="1.250,50"),
        "fr": _Way(NO_BREAK, ",", sign_first=False, example="1 250,50"),
        "it": _Way(".", ",", sign_first=False, example="1.250,50"),
    }
)


@dataclass(frozen=True, slots=True)
class Money:
    """`currency` is an ISO 4217 code of `CURRENCIES`."""

    cents: int
    currency: str


def read_cents(written: str, language: str) -> int:
    """`1 250,50` in French, `1,250.50` in English; cents may be left out, thousands need no sign.

    Raises ValueError with a sentence that shows how to write it.
    """
    way = _WAYS.get(language, _WAYS["en"])
    found = way.pattern.fullmatch(SPACES.sub(NO_BREAK, written.strip()))
    if found is None:
        raise ValueError(f"An amount is written {way.example}, without a sign and never below 0.")
    cents = int(re.sub(r"\D", "", found[1])) * 100 + int((found[2] or "").ljust(2, "0"))
    if cents > MOST:
        raise ValueError(f"An amount is at most {amount(MOST, language)}.")
    return cents


def amount(cents: int, language: str) -> str:
    """As `read_cents` reads it."""
    way = _WAYS.get(language, _WAYS["en"])
    whole, rest = divmod(abs(cents), 100)
    digits = f"{whole:,}".replace(",", way.thousands)
    return f"{'-' if cents < 0 else ''}{digits}{way.point}{rest:02}"


def spoken(money: Money, language: str) -> str:
    """`€1,250.50` or `1 250,50 €`; a currency without a sign of its own is told by its code."""
    way = _WAYS.get(language, _WAYS["en"])
    digits, sign = amount(money.cents, language), SIGNS.get(money.currency)
    if sign and way.sign_first:
        return f"{sign}{digits}"
    return f"{digits}{NO_BREAK}{sign or money.currency}"


def sums(amounts: Iterable[Money]) -> tuple[Money, ...]:
    """One sum per currency, in the order of their codes: cents of two currencies add up to nothing."""
    totals: dict[str, int] = {}
    for money in amounts:
        totals[money.currency] = totals.get(money.currency, 0) + money.cents
    return tuple(Money(totals[currency], currency) for currency in sorted(totals))
