"""`rappel import` as it is typed: read to its end, then row by row, and typed again."""

import asyncio
import csv
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlmodel import select
from typer.testing import CliRunner, Result

from machine.importing import Wanted, import_rows, read_wanted
from models.errors import NotUnderstood
from models.tables import CaseRow, ResponseRow
from rappel import cli
from settings import load_settings
from tests.casework import Casework
from tests.models.store.test_quarantine import BY_ITS_NAME, bring

HEADERS = ("response_id", "survey_id", "submitted_at", "metric", "score", "customer.id", "comment")
NOW = datetime.now(UTC)
OLD = "2024-05-03T10:00:00Z"

Line = tuple[object, ...]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture(autouse=True)
def here(settled: None) -> None:
    """On a machine that has this database."""


def row(n: int, *, score: object = 2, at: str = "") -> Line:
    yesterday = (NOW - timedelta(days=1)).isoformat()
    return f"r-{n}", "s-1", at or yesterday, "nps", score, f"c-{n}", "Nobody\ncalls."


GOOD = (row(1), row(2, score=9), row(3, at=OLD))


def written(path: Path, rows: Sequence[Line], *, delimiter: str = ",") -> Path:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file, delimiter=delimiter).writerows([HEADERS, *rows])
    return path


async def typed(path: Path, *words: str) -> Result:
    options = ["import", str(path), "--source", "survey", *words]
    return await asyncio.to_thread(CliRunner().invoke, cli, options)


async def reasons(casework: Casework) -> dict[str, str | None]:
    async with casework.database.read() as session:
        rows = (await session.exec(select(ResponseRow))).all()
    assert all(each.way == "imported" for each in rows)
    return {each.response_id: each.reason for each in rows}


async def test_its_answers_are_taken_and_told(casework: Casework, tmp_path: Path) -> None:
    ended = await typed(written(tmp_path / "old.csv", GOOD))

    assert ended.exit_code == 0, ended.output
    assert ended.output.splitlines()[-3:] == [
        "     1  have a case",
        "     1  without a case: promoter",
        "     1  without a case: too old",
    ]
    assert await reasons(casework) == {"r-1": None, "r-2": "promoter", "r-3": "too_old"}


async def test_typed_again_it_changes_nothing(casework: Casework, tmp_path: Path) -> None:
    file = written(tmp_path / "old.csv", GOOD)
    await typed(file)

    again = await typed(file)

    assert "     3  known before" in again.output
    assert len(await reasons(casework)) == 3


async def test_killed_half_way_the_rest_follows(casework: Casework, tmp_path: Path) -> None:
    file, settings = written(tmp_path / "old.csv", GOOD), load_settings()
    read = await read_wanted(settings, Wanted(file, "survey", None, None))

    def killed(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await import_rows(settings, "survey", read.rows, killed, dry=False)
    assert await reasons(casework) == {"r-1": None}

    await typed(file)

    assert len(await reasons(casework)) == 3


async def test_tried_only_it_keeps_nothing_and_tells_the_same(
    casework: Casework, tmp_path: Path
) -> None:
    file = written(tmp_path / "old.csv", (*GOOD, row(1)))

    ended = await typed(file, "--dry-run")

    assert ended.output.splitlines()[-5:] == [
        "     1  would have a case",
        "     1  without a case: promoter",
        "     1  without a case: too old",
        "     1  known before: they stay as they are",
        "Nothing was kept: it was tried only.",
    ]
    assert await reasons(casework) == {}


async def test_a_fault_names_line_and_column_and_nothing_is_kept(
    casework: Casework, tmp_path: Path
) -> None:
    """Each row before has a comment of two lines."""
    file = written(tmp_path / "old.csv", (row(1), row(2, score="elf"), row(3, at="May")))

    ended = await typed(file)

    assert ended.exit_code == 1
    assert f"{file}:4: score: score must be a whole number from 0 to 10." in ended.output
    assert f"{file}:6: submitted_at: submitted_at must be an instant" in ended.output
    assert await reasons(casework) == {}


async def test_the_other_rows_are_taken_if_that_is_said(casework: Casework, tmp_path: Path) -> None:
    file = written(tmp_path / "old.csv", (row(1), row(2, score="elf")))

    assert (await typed(file, "--skip-faulty")).exit_code == 1
    assert await reasons(casework) == {"r-1": None}


async def test_old_answers_open_cases_from_the_day_that_is_said(
    casework: Casework, tmp_path: Path
) -> None:
    await typed(written(tmp_path / "old.csv", GOOD), "--open-cases-since", "2024-05-01")
    assert (await reasons(casework))["r-3"] is None


async def test_a_french_spreadsheet_writes_semicolons(casework: Casework, tmp_path: Path) -> None:
    await typed(written(tmp_path / "old.csv", GOOD, delimiter=";"))
    assert len(await reasons(casework)) == 3


async def test_a_workbook_is_read_by_the_mapping_of_its_source(
    casework: Casework, tmp_path: Path
) -> None:
    await bring(casework, BY_ITS_NAME)
    book, file = Workbook(), tmp_path / "old.xlsx"
    sheet = book.active
    sheet.append(["id", "recommend", "mail", "words", "submitted_at"])
    at = (NOW - timedelta(days=2)).replace(tzinfo=None)
    sheet.append([11, 2, "odile@client.example", "Nobody came.", at])
    sheet.append([12, "much", None, None, at])
    book.save(file)

    ended = await typed(file, "--zone", "Europe/Paris", "--skip-faulty")

    assert f"{file}:3: recommend: The answer to recommend is no whole number" in ended.output
    assert await reasons(casework) == {"11": None}


async def test_a_line_of_json_is_a_delivery(casework: Casework, tmp_path: Path) -> None:
    lines = [dict(zip(HEADERS[:5], row(n)[:5], strict=True)) for n in (1, 2)]
    file = tmp_path / "old.jsonl"
    await asyncio.to_thread(
        file.write_text, "\n".join([json.dumps(lines[0]), "", json.dumps(lines[1]), "{"])
    )

    ended = await typed(file, "--skip-faulty")

    assert f"{file}:4: The body is no JSON" in ended.output
    assert await reasons(casework) == {"r-1": "no_way_to_reach", "r-2": "no_way_to_reach"}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("old.txt", b"", r"is none of \*.jsonl, \*.csv, \*.xlsx"),
        ("old.csv", b"response_id,commment\n", "old.csv:1: commment: There is no such column; did"),
        ("old.csv", b"a,b\n\xe9t\xe9,2\n", "old.csv:2: This is not UTF-8"),
        ("old.xlsx", b"no workbook", "is no workbook"),
    ],
)
async def test_what_cannot_be_read_at_all_says_why(
    casework: Casework, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    file = tmp_path / name
    await asyncio.to_thread(file.write_bytes, content)
    with pytest.raises(NotUnderstood, match=said):
        raise (await typed(file)).exception or AssertionError
    async with casework.database.read() as session:
        assert (await session.exec(select(CaseRow))).all() == []
