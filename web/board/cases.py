"""The cases behind a number of the board: no customer, nobody's words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from models.by_hand import CHANNELS
from models.errors import NotUnderstood
from models.ladder import Target
from models.numbers import Number, Which
from models.people import Room
from models.store.behind import cases_behind
from models.store.case_behind import CaseBehind
from models.store.target_periods import ZERO_TOLERANCE
from models.submissions import BACK_FILED
from models.survey import Origin, Reason
from models.tallies import UNEXPLAINED, Awaited
from models.version_targets import SHORT, spelt_out
from web.board.look import Look, Looking
from web.rendering import InPages

router = APIRouter(include_in_schema=False)

ON_A_PAGE = 50
ID = r"^[0-9a-f-]{36}$"
OF_CAUSES = frozenset({Which.CAUSE, Which.PLAYED, Which.UNPLAYED})
CAUSE = re.compile(r"[a-z0-9_-]{0,64}")
PERIOD = re.compile(
    rf"(({'|'.join(Target)})(:({ZERO_TOLERANCE}|{SHORT}(:({'|'.join(Origin)}))?))?)?"
)
"""A target, and perhaps the versions by which it ran, and the channel by which the customer was heard."""
LEVEL = re.compile(r"[1-9]")


def _number(which: Which = Which.CASES, detail: str = "") -> Number:
    """Raises NotUnderstood where the number has no such detail."""
    match which:
        case Which.MET | Which.MISSED | Which.JUDGED:
            good = PERIOD.fullmatch(detail) is not None
        case Which.WAITING:
            good = detail in set(Awaited)
        case Which.UNCOVERED:
            good = detail in {UNEXPLAINED, *Reason}
        case Which.BY_HAND | Which.BY_HAND_CONTACTED:
            good = detail in CHANNELS
        case Which.BACK_FILED | Which.BACK_FILED_COVERED:
            good = detail in BACK_FILED
        case Which.LEVEL:
            good = LEVEL.fullmatch(detail) is not None
        case Which.CAUSE | Which.PLAYED | Which.UNPLAYED:
            good = CAUSE.fullmatch(detail) is not None
        case _:
            good = not detail
    if not good:
        raise NotUnderstood("The board has no such number.", place="detail")
    return Number(which, detail)


AskedNumber = Annotated[Number, Depends(_number)]


@dataclass(frozen=True, slots=True)
class CaseList:
    """One page; `number` is the definition above it. `older` is the address of the next page."""

    number: Number
    cases: tuple[CaseBehind, ...]
    older: str | None


@router.get("/board/cases")
async def show_cases(
    look: Looking,
    number: AskedNumber,
    pages: InPages,
    before: Annotated[str | None, Query(pattern=ID)] = None,
) -> HTMLResponse:
    found = await read_cases(look, number, limit=ON_A_PAGE + 1, before=before)
    return pages.answer(
        "board_cases.html",
        look.me.language,
        me=look.me,
        here=Room.BOARD,
        organisation=look.organisation,
        filters=look.filters,
        names=await look.names_with([number.detail] if number.which in OF_CAUSES else []),
        listed=_page(look, number, found),
        spelt_out=spelt_out,
        now=look.house.clock().astimezone(look.zone),
    )


async def read_cases(
    look: Look, number: Number, *, limit: int, before: str | None = None
) -> Sequence[CaseBehind]:
    """Instants are in the head office's zone."""
    async with look.house.database.read() as session:
        found = await cases_behind(
            session, look.filters.asked, number, limit=limit, before=before, now=look.house.clock()
        )
    return [_local(each, look) for each in found]


def _local(each: CaseBehind, look: Look) -> CaseBehind:
    def at_home(instant: datetime | None) -> datetime | None:
        return instant.astimezone(look.zone) if instant else None

    return replace(
        each,
        submitted_at=each.submitted_at.astimezone(look.zone),
        opened_at=at_home(each.opened_at),
        closed_at=at_home(each.closed_at),
    )


def _page(look: Look, number: Number, found: Sequence[CaseBehind]) -> CaseList:
    shown = tuple(found[:ON_A_PAGE])
    if len(found) == len(shown):
        return CaseList(number, shown, None)
    asked = {"which": number.which, "detail": number.detail, "before": shown[-1].response_id}
    return CaseList(number, shown, look.filters.to("/board/cases", **asked))
