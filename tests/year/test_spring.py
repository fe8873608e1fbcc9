"""Two months of the year, with a change of clocks and the holidays of May, on every run of the tests."""

import asyncio
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from subprocess import PIPE, STDOUT

import pytest

pytestmark = [pytest.mark.story, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]


async def played(report: Path, *words: str) -> tuple[int, str]:
    """How `python -m year` ends, and what it prints."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "year", "--report", str(report), *words),
        cwd=ROOT,
        stdout=PIPE,
        stderr=STDOUT,
    )
    printed, _ = await process.communicate()
    return process.returncode or 0, printed.decode()


def digests(printed: Sequence[tuple[int, str]]) -> Sequence[str]:
    return [found for _, text in printed for found in re.findall(r"digest (\w+)", text)]


async def test_two_months_keep_every_invariant_and_leave_a_report(tmp_path: Path) -> None:
    report = tmp_path / "spring.html"

    code, printed = await played(report, "--spring")

    assert code == 0, printed
    page = report.read_text()
    assert page.count("<svg") == 7
    assert re.findall(r"(?:src|href|url)\s*[=(]", page) == []


async def test_the_same_seed_plays_the_same(tmp_path: Path) -> None:
    """Whatever the ids, and however quick the machine is just then."""
    words = ("--spring", "--days", "10", "--responses", "20")

    printed = [await played(tmp_path / f"{run}.html", *words) for run in range(2)]

    first, again = digests(printed)
    assert first == again
