"""How the customers of two cases are linked, and parted again, on the page of one of them."""

from collections.abc import Awaitable

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from models.errors import NotKnown, NotUnderstood
from web.merging import link_customers, part_customers
from web.pages.case import CORRECTABLE, Visit, Visiting, show
from web.pages.filled import Tried
from web.pages.forms import Form

router = APIRouter(include_in_schema=False)

LONGEST = 200


@router.post("/cases/{case_id}/same-person")
async def link(case_id: str, visit: Visiting, form: Form) -> Response:
    other = form.get("other", "")[:LONGEST].strip().rstrip("/").rpartition("/")[2]
    return await _answer(visit, case_id, Tried("same_person", form), _link(visit, case_id, other))


@router.post("/cases/{case_id}/other-person")
async def part(case_id: str, visit: Visiting, form: Form) -> Response:
    parting = part_customers(visit.house, visit.me, case_id)
    return await _answer(visit, case_id, Tried("other_person", form), parting)


async def _link(visit: Visit, case_id: str, other: str) -> None:
    """The address of the other case was typed, or its id."""
    try:
        await link_customers(visit.house, visit.me, case_id, other)
    except NotKnown:
        raise NotUnderstood("There is no such case.", place="other_case") from None


async def _answer(visit: Visit, case_id: str, tried: Tried, doing: Awaitable[object]) -> Response:
    try:
        await doing
    except CORRECTABLE as fault:
        return await show(visit, case_id, fault=fault, tried=tried)
    return RedirectResponse(f"/cases/{case_id}#known-as", 303)
