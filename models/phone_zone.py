"""Where a phone rings: the clock of the country, or of the overseas department, that its number is of."""

from collections.abc import Iterator

import phonenumbers
from babel.core import get_global
from phonenumbers import PhoneNumber

from models.survey import Identity

FRANCE = 33
OVERSEAS = (262, 590, 594, 596)
"""Réunion and Mayotte, Guadeloupe, Guyane, Martinique: at home they write `0692 12 34 56`, as if it were a
number of France, and so it is read."""


def zone_of_phone(phone: str | None) -> str | None:
    """IANA, of a number in E.164. None where it leaves more than one clock: a country that has several, or a
    number that nobody can have. It is where the number is from: who has moved keeps his, and is called by it.
    """
    country = _country(phone)
    zones = get_global("territory_zones").get(country or "", ())
    names = get_global("meta_zones")
    clocks = {names.get(zone, zone) for zone in zones}  # Germany has two zones that go alike
    return zones[0] if len(clocks) == 1 else None


def zone_of(customer: Identity) -> str | None:
    """Of his own clock, as far as an answer tells it."""
    return customer.zone or zone_of_phone(customer.phone)


def _country(phone: str | None) -> str | None:
    """ISO 3166."""
    try:
        number = phonenumbers.parse(phone) if phone else None
    except phonenumbers.NumberParseException:
        return None
    meant = (each for each in _readings(number) if phonenumbers.is_valid_number(each))
    return next(map(phonenumbers.region_code_for_number, meant), None)


def _readings(number: PhoneNumber | None) -> Iterator[PhoneNumber]:
    """The overseas ones first: `0269 61 23 45` is nobody's in France, though it looks like one of there."""
    if number is None:
        return
    if number.country_code == FRANCE:
        yield from (PhoneNumber(code, number.national_number) for code in OVERSEAS)
    yield number
