"""Targets over time: how each was met while it was as long as it was, for who tightens them."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from models.numbers import COUNTED_FROM
from models.people import Room
from models.store.target_periods import ZERO_TOLERANCE, read_targets_over_time
from models.version_targets import in_short, spelt_out
from web.board.look import Looking
from web.rendering import InPages

router = APIRouter(include_in_schema=False)


@router.get("/board/targets")
async def show_targets(look: Looking, pages: InPages) -> HTMLResponse:
    house = look.house
    async with house.database.read() as session:
        found = await read_targets_over_time(
            session, look.filters.asked, now=house.clock(), book=house.book
        )
    return pages.answer(
        "board_targets.html",
        look.me.language,
        me=look.me,
        here=Room.BOARD,
        organisation=look.organisation,
        filters=look.filters,
        names=look.names,
        counted_from=COUNTED_FROM,
        targets=found.targets,
        in_short=in_short,
        spelt_out=spelt_out,
        zero_tolerance=ZERO_TOLERANCE,
    )
