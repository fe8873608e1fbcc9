"""`rappel demo`: a short one, played once, and looked at as its viewer would."""

import os
import re
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from httpx2 import AsyncClient

from machine.port import free_port_for_temporal
from tests.stories.household import eventually, free_port
from tests.stories.parts import ROOT, Part

pytestmark = [pytest.mark.story, pytest.mark.timeout(300)]

DAYS = 10
LINK = re.compile(r"(?m)^ +(\w+) +(http\S+/l/\S+)$")


@dataclass(frozen=True, slots=True)
class Viewer:
    """He has a Rappel of his own, whose folder is `own`."""

    own: Path
    demo: Part

    @property
    def links(self) -> dict[str, str]:
        return dict(LINK.findall(self.demo.log.read_text()))

    def column(self, statement: str) -> list[str]:
        database = f"file:{self.demo.folder}/.rappel-demo/rappel.sqlite?mode=ro"
        with closing(sqlite3.connect(database, uri=True)) as connection:
            return [row[0] for row in connection.execute(statement).fetchall()]

    async def is_over(self) -> bool:
        assert self.demo.runs, self.demo.log.read_text()
        return "Ctrl-C stops everything" in self.demo.log.read_text()

    async def sees(self, room: str, *, as_: str) -> str:
        link = self.links[as_]
        async with AsyncClient(timeout=30) as browser:
            await browser.post(link, headers={"sec-fetch-site": "same-origin"})
            page = await browser.get(f"{link.partition('/l/')[0]}/{room}")
        assert page.status_code == 200, page.text
        return page.text


@pytest.fixture(scope="module")
async def viewer(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Viewer]:
    folder = tmp_path_factory.mktemp("demo")
    (own := folder / ".rappel").mkdir()
    (own / "secrets.env").write_text("RAPPEL_API_TOKEN=my-own-token-of-my-own\n")
    bare = {k: v for k, v in os.environ.items() if not k.startswith(("RAPPEL_", "TEMPORAL_"))}
    environment = bare | {
        "PYTHONPATH": str(ROOT),
        "RAPPEL_PORT": str(free_port()),
        "RAPPEL_TEMPORAL_PORT": str(free_port_for_temporal(21_000)),
        "RAPPEL_DATABASE_URL": f"sqlite:///{own}/mine.sqlite",
    }
    words = ("demo", "--days", str(DAYS), "--seconds", "15")
    demo = Part(
        (sys.executable, "-m", "rappel", *words), environment, folder / "log", folder=folder
    )
    viewer = Viewer(own, demo)
    try:
        await demo.start()
        await eventually(viewer.is_over)
        yield viewer
    finally:
        await demo.stop()


async def test_cases_open_over_the_days_that_are_played(viewer: Viewer) -> None:
    submitted = _instants(viewer.column("SELECT submitted_at FROM responses"))
    opened = _instants(viewer.column("SELECT opened_at FROM cases"))

    assert len(submitted) > 40
    assert submitted[-1] - submitted[0] > timedelta(days=DAYS - 2)
    assert opened[-1] - opened[0] > timedelta(days=DAYS - 4)


async def test_people_act_and_cases_close_on_the_way(viewer: Viewer) -> None:
    acted = _instants(viewer.column("SELECT at FROM timeline WHERE kind = 'attempted'"))
    closed = _instants(viewer.column("SELECT closed_at FROM cases WHERE closed_at IS NOT NULL"))

    assert acted[-1] - acted[0] > timedelta(days=3)
    assert closed


async def test_what_nobody_takes_goes_up_the_ladder(viewer: Viewer) -> None:
    assert viewer.column("SELECT id FROM cases WHERE highest_level > 0")


async def test_a_newcomer_meets_all_that_there_is(viewer: Viewer) -> None:
    """Gestures within somebody's authority and above it, playbooks, words heard by hand, co-buyers."""
    by_hand = viewer.column("SELECT origin FROM responses WHERE heard_by IS NOT NULL")
    played = viewer.column("SELECT at FROM timeline WHERE facts LIKE '%playbook%'")
    promised = viewer.column("SELECT at FROM timeline WHERE facts LIKE '%\"gesture\"%'")
    shared = viewer.column(
        "SELECT case_id FROM responses WHERE contract IS NOT NULL AND case_id IS NOT NULL"
    )

    assert sorted(by_hand) == ["mail", "meeting", "phone", "social"]
    assert played
    assert len(promised) >= 2
    assert viewer.column("SELECT approver FROM waiting_gestures") == ["national_owner"]
    assert (len(shared), len(set(shared))) == (2, 1)


async def test_nothing_is_said_of_the_future(viewer: Viewer) -> None:
    now = datetime.now().astimezone()
    at = viewer.column("SELECT at FROM timeline")

    assert max(_instants(at)).timestamp() <= now.timestamp()


async def test_the_pages_are_full_of_life_and_say_that_it_is_a_demo(viewer: Viewer) -> None:
    inbox = await viewer.sees("inbox", as_="director_nord")
    board = await viewer.sees("board", as_="national_owner")

    assert "/cases/" in inbox
    assert all('<p class="demo">' in page for page in (inbox, board))


async def test_the_viewers_own_rappel_is_left_alone(viewer: Viewer) -> None:
    assert [file.name for file in viewer.own.iterdir()] == ["secrets.env"]
    assert (viewer.own / "secrets.env").read_text() == "RAPPEL_API_TOKEN=my-own-token-of-my-own\n"


def _instants(column: list[str]) -> list[datetime]:
    return sorted(map(datetime.fromisoformat, column))
