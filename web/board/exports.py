"""What is taken along from the board: tables of plain cells, as CSV and as a workbook for Excel."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO, StringIO
from types import MappingProxyType
from typing import TypeAlias

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

Cell: TypeAlias = str | int | float | None
Row: TypeAlias = Sequence[Cell]

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins so is run by a spreadsheet, and surveys bring us words from anybody."""
SEPARATORS: Mapping[str, tuple[str, str]] = MappingProxyType({"fr": (";", ",")})
"""Between cells, and in numbers: what Excel expects in that language. Elsewhere comma and point."""


def write_csv(rows: Iterable[Row], language: str) -> bytes:
    """With the mark by which Excel knows UTF-8."""
    between, decimal = SEPARATORS.get(language, (",", "."))
    text = StringIO()
    writer = csv.writer(text, delimiter=between)
    writer.writerows([_written(cell, decimal) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def write_workbook(sheets: Mapping[str, Iterable[Row]]) -> bytes:
    """By name of the sheet. Each row goes to disk as it comes; the first one is the head."""
    kept = BytesIO()
    with Workbook(kept, {"constant_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.set_row(0, None, bold)
            _fill(sheet, rows)
    return kept.getvalue()


def harmless(cell: Cell) -> Cell:
    """The same text, which no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULAS) else cell


def _fill(sheet: Worksheet, rows: Iterable[Row]) -> None:
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            match harmless(cell):
                case str() as words:
                    sheet.write_string(at, column, words)
                case int() | float() as number:
                    sheet.write_number(at, column, number)


def _written(cell: Cell, decimal: str) -> str:
    match harmless(cell):
        case None:
            return ""
        case float() as number:
            return f"{number:.6g}".replace(".", decimal)
        case other:
            return str(other)
