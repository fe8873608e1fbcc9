"""Every key of the organisation file is walked, changed, and must change what the cases live by."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from ruamel.yaml import YAML

from models.organisation import Organisation
from models.organisation_file import shape
from models.organisation_file.shape import WrittenOrganisation
from models.organisation_file.written import organisation_of
from models.public_holidays import Recorded, record
from tests.casework import MONDAY_MORNING

SAMPLE = Path(__file__).parents[2] / "organisation.yaml"
OTHERS = (
    *("another", "3h", "4h", "2d", "07:00-08:00", "fr", "en", "Europe/Lisbon", "FR", "GB"),
    *("phone", "50%", 1, 2, 5, [2], "a@b.example", "+33639980099", "executive", "director"),
    *("national_owner", "deputy", "2027-12-31", True, False, "safety", "recovered", "withdrawn"),
    *("call", "enquiry", "USD", "least_loaded", "round_robin", "contract"),
    *("basic", "2MB", "csat", "1-4", "case", "email"),
)
"""Something else for a value of any kind."""
ONE_WORD = {"sources.kind"}
"""A source of another kind needs surveys, so that the word alone cannot be written there."""
OLD = {"unreachable_after"}
"""Older files say it instead of `calls`; tests/models/test_organisation_file.py reads one."""
Place = tuple[str | int, ...]


def test_every_key_of_the_file_changes_what_the_cases_live_by() -> None:
    document = _sample()
    whole = Whole(WrittenOrganisation.model_validate(document))
    idle = {_keys(place) for place in _leaves(document)}
    for place in _leaves(document):
        if _keys(place) in idle and _counts(document, place, whole):
            idle.remove(_keys(place))

    assert idle == ONE_WORD


def test_the_sample_holds_every_key_that_can_be_written() -> None:
    written = {str(key) for place in _leaves(_sample()) for key in place}
    models = (each for each in vars(shape).values() if isinstance(each, type))
    known = {name for m in models if issubclass(m, BaseModel) for name in m.model_fields}

    assert known - written == OLD


def _sample() -> dict[str, Any]:
    """With what it holds as a comment only, or not at all."""
    document: dict[str, Any] = YAML(typ="safe").load(SAMPLE.read_text())
    document["successors"] = {"somebody": "somebody_else"}
    document["zero_tolerance"][0]["at_once"] = False
    document["sources"][0]["channel"] = "survey"
    document["customers"]["identity"] = ["email"]
    document["sources"].append(
        {
            "id": "hall",
            "kind": "qualtrics",
            "auth": "bearer",
            "settle": "30m",
            "survey": "SurveyID",
            "limits": {"largest": "1MB", "per_minute": 60},
            "fetch": {"host": "fra1.qualtrics.com", "per_day": 500, "per_minute": 100},
            "surveys": [{"id": "SV_1", "metric": "nps", "score": "QID1", "scale": "0-10"}],
        }
    )
    document["ladder"][0]["person"] = "somebody"
    return document


class Whole:
    """The sample, and what becomes of it when one of its sections is written otherwise."""

    def __init__(self, written: WrittenOrganisation) -> None:
        self._written = written
        self._before = _made(written)

    def differs(self, section: str, told: object) -> bool:
        """Only that section is read anew: each stands for itself, but for what `_made` puts together."""
        try:
            changed = _reader(section).validate_python(told)
            return _made(self._written.model_copy(update={section: changed})) != self._before
        except (ValidationError, KeyError, ValueError):
            return False


@cache
def _reader(section: str) -> TypeAdapter[Any]:
    field = WrittenOrganisation.model_fields[section]
    kind: Any = Annotated[field.annotation, field]
    return TypeAdapter(kind)


def _made(written: WrittenOrganisation) -> Organisation:
    return organisation_of(written, _recorded(written.calendars))


@cache
def _recorded(calendars: frozenset[str]) -> Recorded:
    return record(calendars, MONDAY_MORNING)


def _counts(document: Mapping[str, Any], place: Place, whole: Whole) -> bool:
    """Something else can be written there, and the organisation is another one."""
    section: Any = document
    for key in place[:-1]:
        section = section[key]
    written = section[place[-1]]
    try:
        return any(_differs(document, section, place, other, whole) for other in OTHERS)
    finally:
        section[place[-1]] = written


def _differs(
    document: Mapping[str, Any], section: Any, place: Place, other: object, whole: Whole
) -> bool:
    section[place[-1]] = other
    return whole.differs(str(place[0]), document[str(place[0])])


def _leaves(node: object, place: Place = ()) -> Iterator[Place]:
    match node:
        case dict():
            for key, below in node.items():
                yield from _leaves(below, (*place, key))
        case list():
            for number, below in enumerate(node):
                yield from _leaves(below, (*place, number))
        case _:
            yield place


def _keys(place: Place) -> str:
    return ".".join(str(key) for key in place if not isinstance(key, int))
