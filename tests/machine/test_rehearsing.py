"""`rappel rehearse`: lines a person reads before he trusts his rules."""

import json
from pathlib import Path

import pytest

from machine.rehearsing import rehearse_delivery, rules_in
from models.errors import NotKnown, NotUnderstood
from tests.casework import SMALL
from tests.web.machines.test_rehearsals import DELIVERY

START = "2027-04-30T16:00+02:00"


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "response.json"
    path.write_text(json.dumps(DELIVERY))
    return path


def test_each_line_says_when_who_and_why(saved: Path) -> None:
    lines = list(rehearse_delivery(saved, rules_in(SMALL), source=None, start=START, days=7))
    assert lines[0].endswith("for 7 days from Fri 2027-04-30 16:00 +0200, if nobody acts:")
    assert "The calendar of Nora National: no holiday" in lines
    assert any(line.startswith("Fri 2027-04-30 16:00  heard") for line in lines)
    assert any("by rule 2" in line for line in lines)


def test_what_is_left_out_is_told(saved: Path, tmp_path: Path) -> None:
    restless = tmp_path / "restless.yaml"
    restless.write_text(SMALL.read_text().replace("repeat_every: 1d", "repeat_every: 20s"))
    lines = list(rehearse_delivery(saved, rules_in(restless), source=None, start=START, days=7))
    assert lines[-1] == "More would follow: only the first 1000 steps are told."


@pytest.mark.parametrize("start", ["2027-04-30T16:00", "tomorrow"])
def test_an_instant_without_an_offset_is_refused(saved: Path, start: str) -> None:
    with pytest.raises(NotUnderstood, match="as in 2027-04-30T16:00"):
        list(rehearse_delivery(saved, rules_in(SMALL), source=None, start=start, days=7))


def test_a_misspelt_source_and_a_missing_file_are_named(saved: Path) -> None:
    rules = rules_in(SMALL)
    with pytest.raises(NotKnown, match="did you mean 'survey'"):
        list(rehearse_delivery(saved, rules, source="suvrey", start=START, days=7))
    missing = saved.with_name("nowhere.json")
    with pytest.raises(NotUnderstood, match="cannot be read"):
        list(rehearse_delivery(missing, rules, source=None, start=START, days=7))
