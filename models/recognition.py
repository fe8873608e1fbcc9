"""By what a customer is known again, and what of his shares one open case."""

from dataclasses import dataclass
from enum import StrEnum


class Identified(StrEnum):
    ID = "id"
    """In the company's own files."""
    EMAIL = "email"
    PHONE = "phone"


class CaseKey(StrEnum):
    """Of what there is one open case at a time."""

    CUSTOMER = "customer"
    CONTRACT = "contract"
    """Whoever answers for it; an answer that names none is its customer's."""
    CUSTOMER_AND_TOUCHPOINT = "customer_and_touchpoint"
    RESPONSE = "response"


class WithoutAddress(StrEnum):
    """What an unhappy answer comes to whose customer nobody can reach."""

    REASON = "reason"
    CASE = "case"
    """Somebody answers for what went wrong, though there is nobody to call."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """The first of `identity` that an answer tells is who he is."""

    identity: tuple[Identified, ...] = tuple(Identified)
    case_key: CaseKey = CaseKey.CUSTOMER
    without_address: WithoutAddress = WithoutAddress.REASON
