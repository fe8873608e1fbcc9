"""`rappel source` as it is typed."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from models.errors import NotKnown
from models.store.deliveries import Delivery
from models.submissions import Way
from rappel import cli
from tests.casework import UNHAPPY, Casework
from tests.models.store.test_quarantine import (
    BY_ITS_NAME,
    BY_THE_WRONG_NAME,
    SENT,
    bring,
    intake,
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


def save(path: Path, *several: Mapping[str, object], **changes: object) -> None:
    path.write_text(json.dumps([{**SENT, **each} for each in several] or {**SENT, **changes}))


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


async def test_of_several_responses_each_is_shown_by_itself(casework: Casework, file: Path) -> None:
    several = BY_ITS_NAME.replace("recommend", "'[*].recommend'").replace(
        "{response_id: id, customer.email: mail, comment: words}",
        "{response_id: '[*].id', customer.email: '[*].mail'}",
    )
    await bring(casework, several)
    save(file, {}, {"id": "r-8", "recommend": "never"})

    shown = (await typed("try", "survey", file)).output

    assert "Response 1 of 2:" in shown
    assert "Quarantined: fault at [1].recommend." in shown
    assert shown.count("Response 1, by the references that a mapping can name:") == 1
    assert "[*].recommend  text" in shown


async def test_a_source_that_only_a_backfill_hears_is_told(casework: Casework) -> None:
    answer = replace(UNHAPPY, submitted_at=datetime.now(UTC) - timedelta(days=1))
    async with casework.database.write() as session:
        by = await casework.book.in_force(session)
        delivery = Delivery("survey", b"{}", datetime.now(UTC), way=Way.BACKFILLED)
        await intake(casework).take(session, delivery, answer, by=by)

    lines = (await typed("list")).output.splitlines()

    assert lines[1].split()[:12] == ["survey", "generic", *"0000000010"]
    assert "never" in lines[1]
    assert lines[2].startswith(
        "survey: answers of the last 30 days that were given after it was last seen"
    )
