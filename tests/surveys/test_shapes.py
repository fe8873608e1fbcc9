"""The shape of a delivery tells what a mapping could name, and nothing that a customer wrote."""

import json

import pytest

from models.mappings import Source
from surveys.shapes import Content, Kind, Seen, shapes_of

OWN = Source("survey", "generic")


@pytest.mark.parametrize(
    ("value", "content"),
    [
        (9, Content(Kind.NUMBER, 1, "9")),
        (4.5, Content(Kind.NUMBER, 3, "4.5")),
        (33639981234, Content(Kind.NUMBER, 11)),
        (True, Content(Kind.TRUTH, shown="true")),
        ("Renée is cross.", Content(Kind.TEXT, 15)),
        ("9", Content(Kind.DIGITS, 1)),
        (["keys", "lift"], Content(Kind.LIST, 2, of=(Content(Kind.TEXT, 4),))),
        (None, Content(Kind.EMPTY)),
        ("", Content(Kind.EMPTY)),
        ([], Content(Kind.EMPTY)),
    ],
)
def test_a_value_is_told_by_its_kind_and_length(value: object, content: Content) -> None:
    body = json.dumps({"answers": {"q1": value}}).encode()
    assert shapes_of(OWN, body) == [[Seen("answers.q1", content)]]


def test_what_is_no_json_has_no_shape() -> None:
    assert shapes_of(OWN, b"<xml/>") == ()
