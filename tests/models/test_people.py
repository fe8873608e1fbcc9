"""Rights: who may see and do what with whose case."""

from dataclasses import replace
from itertools import product

import pytest

from models.people import CaseFacts, Channel, Person, Right, Role, may

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
