"""The README is true: a newcomer gets what it promises.

`make up` finds its packages installed already.
"""

import json
import re
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx2 import AsyncClient

from machine.port import free_port_for_temporal, is_free
from tests.stories.household import eventually
from tests.stories.newcomer import Newcomer, fresh_copy, shell_blocks
from tests.stories.parts import ROOT

pytestmark = pytest.mark.story

DEMO, UP, ANSWER, LINK, TEST, API, ORGANISATION = shell_blocks(ROOT / "README.md")


@pytest.fixture
async def newcomer(tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[Newcomer]:
    temporal_port = free_port_for_temporal(20_000 + secrets.randbelow(10_000))
    newcomer = Newcomer(fresh_copy(tmp_path / "rappel"), unused_tcp_port, temporal_port)
    yield newcomer
    await newcomer.presses_ctrl_c()


def documents(printed: str) -> Iterator[dict[str, Any]]:
    """The JSON documents that stand in a text one after the other."""
    while printed := printed.lstrip():
        document, end = json.JSONDecoder().raw_decode(printed)
        yield document
        printed = printed[end:]


async def link_in_the_outbox(newcomer: Newcomer) -> str | None:
    async with AsyncClient() as browser:
        page = (await browser.get(f"{newcomer.here}/outbox")).text
    found = re.search(rf'href="({newcomer.here}/l/[^"]+)"', page)
    return found[1] if found else None


def test_the_tests_and_the_demo_are_started_as_the_readme_says() -> None:
    """Each has a story of its own: the demo's is `test_demo`."""
    assert (DEMO, TEST) == ("make demo\n", "make test\n")


async def test_a_newcomer_follows_the_readme(newcomer: Newcomer) -> None:
    await newcomer.starts(UP)
    answered, case = (await newcomer.does(ANSWER)).split(" ", 1)
    link = await eventually(lambda: link_in_the_outbox(newcomer))
    async with AsyncClient() as phone:
        door = await phone.get(link)
    printed = await newcomer.does(LINK)
    cases, figures, health = documents(await newcomer.does(API))
    checked, *_advice, applied = (await newcomer.does(ORGANISATION)).splitlines()
    await newcomer.presses_ctrl_c()

    assert f"Rappel is up: {newcomer.here}" in newcomer.said
    assert answered == "202"
    assert door.status_code == 200
    assert f"{newcomer.here}/l/" in printed
    assert [item["id"] for item in cases["items"]] == [json.loads(case)["case_id"]]
    assert figures["overall"]["coverage"]["covered"]["value"] == 1
    assert health["status"] == "ok"
    assert checked.startswith("organisation.yaml: no fault")
    assert applied.startswith("Version 1 of the organisation")
    assert [line for line in newcomer.said if line.startswith("Stopping")]
    assert is_free("127.0.0.1", newcomer.port)
    assert is_free("127.0.0.1", newcomer.temporal_port)
