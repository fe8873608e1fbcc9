"""What a version changed of its targets, and versions in short."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ladder import Span, Target
from models.organisation_file.grammar import read_span
from models.organisation_file.reading import read_organisation
from models.spans import written
from models.version_targets import TargetChange, in_short, spelt_out, target_changes
from tests.casework import SMALL

HOUR = timedelta(hours=1)
TEXT = SMALL.read_text()
SAFETY = """zero_tolerance:
  - {id: safety, name: Safety, words: {fr: [danger], en: [danger]}, targets: {contact: 1h}}
"""
BEFORE = read_organisation(TEXT, name="before")


def after(*changes: tuple[str, str]) -> tuple[TargetChange, ...]:
    text = TEXT
    for was, now in changes:
        assert was in text
        text = text.replace(was, now, 1)
    return target_changes(BEFORE, read_organisation(text, name="after"))


def test_a_version_that_changes_no_target_says_so() -> None:
    assert after(("contact: 4h", "contact: 240m")) == ()


def test_a_tightened_target_is_told_from_and_to() -> None:
    changed = after(("contact: 4h", "contact: 2h"))
    assert changed == (
        TargetChange(Target.CONTACT, None, Span(time=4 * HOUR), Span(time=2 * HOUR)),
    )


def test_the_own_target_of_a_topic_is_told_with_the_topic() -> None:
    found = after(("root_causes:", SAFETY + "root_causes:"))
    assert found == (TargetChange(Target.CONTACT, "safety", None, Span(time=HOUR)),)


@pytest.mark.parametrize("word", ["20s", "30m", "4h", "90m", "3d", "36h"])
def test_a_span_is_written_as_the_file_writes_it(word: str) -> None:
    assert written(read_span(word)) == word


@given(st.sets(st.integers(1, 60), min_size=1))
def test_versions_in_short_are_those_versions(versions: set[int]) -> None:
    stretches = spelt_out(in_short(versions))
    assert {v for first, last in stretches for v in range(first, last + 1)} == versions
