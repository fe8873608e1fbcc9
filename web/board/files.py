"""The board to take along: its figures and the cases behind them, as files."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from models.numbers import Number, Which
from models.store.case_behind import CaseBehind
from web.board.cases import AskedNumber, read_cases
from web.board.exports import CSV, XLSX, Row, write_csv, write_workbook
from web.board.look import Look, Looking
from web.board.names import Names
from web.board.rows import rows_of

router = APIRouter(include_in_schema=False)

MOST = 10_000
"""Cases in one file, the newest: who needs more asks month by month."""
ALL = Number(Which.CASES)
HEAD: Row = (
    "case",
    "region",
    "region_name",
    "trade",
    "trade_name",
    "answered",
    "opened",
    "closed",
    "stage",
    "level",
    "outcome",
    "reason",
    "times",
)
"""Without a case only `reason` says something of it; the `times` add up to the number on the board."""
MINUTE = "%Y-%m-%d %H:%M"


@router.get("/board.csv")
async def send_figures(look: Looking) -> Response:
    rows = await _figures(look)
    written = await run_in_threadpool(write_csv, rows, look.me.language)
    return _file(written, CSV, name="rappel-figures.csv")


@router.get("/board/cases.csv")
async def send_cases(look: Looking, number: AskedNumber) -> Response:
    cases = await read_cases(look, number, limit=MOST)
    written = await run_in_threadpool(write_csv, _rows(cases, look.names), look.me.language)
    return _file(written, CSV, name="rappel-cases.csv")


@router.get("/board.xlsx")
async def send_workbook(look: Looking) -> Response:
    cases = await read_cases(look, ALL, limit=MOST)
    sheets = {"figures": await _figures(look), "cases": _rows(cases, look.names)}
    return _file(await run_in_threadpool(write_workbook, sheets), XLSX, name="rappel-board.xlsx")


async def _figures(look: Look) -> Iterator[Row]:
    figures = await look.figures(look.filters.asked)
    return rows_of(figures, await look.names_with(each.cause for each in figures.causes))


def _rows(cases: Sequence[CaseBehind], names: Names) -> Iterator[Row]:
    """On the head office's clock."""
    yield HEAD
    for each in cases:
        yield (
            each.case_id,
            each.region,
            names.region(each.region),
            each.trade,
            names.trade(each.trade),
            _written(each.submitted_at),
            _written(each.opened_at),
            _written(each.closed_at),
            each.stage,
            each.level,
            each.outcome,
            each.reason,
            each.times,
        )


def _written(instant: datetime | None) -> str | None:
    return f"{instant:{MINUTE}}" if instant else None


def _file(content: bytes, media_type: str, *, name: str) -> Response:
    where = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=where)
