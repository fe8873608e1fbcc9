import os
from pathlib import Path

import pytest

pytest_plugins = ["tests.casework_fixture", "tests.databases"]


@pytest.fixture
def state_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty state folder, and an environment that tells nothing else."""
    for name in os.environ:
        if name.startswith(("RAPPEL_", "TEMPORAL_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("RAPPEL_STATE_DIR", str(tmp_path))
    return tmp_path
