"""The shape of a delivery tells what a mapping could name, and nothing that a customer wrote."""

import json

import pytest

from models.mappings import Source
from surveys.shapes import Seen, shapes_of

OWN = Source("survey", "generic")


@pytest.mark.parametrize(
    ("value", "content"),
    [
        (9, "number 9"),
        (4.5, "number 4.5"),
        (33639981234, "number of 11 characters"),
        (True, "true"),
        ("Renée is cross.", "text of 15 characters"),
        ("9", "digits of 1 character"),
        (["keys", "works"], "list of 2: text of 4 characters, text of 5 characters"),
        (None, "empty"),
        ("", "empty"),
        ([], "empty"),
    ],
)
def test_a_value_is_told_by_its_kind_and_length(value: object, content: str) -> None:
    body = json.dumps({"answers": {"q1": value}}).encode()
    assert shapes_of(OWN, body) == [[Seen("answers.q1", content)]]


def test_what_is_no_json_has_no_shape() -> None:
    assert shapes_of(OWN, b"<xml/>") == ()
