"""`rappel source` as it is typed."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from models.errors import NotKnown
from rappel import cli
from tests.casework import Casework
from tests.models.store.test_quarantine import (
    BY_ITS_NAME,
    BY_THE_WRONG_NAME,
    SENT,
    bring,
    send,
)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture(autouse=True)
def here(settled: None) -> None:
    """On a machine that has this database."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "delivery.json"
    save(path)
    return path


def save(path: Path, **changes: object) -> None:
    path.write_text(json.dumps({**SENT, **changes}))


async def typed(*words: object) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, cli, ["source", *map(str, words)])


async def test_each_source_has_a_line(casework: Casework) -> None:
    await casework.hear()
    await bring(casework, BY_THE_WRONG_NAME)
    await send(casework)

    lines = (await typed("list")).output.splitlines()

    titles = "source kind deliveries understood quarantined repeats unfinished received tests"
    assert lines[0].split()[:9] == titles.split()
    assert lines[1].split()[:9] == ["survey", "generic", "2", "1", "1", "0", "0", "0", "0"]
    assert "2027-03-01 10:00" in lines[1]
    assert lines[2].startswith("survey: its mapping finds no score: 1 in quarantine")


async def test_a_delivery_is_tried_without_keeping_anything(casework: Casework, file: Path) -> None:
    await bring(casework, BY_ITS_NAME)

    lines = (await typed("try", "survey", file)).output.splitlines()

    assert lines[0] == "By version 2 of the organisation, as a delivery of survey (generic):"
    assert "  score           nps 2 (given as 2)  <- from recommend" in lines
    assert any("assigned to Nora National (nora), by rule 2" in line for line in lines)
    assert not any("calendar" in line for line in lines)
    assert (await typed("list")).output.splitlines()[1].split()[2] == "0"


async def test_a_mapping_is_tried_before_it_is_in_force(
    casework: Casework, file: Path, tmp_path: Path
) -> None:
    candidate = tmp_path / "candidate.yaml"
    candidate.write_text(BY_THE_WRONG_NAME)

    shown = (await typed("try", "survey", file, "--file", candidate)).output

    assert "Quarantined: fault at recommendation. There is no answer" in shown
    assert "recommend  number 2" in shown
    assert "Nobody came" not in shown


async def test_who_is_happy_opens_nothing_and_it_is_said(casework: Casework, file: Path) -> None:
    await bring(casework, BY_ITS_NAME)
    save(file, recommend=10)

    assert "No case: promoter." in (await typed("try", "survey", file)).output


async def test_a_misspelt_source_is_named(casework: Casework, file: Path) -> None:
    ended = await typed("try", "suvrey", file)
    assert isinstance(ended.exception, NotKnown)
    assert "did you mean 'survey'" in str(ended.exception)
