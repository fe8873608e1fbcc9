"""What changed between two versions of the organisation's file, with addresses masked."""

import pytest

from models.organisation_file.difference import Line, Side, difference, masked

FILE = "\n".join(f"line {n}" for n in range(1, 21))


def test_a_change_stands_between_the_lines_around_it() -> None:
    [passage] = difference(FILE, FILE.replace("line 10", "another"))

    assert (passage.first, passage.last) == (7, 13)
    assert passage.lines[3:5] == (Line(Side.REMOVED, "line 10"), Line(Side.ADDED, "another"))
    assert [line.side for line in passage.lines].count(Side.KEPT) == 6


def test_changes_far_apart_are_passages_of_their_own() -> None:
    changed = FILE.replace("line 2\n", "first\n").replace("line 19", "second")

    assert [(p.first, p.last) for p in difference(FILE, changed)] == [(1, 5), (16, 20)]


def test_of_the_first_version_everything_is_new() -> None:
    [passage] = difference("", "one\ntwo\n")

    assert passage.lines == (Line(Side.ADDED, "one"), Line(Side.ADDED, "two"))


def test_without_a_change_there_is_nothing_to_show() -> None:
    assert difference(FILE, FILE) == ()


def test_a_number_that_changed_in_its_hidden_part_is_seen_to_have_changed() -> None:
    [passage] = difference('phone: "+33639980041"', 'phone: "+33639970041"')

    assert [line.side for line in passage.lines] == [Side.REMOVED, Side.ADDED]
    assert {line.text for line in passage.lines} == {'phone: "+33•••41"'}


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("phone: '+33 6 39 98 00 42'", "phone: '+33•••42'"),
        ("{email: dora@small.example, id: dora}", "{email: d•••@•••, id: dora}"),
        ("# call 06 39 98 00 41", "# call 06 •••41"),
        ('closed: [2026-12-25, 2027-01-01]  # "09:00-12:30"', None),
        ("remind_at: [50%, 90%]", None),
    ],
)
def test_addresses_are_masked_and_nothing_else(written: str, shown: str | None) -> None:
    assert masked(written) == (shown or written)
