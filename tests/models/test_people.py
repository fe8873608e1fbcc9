"""Rights: who may see and do what with whose case."""

from dataclasses import replace
from itertools import product

import pytest

from models.people import CaseFacts, Channel, Person, Right, Role, Said, may, may_hear

WEST = frozenset({"west"})
EVERYTHING = frozenset(Right)
NOTHING = frozenset[Right]()
CASE = CaseFacts(owner="somebody", region="west", trade="plumbing")


def person(
    role: Role,
    *,
    regions: frozenset[str] = frozenset(),
    trades: frozenset[str] = frozenset(),
    deputises_for: frozenset[str] = frozenset(),
) -> Person:
    me = Person("me", "Me", role, "en")
    return replace(me, regions=regions, trades=trades, deputises_for=deputises_for)


ROWS = [
    (person(Role.NATIONAL_OWNER), EVERYTHING),
    (person(Role.EXECUTIVE), frozenset({Right.READ_ANONYMOUS, Right.TAKE})),
    (person(Role.OPERATOR), NOTHING),
    (person(Role.PARTNER), NOTHING),
    (person(Role.PARTNER, regions=WEST), NOTHING),
    (person(Role.DIRECTOR), NOTHING),
    (person(Role.DIRECTOR, regions=frozenset({"east"})), NOTHING),
    (person(Role.DIRECTOR, regions=WEST), EVERYTHING),
    (person(Role.DIRECTOR, regions=WEST, trades=frozenset({"plumbing"})), EVERYTHING),
    (person(Role.DIRECTOR, regions=WEST, trades=frozenset({"painting"})), NOTHING),
    (person(Role.DEPUTY), NOTHING),
    (person(Role.DEPUTY, deputises_for=frozenset({"somebody"})), EVERYTHING),
    (person(Role.DEPUTY, deputises_for=frozenset({"another"})), NOTHING),
]


@pytest.mark.parametrize(("who", "rights"), ROWS)
def test_a_role_has_its_rights_on_somebody_elses_case(
    who: Person, rights: frozenset[Right]
) -> None:
    assert {right for right in Right if may(who, right, CASE)} == rights


@pytest.mark.parametrize("right", Right)
def test_an_operator_sees_no_case_even_if_it_were_his(right: Right) -> None:
    assert not may(person(Role.OPERATOR), right, CaseFacts("me", "east", None))


PAINTERS = replace(person(Role.DIRECTOR), referent_of=frozenset({"painting"}))
SOMEBODY = replace(person(Role.DIRECTOR, regions=WEST), id="somebody")
STAND_IN = frozenset({"somebody"})
HEARERS = [
    (person(Role.NATIONAL_OWNER), "words"),
    (person(Role.EXECUTIVE), "no words"),
    (person(Role.OPERATOR), "nothing"),
    (person(Role.PARTNER, regions=WEST), "nothing"),
    (replace(PAINTERS, role=Role.PARTNER), "nothing"),
    (person(Role.DIRECTOR, regions=WEST), "words"),
    (person(Role.DIRECTOR, regions=WEST, trades=frozenset({"painting"})), "words"),
    (person(Role.DIRECTOR, regions=WEST, trades=frozenset({"plumbing"})), "nothing"),
    (person(Role.DIRECTOR, regions=frozenset({"east"})), "nothing"),
    (PAINTERS, "words"),
    (replace(PAINTERS, referent_of=frozenset({"plumbing"})), "nothing"),
    (person(Role.DEPUTY, deputises_for=STAND_IN), "words"),
    (person(Role.DEPUTY), "nothing"),
]


@pytest.mark.parametrize(("who", "hears"), HEARERS)
def test_what_a_customer_says_is_heard_in_its_region_and_by_its_trade(
    who: Person, hears: str
) -> None:
    """Also where no case came of it."""
    glad, people = Said("west", "painting"), {"somebody": SOMEBODY}
    heard = {r for r in Right if may_hear(who, r, glad, people)} & {
        Right.READ,
        Right.READ_ANONYMOUS,
    }
    assert (
        heard
        == {
            "words": {Right.READ, Right.READ_ANONYMOUS},
            "no words": {Right.READ_ANONYMOUS},
            "nothing": set(),
        }[hears]
    )


def test_a_partner_hears_what_is_of_his_cases() -> None:
    mine, other = CaseFacts("me", "west", None), CaseFacts("somebody", "west", None)

    assert may_hear(person(Role.PARTNER), Right.READ, Said("west", None, mine), {})
    assert not may_hear(person(Role.PARTNER), Right.READ, Said("west", None, other), {})


CASE_WORKERS = [role for role in Role if role is not Role.OPERATOR]


@pytest.mark.parametrize(("role", "right"), list(product(CASE_WORKERS, Right)))
def test_whoever_owns_a_case_may_do_everything_with_it(role: Role, right: Right) -> None:
    assert may(person(role), right, CaseFacts(owner="me", region="east", trade=None))


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.DEPUTY, Role.PARTNER])
def test_a_case_without_owner_and_region_is_open_to_no_director(role: Role) -> None:
    nowhere = CaseFacts(owner=None, region=None, trade=None)

    assert not may(person(role, regions=WEST), Right.READ_ANONYMOUS, nowhere)


def test_a_person_with_a_phone_is_written_to_by_sms_and_another_by_email() -> None:
    both = Person("me", "Me", Role.DIRECTOR, "en", phone="+15550100", email="me@example.org")
    no_phone = Person("me", "Me", Role.DIRECTOR, "en", email="me@example.org")

    assert (both.channel, both.address) == (Channel.SMS, "+15550100")
    assert (no_phone.channel, no_phone.address) == (Channel.EMAIL, "me@example.org")


@pytest.mark.parametrize(
    ("phone", "email", "prefers", "ways"),
    [
        ("+33639980041", None, None, ("sms", None)),
        (None, "me@house.example", None, ("email", None)),
        ("+33639980041", "me@house.example", None, ("sms", "email")),
        ("+33639980041", "me@house.example", Channel.SMS, ("sms", "email")),
        ("+33639980041", "me@house.example", Channel.EMAIL, ("email", "sms")),
    ],
)
def test_a_person_is_written_to_by_the_way_he_prefers(
    phone: str | None, email: str | None, prefers: Channel | None, ways: tuple[str, str | None]
) -> None:
    me = replace(person(Role.DIRECTOR), phone=phone, email=email, prefers=prefers)
    assert (me.channel, me.other_channel) == ways
    assert me.address == me.address_by(me.channel)
