"""Draws the stages of a case, from the table by which they change, into docs/overview.md."""

import sys
from collections.abc import Iterator
from pathlib import Path

from models.case import ALLOWED, Stage

OVERVIEW = Path(__file__).parents[1] / "docs" / "overview.md"
BEGIN, END = "<!-- stages: drawn by scripts/draw_stages.py -->\n", "<!-- end of stages -->"


def diagram() -> str:
    return "\n".join(["```mermaid", "stateDiagram-v2", *_lines(), "```", ""])


def drawn(page: str) -> str:
    """The page with today's diagram between its two marks."""
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}{diagram()}{END}{rest.split(END)[1]}"


def _lines() -> Iterator[str]:
    yield f"    [*] --> {Stage.HEARD}"
    for stage in Stage:
        for reachable in (to for to in Stage if to in ALLOWED[stage]):
            yield f"    {stage} --> {reachable}"
    yield f"    {Stage.CLOSED} --> [*]"


if __name__ == "__main__":
    OVERVIEW.write_text(drawn(OVERVIEW.read_text()))
    sys.stdout.write(f"{OVERVIEW.name} is drawn.\n")
