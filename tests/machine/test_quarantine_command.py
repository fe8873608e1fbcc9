"""`rappel quarantine` as it is typed: what lies there, its shape without anybody's words, heard again."""

import asyncio

import pytest
from typer.testing import CliRunner, Result

from models.errors import NotKnown
from models.tables import DeliveryRow
from rappel import cli
from tests.casework import Casework
from tests.models.store.test_quarantine import BY_ITS_NAME, BY_THE_WRONG_NAME, bring, send


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture(autouse=True)
def here(settled: None) -> None:
    """On a machine that has this database."""


async def typed(*words: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, cli, ["quarantine", *words])


async def test_an_empty_one_says_so(casework: Casework) -> None:
    assert (await typed("list")).output == "The quarantine is empty.\n"


async def test_it_lists_how_many_and_where(casework: Casework) -> None:
    kept = [await send(casework), await send(casework, id="r-8")]
    await send(casework, source="elsewhere")

    lines = (await typed("list", "--source", "survey", "--limit", "1")).output.splitlines()

    assert lines[:3] == [
        "2 in quarantine:",
        "     2  survey: fault at recommendation",
        "The newest 1:",
    ]
    assert lines[3].startswith(f"{kept[1]}  2027-03-01 09:00 UTC  survey  fault at recommendation")


async def test_it_shows_the_shape_and_nobodys_words(casework: Casework) -> None:
    await bring(casework, BY_THE_WRONG_NAME)
    kept = await send(casework)

    shown = (await typed("show", kept)).output

    assert "Now: fault at recommendation. There is no answer to recommendation" in shown
    assert "  recommend  number 2" in shown
    assert "  mail       text of 20 characters" in shown
    assert "odile" not in shown
    assert "Nobody" not in shown


async def test_one_is_replayed_once_its_mapping_is_corrected(casework: Casework) -> None:
    await bring(casework, BY_THE_WRONG_NAME)
    kept = await send(casework)
    before = await typed("replay", kept)
    await bring(casework, BY_ITS_NAME)
    assert "Now: it would be understood." in (await typed("show", kept)).output

    after = await typed("replay", kept)

    assert before.output == "Still in quarantine: fault at recommendation.\n"
    assert after.output.startswith("It left the quarantine: understood, case ")
    assert isinstance((await typed("show", kept)).exception, NotKnown)


async def test_all_of_a_source_are_replayed(casework: Casework) -> None:
    await bring(casework, BY_ITS_NAME)
    for n in range(30):
        await send(casework, id=f"r-{n}")
    await send(casework, recommend="never")
    await send(casework, source="elsewhere")

    ended = await typed("replay", "--source", "survey")

    assert ended.output.splitlines()[-1] == "Replayed 31: 30 understood, 1 still in quarantine."
    assert "2 in quarantine" in (await typed("list")).output
    assert (await typed("replay", "--all")).output.splitlines()[-1].startswith("Replayed 2: 0 ")


async def test_one_at_fault_holds_up_no_other_and_is_named(casework: Casework) -> None:
    await bring(casework, BY_ITS_NAME)
    spoilt, _ = await send(casework), await send(casework, id="r-8")
    async with casework.database.write() as session:
        (await session.get_one(DeliveryRow, spoilt)).body_sealed = bytes(60)

    ended = await typed("replay", "--all")

    assert ended.output.splitlines()[-3:] == [
        "Replayed 2: 1 understood, 0 still in quarantine.",
        "1 could not be heard for a fault of ours, and stays:",
        f"{spoilt}  Misconfigured",
    ]


@pytest.mark.parametrize("words", [(), ("some-id", "--all")])
async def test_it_must_be_said_what_is_replayed(casework: Casework, words: tuple[str, ...]) -> None:
    ended = await typed("replay", *words)
    assert (ended.exit_code, "or say --source or --all" in ended.output) == (2, True)
