import gc
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

from tests.lives import LIVES

pytest_plugins = ["tests.casework_fixture", "tests.databases"]

MEMORY = Path("/dev/shm")  # noqa: S108 - where Linux keeps files in memory
PLENTY = 4 * 2**30
"""Bytes."""


def pytest_configure() -> None:
    """Files go into memory where there is plenty of it: on a disk, tests mostly wait for commits.

    Drawn cases are the same in each run, so that a change is judged by what it changes; the deep run, which
    looks for what nobody has met yet, draws others. How long one takes says more of the machine than of us.
    """
    settings.register_profile("repeatable", derandomize=LIVES == 1, deadline=None)
    settings.load_profile("repeatable")
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > PLENTY:
        tempfile.tempdir = str(MEMORY)


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
