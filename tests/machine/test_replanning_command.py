"""`rappel org apply --replan` as it is typed; that the cases follow is tests/stories/test_replanning.py."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from models.errors import EngineAway, Misconfigured
from rappel import cli
from tests.activities.test_replanning import TEXT, TIGHTER
from tests.casework import Casework, another
from tests.web.pages.reception import settings_for

QUESTION = "Put it in force"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture(autouse=True)
def file(database_url: str, state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The organisation file of a machine on which no Temporal runs."""
    file, settings = state_dir / "organisation.yaml", settings_for(database_url)
    told = {
        "RAPPEL_ORGANISATION": str(file),
        "RAPPEL_DATABASE_URL": database_url,
        "RAPPEL_API_TOKEN": settings.api_token.get_secret_value(),
        "RAPPEL_DATA_KEY": settings.data_key.get_secret_value(),
        "RAPPEL_SESSION_KEY": settings.session_key.get_secret_value(),
        "TEMPORAL_ADDRESS": "127.0.0.1:9",
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    bring(file, TIGHTER)
    return file


def bring(file: Path, organisation: str) -> None:
    file.write_text(organisation)


async def typed(*options: str) -> Result:
    """With nobody there to answer a question."""
    return await asyncio.to_thread(CliRunner().invoke, cli, ["org", "apply", *options])


async def in_force(casework: Casework) -> int:
    async with casework.database.read() as session:
        return (await casework.book.in_force(session)).number


async def test_without_an_answer_nothing_changes(casework: Casework) -> None:
    await casework.open(another("r-1", region=None))
    ended = await typed("--replan")
    assert (ended.exit_code, await in_force(casework)) == (1, 1)
    assert QUESTION in ended.output


async def test_without_an_open_case_nobody_is_asked(casework: Casework) -> None:
    ended = await typed("--replan")
    assert ended.output.splitlines() == [
        "Version 2: 0 of 0 open cases would change.",
        "Version 2 of the organisation is now in force.",
    ]
    assert await in_force(casework) == 2


async def test_a_file_that_did_not_change_says_so(casework: Casework, file: Path) -> None:
    bring(file, TEXT)
    await casework.open(another("r-1", region=None))
    assert (await typed("--replan")).output.splitlines() == [
        "Version 1: 0 of 1 open cases would change.",
        "Version 1 of the organisation was already in force.",
    ]


async def test_while_temporal_is_away_nothing_is_put_in_force(casework: Casework) -> None:
    await casework.open(another("r-1", region=None))
    ended = await typed("--replan", "--yes")
    assert isinstance(ended.exception, EngineAway)
    assert str(ended.exception) == ("Temporal does not answer at 127.0.0.1:9. Nothing was changed.")
    assert await in_force(casework) == 1


async def test_a_fault_of_the_file_is_told_before_anything_else(
    casework: Casework, file: Path
) -> None:
    bring(file, TIGHTER.replace("contact: 2h", "contact: soon"))
    ended = await typed("--replan", "--yes")
    assert isinstance(ended.exception, Misconfigured)
    assert "targets.contact" in str(ended.exception)
    assert (ended.output, await in_force(casework)) == ("", 1)


@pytest.mark.parametrize("options", [("--yes",), ("--overdue", "now")])
async def test_what_goes_with_planning_anew_is_refused_without_it(
    casework: Casework, options: tuple[str, ...]
) -> None:
    ended = await typed(*options)
    assert (ended.exit_code, await in_force(casework)) == (2, 1)
    assert "go with --replan only" in ended.output
