"""What `rappel org check` says of a file without a fault."""

from datetime import UTC, datetime
from pathlib import Path

from machine.organisation import advice
from models.organisation_file.reading import read_as_known

ROOT = Path(__file__).parents[2]


def advised(file: Path) -> list[str]:
    return list(advice(read_as_known(file.read_text(), name=file.name, at=datetime.now(UTC))))


def test_a_rule_that_says_not_what_it_is_good_for_is_named() -> None:
    found = advised(ROOT / "tests/data/small.yaml")

    sentence = "say under `raises` how it raises the customer's satisfaction."
    assert f"routing.1: {sentence}" in found
    assert f"calls: {sentence}" in found
    assert len(found) == 9


def test_the_shipped_organisation_needs_no_advice() -> None:
    assert advised(ROOT / "organisation.yaml") == []
