"""The JSON API: two customers who are one person."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from models.people import Person
from web.api.bodies import ActBody, Name
from web.merging import link_customers, part_customers
from web.permits import acting_person
from web.provided import House, InHouse

router = APIRouter(prefix="/customers", tags=["customers"])


class MergeBody(ActBody):
    """By the national owner: the customers of two cases are one person."""

    case: Name
    other: Name


class PartBody(ActBody):
    """By the national owner: the customer of a case is somebody else again."""

    case: Name


class OnePersonOut(BaseModel):
    """All `customers` that are this person, the oldest first: what comes is joined to his."""

    customers: Annotated[Sequence[str], Field(description="Ids of ours, never names.")]


@router.post("/merge")
async def merge(body: MergeBody, house: InHouse) -> OnePersonOut:
    """The same said again changes nothing. What is to come lands with the older one, and of two open cases
    the older absorbs the younger, unless the case key keeps them apart. 409 where the younger is under way.
    """
    me = await _acting(house, body)
    return OnePersonOut(customers=await link_customers(house, me, body.case, body.other))


@router.post("/part")
async def part(body: PartBody, house: InHouse) -> OnePersonOut:
    """Until an answer has come to a case of his, or a case was absorbed."""
    me = await _acting(house, body)
    return OnePersonOut(customers=await part_customers(house, me, body.case))


async def _acting(house: House, body: ActBody) -> Person:
    async with house.database.read() as session:
        return acting_person((await house.book.in_force(session)).organisation, body.by)
