"""A back-file as it lies on this machine: its rows, each with its line, and what is wrong in which column."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from machine.rehearsing import saved
from models.errors import NotUnderstood
from models.survey import Told
from surveys.back_rows import BackFile, faults_of_headers

DELIMITERS = (",", ";", "\t")
"""The one that the first line has most of: spreadsheets write what their country writes."""

Table: TypeAlias = Iterator[tuple[int, Sequence[object]]]
"""Lines from 1 on, the first with the headers."""


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    told: Told


@dataclass(frozen=True, slots=True)
class Read:
    """`faults` are lines to read: file, line, column, and what was meant."""

    rows: Sequence[Row]
    faults: Sequence[str]


def read_back_file(path: Path, back: BackFile) -> Read:
    """Raises NotUnderstood where the file cannot be read at all, or its columns mean nothing."""
    kind = path.suffix.lower()
    if kind == ".jsonl":
        return _gathered(path, _lines(path, back))
    if kind not in TABLES:
        known = ", ".join(("*.jsonl", *(f"*{each}" for each in TABLES)))
        raise NotUnderstood(f"{path} is none of {known}.", place=str(path))
    return _gathered(path, _rows(path, TABLES[kind](path), back))


def _gathered(path: Path, found: Iterator[tuple[int, Told | NotUnderstood]]) -> Read:
    rows, faults = [], []
    for line, told in found:
        if isinstance(told, NotUnderstood):
            faults.append(_fault(path, line, told))
        else:
            rows.append(Row(line, told))
    return Read(rows, faults)


def _fault(path: Path, line: int, fault: NotUnderstood) -> str:
    column = f"{fault.place}: " if fault.place else ""
    return f"{path}:{line}: {column}{fault.detail}"


def _lines(path: Path, back: BackFile) -> Iterator[tuple[int, Told | NotUnderstood]]:
    for line, body in enumerate(saved(path).split(b"\n"), 1):
        if not body.strip():
            continue
        try:
            yield from ((line, told) for told in back.of_line(body))
        except NotUnderstood as fault:
            yield line, fault


def _rows(path: Path, table: Table, back: BackFile) -> Iterator[tuple[int, Told | NotUnderstood]]:
    line, first = next(table, (1, ()))
    headers = [str(each or "").strip() for each in first]
    while headers and not headers[-1]:
        headers.pop()
    faults = [_fault(path, line, each) for each in faults_of_headers(back.source, headers)]
    if faults:
        raise NotUnderstood("\n".join(faults), place=str(path))
    for line, values in table:
        if all(value in (None, "") for value in values):
            continue
        yield line, _told(headers, values, back)


def _told(headers: Sequence[str], values: Sequence[object], back: BackFile) -> Told | NotUnderstood:
    beyond = [value for value in values[len(headers) :] if value not in (None, "")]
    if beyond:
        return NotUnderstood("The row has more cells than there are columns.")
    named = zip(headers, values, strict=False)
    try:
        return back.of_row({name: value for name, value in named if value not in (None, "")})
    except NotUnderstood as fault:
        return fault


def _csv(path: Path) -> Table:
    body = saved(path)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        raise NotUnderstood(
            f"{path}:{line}: This is not UTF-8; save the file as *CSV UTF-8*.", place=str(path)
        ) from None
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for values in reader:
            yield line, values
            line = reader.line_num + 1
    except csv.Error as error:
        raise NotUnderstood(f"{path}:{line}: {error}.", place=str(path)) from None


def _xlsx(path: Path) -> Table:
    """The first sheet."""
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (OSError, BadZipFile, InvalidFileException, KeyError, ValueError):
        raise NotUnderstood(f"{path} is no workbook that can be read.", place=str(path)) from None
    try:
        yield from enumerate(book.worksheets[0].iter_rows(values_only=True), 1)
    finally:
        book.close()


TABLES: Mapping[str, Callable[[Path], Table]] = MappingProxyType({".csv": _csv, ".xlsx": _xlsx})
"""By the end of the file's name."""
