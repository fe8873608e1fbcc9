"""What a person types into the forms of a case is kept while he types, for any device of his."""

import re

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from models.actions import ActKind
from models.errors import NotKnown
from models.store.doers import doers_of
from models.store.typed import Paper, keep_typed
from models.store.views import find_case
from web.pages.case import Visit, Visiting
from web.pages.forms import ONWARD, PRACTICE, WORK, WRAP_UP, Form, Written, read_draft
from web.permits import has_work, require_hands

router = APIRouter(include_in_schema=False)

FORM = re.compile(
    "|".join([*ActKind, WRAP_UP, PRACTICE, r"(?P<deed>action_[a-z]+)-(?P<number>[1-9]\d{0,3})"])
)


@router.post("/cases/{case_id}/drafts/{form_name}")
async def keep_draft(
    case_id: str, form_name: str, visit: Visiting, form: Form, request: Request
) -> Response:
    """For the script, which wants no page; and for a button, which leads back to the form."""
    found = FORM.fullmatch(form_name)
    if found is None or found["deed"] not in {None, *ActKind}:
        raise NotKnown("There is no such form.")
    paper, words = Paper(case_id, visit.me.id, form_name), read_draft(form)
    await visit.house.database.write_again(
        lambda session: _keep(visit, session, paper, words, found)
    )
    if "text/html" not in request.headers.get("accept", ""):
        return Response(status_code=204)
    page = f"/cases/{case_id}"
    if form.get(ONWARD) == WORK and found["number"]:
        page = f"{page}/actions/{found['number']}"
    return RedirectResponse(f"{page}#{form_name}", 303)


async def _keep(
    visit: Visit, session: AsyncSession, paper: Paper, words: Written, found: re.Match[str]
) -> None:
    """Raises NotAllowed for who could not send the form either."""
    house = visit.house
    row = await find_case(session, paper.case_id)
    today = (await house.book.in_force(session)).organisation
    doers = await doers_of(session, today, at=house.clock())
    if not (found["number"] and has_work(visit.me, row, doers, number=int(found["number"]))):
        require_hands(visit.me, row)
    await keep_typed(session, house.database.vault, row, paper, words, at=house.clock())
