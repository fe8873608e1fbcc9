"""What `rappel org check` says of a file without a fault."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from machine.organisation import advice
from models.organisation_file.reading import read_as_known

ROOT = Path(__file__).parents[2]
OVERTAKEN = "the first attempt may come later than `contact` asks for the first talk."


def advised(file: Path) -> list[str]:
    return list(advice(read_as_known(file.read_text(), name=file.name, at=datetime.now(UTC))))


def test_a_rule_that_says_not_what_it_is_good_for_is_named() -> None:
    found = advised(ROOT / "tests/data/small.yaml")

    sentence = "say under `raises` how it raises the customer's satisfaction."
    assert f"routing.1: {sentence}" in found
    assert f"calls: {sentence}" in found
    assert len(found) == 11


@pytest.mark.parametrize(
    ("line", "instead", "sentence"),
    [
        (
            "  contact: 4h\n",
            "  attempt: 5d\n  contact: 1d\n",
            f"targets: {OVERTAKEN}",
        ),
        (
            "  contact: 4h\n",
            "  contact: 4h\n  by_channel: {phone: {attempt: 5h}}\n",
            f"targets.by_channel.phone: {OVERTAKEN}",
        ),
        (
            "calls: {",
            'calls: {windows: {mon-fri: "10:00-10:05, 14:00-18:00"}, ',
            "calls.windows: the one from 10:00 on is too short for a call.",
        ),
    ],
)
def test_what_does_not_fit_together_is_named(
    tmp_path: Path, line: str, instead: str, sentence: str
) -> None:
    file = tmp_path / "small.yaml"
    written = (ROOT / "tests/data/small.yaml").read_text()
    file.write_text(written.replace(line, instead))

    assert [said for said in advised(file) if not said.endswith("satisfaction.")] == [sentence]


def test_the_shipped_organisation_needs_no_advice() -> None:
    assert advised(ROOT / "organisation.yaml") == []


@pytest.mark.parametrize(
    ("score", "id_", "advice"), [("events[0].q", "events[0].id", 1), ("people[0].q", "id", 0)]
)
def test_a_list_of_which_only_the_first_is_read_is_worth_a_thought(
    tmp_path: Path, score: str, id_: str, advice: int
) -> None:
    survey = f"{{id: s, metric: nps, score: '{score}', fields: {{response_id: '{id_}'}}}}"
    source = f"  - {{id: crm, kind: generic, surveys: [{survey}]}}\n"
    file = tmp_path / "small.yaml"
    small = (ROOT / "tests/data/small.yaml").read_text()
    file.write_text(small.replace("  - {id: survey, kind: generic}\n", source))

    said = "sources crm: only one of events is read; events[*] reads each of them."
    assert advised(file).count(said) == advice
