"""The board: the figures of all regions, and what each means."""

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from models.figures import Figures, OfRegion, OfTrade
from models.numbers import COUNTED_FROM
from models.people import Room
from models.spelling import plain
from web.board.comparison import Comparison, compare
from web.board.look import Looking
from web.board.names import Names
from web.rendering import InPages
from web.visitors import AtBoard

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Sight:
    """What there is to see; `regions` and `trades` by name, the nameless last."""

    figures: Figures
    regions: tuple[OfRegion, ...]
    trades: tuple[OfTrade, ...]
    compared: Comparison


@router.get("/board")
async def show_board(look: Looking, pages: InPages) -> HTMLResponse:
    asked, year = look.filters.asked, look.filters.year
    figures = await look.figures(asked)
    names = await look.names_with(each.cause for each in figures.causes)
    beside = figures if year == asked else await look.figures(year)
    return pages.answer(
        "board.html",
        look.me.language,
        me=look.me,
        here=Room.BOARD,
        organisation=look.organisation,
        filters=look.filters,
        names=names,
        counted_from=COUNTED_FROM,
        sight=see(figures, beside, names),
    )


@router.get("/board/definitions")
async def show_definitions(me: AtBoard, pages: InPages) -> HTMLResponse:
    return pages.answer("board_definitions.html", me.language, me=me, here=Room.BOARD)


def see(figures: Figures, year: Figures, names: Names) -> Sight:
    """`year` is what the regions are compared by."""

    def of_region(each: OfRegion) -> tuple[bool, str]:
        return each.region is None, plain(names.region(each.region))

    def of_trade(each: OfTrade) -> tuple[bool, str]:
        return each.trade is None, plain(names.trade(each.trade))

    beside = sorted(year.by_region, key=of_region)
    return Sight(
        figures,
        tuple(sorted(figures.by_region, key=of_region)),
        tuple(sorted(figures.by_trade, key=of_trade)),
        compare(beside, year.overall.closed_loop.closed),
    )
