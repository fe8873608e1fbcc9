"""A good delivery of each system, for tests to spoil, with words that mean something to one of them."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TypeAlias

from tests.surveys import (
    qualtrics_bodies,
    surveymonkey_bodies,
    test_formbricks,
    test_tally,
    test_typeform,
    test_zendesk,
)

Place: TypeAlias = tuple[str | int, ...]

ENVELOPES: Mapping[str, Mapping[str, object]] = MappingProxyType(
    {
        "typeform": test_typeform.delivery(
            answers=[
                {"type": "number", "number": 2, "field": {"id": "old1"}},
                {"type": "choice", "choice": {"label": "Sols"}, "field": {"ref": "trade"}},
                {"type": "choices", "choices": {"labels": ["Murs"]}, "field": {"ref": "more"}},
                {"type": "payment", "payment": {"amount": "12"}, "field": {"ref": "paid"}},
            ]
        ),
        "formbricks": test_formbricks.delivery(),
        "tally": test_tally.delivery(
            {"key": "question_nps", "type": "RATING", "value": 2},
            {"key": "question_c", "value": ["o1"], "options": [{"id": "o1", "text": "Sols"}]},
            {
                "key": "question_m",
                "value": {"r1": ["c1"]},
                "columns": [{"id": "c1", "text": "bon"}],
            },
            {"key": "question_h", "label": "lot", "type": "HIDDEN_FIELDS", "value": "12"},
            {"key": "question_f", "value": [{"url": "https://files.example/a"}]},
        ),
        "zendesk": test_zendesk.RATED,
        "qualtrics": qualtrics_bodies.fetched(),
        "surveymonkey": surveymonkey_bodies.details(),
        "generic": {"id": "r-1", "question": {"score": 2}, "answers": [{"text": "Rien ne va."}]},
    }
)
"""By the kind of the source; of those that are fetched, what is fetched."""


def words_of(value: object) -> set[str]:
    """All keys and texts of a document."""
    match value:
        case str():
            return {value}
        case Mapping():
            return set(value).union(*map(words_of, value.values()))
        case list():
            return set[str]().union(*map(words_of, value))
    return set()


def places(document: object, at: Place = ()) -> Iterator[Place]:
    """Of all that stands in a document, itself included."""
    yield at
    for key, value in _inside(document):
        yield from places(value, (*at, key))


def spoilt(document: object, place: Place, junk: object) -> object:
    """The same with junk in one of its places."""
    if not place:
        return junk
    inner = {
        key: spoilt(value, place[1:], junk) if key == place[0] else value
        for key, value in _inside(document)
    }
    return inner if isinstance(document, Mapping) else list(inner.values())


def without(document: object, place: Place) -> object:
    """The same, and nothing in one of its places. Of the whole nothing is left."""
    if not place:
        return None
    kept = {
        key: without(value, place[1:]) if key == place[0] else value
        for key, value in _inside(document)
        if place != (key,)
    }
    return kept if isinstance(document, Mapping) else list(kept.values())


def at(document: object, place: Place) -> object:
    """What stands in one of its places."""
    for key in place:
        document = dict(_inside(document))[key]
    return document


def _inside(document: object) -> Iterable[tuple[str | int, object]]:
    match document:
        case Mapping():
            return document.items()
        case list():
            return enumerate(document)
    return ()


WORDS = sorted(words_of(list(ENVELOPES.values())))
