"""Whose clock a phone lets suppose."""

import phonenumbers
import pytest

from models.phone_zone import zone_of, zone_of_phone
from models.survey import Identity
from models.zones import known_zones


@pytest.mark.parametrize(
    ("phone", "zone"),
    [
        ("+262692123456", "Indian/Reunion"),
        ("+262639012345", "Indian/Mayotte"),
        ("+590690123456", "America/Guadeloupe"),
        ("+594694123456", "America/Cayenne"),
        ("+596696123456", "America/Martinique"),
        ("+33612345678", "Europe/Paris"),
        ("+4915112345678", "Europe/Berlin"),
    ],
)
def test_a_number_tells_the_clock_of_where_it_is_from(phone: str, zone: str) -> None:
    assert zone_of_phone(phone) == zone


@pytest.mark.parametrize(
    ("phone", "zone"),
    [
        ("+33692123456", "Indian/Reunion"),
        ("+33262123456", "Indian/Reunion"),
        ("+33690123456", "America/Guadeloupe"),
        ("+33694123456", "America/Cayenne"),
        ("+33696123456", "America/Martinique"),
        ("+33269612345", "Indian/Mayotte"),
        ("+33590201234", "America/Guadeloupe"),
        ("+33596501234", "America/Martinique"),
    ],
)
def test_an_overseas_number_that_was_read_as_one_of_france_is_known_by_its_first_figures(
    phone: str, zone: str
) -> None:
    assert zone_of_phone(phone) == zone


@pytest.mark.parametrize(
    "phone",
    [
        "+68987123456",
        "+14155552671",
        "+34612345678",
        "+80012345678",
        "+881612345678",
        "+33639981234",
    ],
    ids=["Polynesia", "California", "Spain", "no country", "a satellite", "nobody's"],
)
def test_a_number_that_leaves_several_clocks_or_none_tells_nothing(phone: str) -> None:
    assert zone_of_phone(phone) is None


def test_of_whatever_country_it_is_a_zone_that_is_known_by_name_or_nothing() -> None:
    examples = map(phonenumbers.example_number, sorted(phonenumbers.SUPPORTED_REGIONS))
    style = phonenumbers.PhoneNumberFormat.E164
    phones = [phonenumbers.format_number(each, style) for each in examples if each]
    zones = {zone_of_phone(phone) for phone in phones}
    assert len(zones) > 150
    assert zones - {None} <= set(known_zones())


def test_what_the_customer_said_is_believed_before_his_phone() -> None:
    assert zone_of(Identity(phone="+262692123456", zone="Europe/Paris")) == "Europe/Paris"
    assert zone_of(Identity(phone="+262692123456")) == "Indian/Reunion"
    assert zone_of(Identity(email="a@client.example")) is None
