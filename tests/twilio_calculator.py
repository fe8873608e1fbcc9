"""Twilio's own calculator of segments, which `make dev` installs by npm."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from models.segments import Counted

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "tests" / "models" / "count_segments.js"


def twilio_counts(texts: Sequence[str]) -> list[tuple[str, int]]:
    """The alphabet and the number of segments of each."""
    node = shutil.which("node")
    assert node, "Node is missing: `make dev` says how to install it."
    done = subprocess.run(
        (node, SCRIPT), input=json.dumps(texts), capture_output=True, check=True, text=True
    )
    return [(alphabet, segments) for alphabet, segments in json.loads(done.stdout)]


def shown(counted: Counted) -> tuple[str, int]:
    return str(counted.alphabet), counted.segments
