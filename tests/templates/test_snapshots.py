"""Every message in every language, word for word: `make snapshots` writes them anew, to be looked over."""

from pathlib import Path

import pytest

from machine.previewing import previews
from templates.messages import MessageTemplates
from templates.preview import Preview, as_text

SNAPSHOTS = Path(__file__).parent / "snapshots"
SHOWN = tuple(previews(MessageTemplates()))


@pytest.mark.parametrize("preview", SHOWN, ids=lambda each: f"{each.language}-{each.message}")
def test_a_message_reads_as_it_did(preview: Preview) -> None:
    assert as_text(preview) == _file(preview).read_text().removesuffix("\n")


def test_there_is_no_snapshot_of_a_message_that_is_gone() -> None:
    assert set(SNAPSHOTS.rglob("*.txt")) == {_file(preview) for preview in SHOWN}


def _file(preview: Preview) -> Path:
    return SNAPSHOTS / preview.language / f"{preview.message}.txt"


def rewrite() -> None:
    for old in SNAPSHOTS.rglob("*.txt"):
        old.unlink()
    for preview in SHOWN:
        _file(preview).parent.mkdir(parents=True, exist_ok=True)
        _file(preview).write_text(f"{as_text(preview)}\n")


if __name__ == "__main__":
    rewrite()
