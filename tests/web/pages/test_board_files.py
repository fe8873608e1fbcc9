"""What is taken along from the board opens in a spreadsheet, and runs nothing there."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from models.figures import Figures, OfCause, OfTrade
from tests.templates.figures_by_hand import PERIODS, measured, of_region
from web.board.exports import FORMULAS, write_csv, write_workbook
from web.board.names import Names
from web.board.rows import HEAD, rows_of

NAMES = Names({"north": "Le Nord"}, {}, {"delay": "Retard"})
FIGURES = Figures(
    measured(100, 80),
    (of_region("north", 60, 50), of_region(None, 40, 30)),
    (OfTrade("works", small=False, measured=measured(100, 80)),),
    PERIODS,
    (OfCause("delay", 7), OfCause(None, 3)),
)


def test_a_share_stands_with_what_it_is_counted_from() -> None:
    rows = [row for row in rows_of(FIGURES, NAMES) if row[:5] == ("all", "", "", "contact", "all")]
    assert [(row[5], row[6], row[7]) for row in rows] == [(80, 100, 0.8)]


def test_every_row_fits_under_the_head() -> None:
    assert {len(row) for row in rows_of(FIGURES, NAMES)} == {len(HEAD)}


@pytest.mark.parametrize(("language", "line"), [("fr", "Noël;0,5;"), ("en", "Noël,0.5,")])
def test_a_csv_is_written_as_excel_reads_it_in_that_language(language: str, line: str) -> None:
    content = write_csv([("Noël", 0.5, None)], language)
    assert content == f"\ufeff{line}\r\n".encode()


@pytest.mark.parametrize("sign", FORMULAS)
def test_no_cell_is_run(sign: str) -> None:
    content = write_csv([(f"{sign}cmd|' /C calc'!A0",)], "en").decode("utf-8-sig")
    assert content.lstrip('"').startswith(f"'{sign}")


def test_a_workbook_holds_numbers_as_numbers_and_words_as_words() -> None:
    content = write_workbook({"figures": [("head",), (3, 0.5, None, "=1+1")], "cases": [("head",)]})
    book = load_workbook(BytesIO(content))
    assert book.sheetnames == ["figures", "cases"]
    assert [cell.value for cell in book["figures"][2]] == [3, 0.5, None, "'=1+1"]
    assert book["figures"]["D2"].data_type == "s"
