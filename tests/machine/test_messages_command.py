"""`rappel messages` as it is typed: what waits, failed and costs; and having the carrier tried at once."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from models.posting import Posting
from rappel import cli
from tests.casework import Casework
from tests.outbox_rows import keep, letter, letters, resting


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture(autouse=True)
def here(settled: None) -> None:
    """On a machine that has this database."""


async def typed(*words: str) -> str:
    done = await asyncio.to_thread(CliRunner().invoke, cli, ["messages", *words])
    assert done.exit_code == 0
    return done.output


async def test_it_says_what_waits_what_failed_and_what_is_used(casework: Casework) -> None:
    now = datetime.now(UTC)
    taken = letter("taken", segments=2, posted_at=now, created_at=now)
    lost = letters(2, Posting.UNDELIVERED, first=now, reason="blocked", code=30007, created_at=now)
    await keep(casework.database, taken, *lost)

    lines = (await typed()).splitlines()

    assert lines[0] == "Carrier: messages leave as usual"
    assert lines[1] == "Queue sms: 0 may leave; 0 wait for their time; 0 being sent"
    assert "Refused or lost: 2 of 3 in the last hour, 2 of 3 in the last 24" in lines
    assert "      2  sms undelivered blocked 30007 (2 in the last 24 hours)" in lines
    assert f"{now:%Y-%m}: 2 segments, 0 minutes" in lines


async def test_somebody_who_has_seen_to_it_has_the_carrier_tried(casework: Casework) -> None:
    now = datetime.now(UTC)
    await keep(casework.database, resting(now, now + timedelta(hours=1)))
    assert "(account, 20003), next try" in (await typed())

    assert (await typed("--try-now")).startswith("The next message is tried at once")

    assert "Carrier: half open since" in (await typed())
