import gc
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import settings

from tests.lives import LIVES

pytest_plugins = ["tests.casework_fixture", "tests.databases"]

MEMORY = Path("/dev/shm")  # noqa: S108 - where Linux keeps files in memory
PLENTY = 4 * 2**30
"""Bytes."""
GARBAGE = 50_000
"""New objects before Python looks for circles among them: what is imported makes far more, and it stays."""
SERVED = frozenset({"idle_firm"})
"""Fixtures that start a Temporal server for each test."""
LONG: Mapping[str, int] = {"year": 0, "stories": 1}
"""Folders, the slowest first."""


def pytest_configure() -> None:
    """Files go into memory where there is plenty of it: on a disk, tests mostly wait for commits.

    Drawn cases are the same in each run, so that a change is judged by what it changes; the deep run, which
    looks for what nobody has met yet, draws others. How long one takes says more of the machine than of us.
    """
    gc.set_threshold(GARBAGE)
    settings.register_profile("repeatable", derandomize=LIVES == 1, deadline=None)
    settings.load_profile("repeatable")
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > PLENTY:
        tempfile.tempdir = str(MEMORY)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs a server of its own is no quick answer to whoever has just changed a line.

    What takes long begins first, so that no process is left alone with it at the end.
    """
    for item in items:
        if SERVED.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.story)
    items.sort(key=lambda item: LONG.get(item.path.parent.name, len(LONG)))


def pytest_collection_finish() -> None:
    """What was imported stays: the collector need not walk through it again and again."""
    gc.freeze()


@pytest.fixture
def state_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty state folder, and an environment that tells nothing else."""
    for name in os.environ:
        if name.startswith(("RAPPEL_", "TEMPORAL_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("RAPPEL_STATE_DIR", str(tmp_path))
    return tmp_path
