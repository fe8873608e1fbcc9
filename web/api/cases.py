"""The JSON API: what became of a response, and the cases."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query

from models.case import Stage
from models.errors import NotKnown
from models.fetching import Unread
from models.store.case_lists import CaseFilter, list_cases
from models.store.reading import read_case_as
from models.store.rights import listed_for
from models.store.tellings import find_response
from models.store.unfetched import why_unread
from models.store.views import read_case
from web.api.questions import By, Cursor, Limit, find_reader
from web.api.schemas import CaseLine, CaseOut, CasePage, ResponseStatus
from web.provided import InHouse

router = APIRouter()

UNKNOWN: Mapping[Unread | None, str] = {
    None: "This response never arrived.",
    Unread.WAITING_FOR_FETCH: "This response is known to be there; its answer waits to be fetched.",
    Unread.FETCH_GIVEN_UP: "This response is known to be there; its answer could not be fetched.",
}
"""Why nobody knows it."""


@router.get("/responses/{source}/{response_id:path}", tags=["responses"])
async def response_status(source: str, response_id: str, house: InHouse) -> ResponseStatus:
    async with house.database.read() as session:
        row = await find_response(session, source, response_id)
        unread = None if row else await why_unread(session, source, response_id)
    if row is None:
        raise NotKnown(UNKNOWN[unread])
    return ResponseStatus.of(row)


@router.get("/cases", tags=["cases"])
async def cases(
    house: InHouse,
    *,
    open_: Annotated[bool | None, Query(alias="open")] = None,
    owner: str | None = None,
    region: str | None = None,
    state: Stage | None = None,
    topic: str | None = None,
    stalled: bool | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    by: By = None,
) -> CasePage:
    """Newest first. `stalled`: out of time on the last level, and nobody has turned to the customer since."""
    wanted = CaseFilter(open_, owner, region, state, topic, stalled)
    async with house.database.read() as session:
        reader = await find_reader(house, session, by)
        reach = listed_for(reader) if reader else None
        rows = await list_cases(session, wanted, limit=limit + 1, before=cursor, reach=reach)
    items = [CaseLine.of(row) for row in rows[:limit]]
    return CasePage(items=items, next=items[-1].id if len(rows) > limit else None)


@router.get("/cases/{case_id}", tags=["cases"])
async def case(case_id: str, house: InHouse, by: By = None) -> CaseOut:
    """Whole; for an executive without the customer and without words."""
    vault = house.database.vault
    async with house.database.read() as session:
        reader = await find_reader(house, session, by)
        if reader is None:
            return CaseOut.of_view(await read_case(session, vault, case_id))
        return CaseOut.of_view(await read_case_as(session, vault, case_id, reader=reader))
