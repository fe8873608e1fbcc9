"""Any JSON: its places are the references, and the mapping of the source says what each one means."""

import json
from collections import ChainMap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.errors import NotUnderstood
from models.mappings import EACH
from models.submissions import Heard, Submission
from surveys.json_body import read_document, read_object
from surveys.understanding import flattened

MOST_RESPONSES = 1_000
"""In one body."""


@dataclass(frozen=True, slots=True)
class Element:
    """One response of several; `place` is where it stands: `events[3]`."""

    place: str
    heard: Submission


def read(body: bytes) -> Sequence[Heard]:
    """Raises NotUnderstood. Which response of which survey it is, the mapping says too."""
    return (Submission("", "", values=flattened(read_object(body))),)


def read_each(body: bytes, each: str) -> Sequence[Element]:
    """Of the elements of the list `each` those that are not null: what stands in one has the references
    `<each>[*].<place>`, what stands beside the list its own. Raises NotUnderstood.
    """
    document = read_document(body)
    beside = _with(document, "", each, {})
    around = flattened(beside if isinstance(beside, dict) else {})
    return [
        Element(
            f"{each}[{number}]",
            Submission("", "", values=ChainMap(flattened({f"{each}{EACH}": element}), around)),
        )
        for number, element in _elements(document, each)
    ]


def alone(body: bytes, each: str) -> Sequence[bytes]:
    """The body once for each response in it, and without the others: they are other customers' words. Each
    keeps its place in the list. A body that cannot be taken apart is the only one.
    """
    try:
        document = read_document(body)
        found = list(_elements(document, each))
    except NotUnderstood:
        return (body,)
    if len(found) <= 1:
        return (body,)
    return [
        json.dumps(
            _with(document, "", each, [*([None] * number), element]), ensure_ascii=False
        ).encode()
        for number, element in found
    ]


def _elements(document: object, each: str) -> Iterator[tuple[int, object]]:
    found = next(_at(document, "", each), None)
    if not isinstance(found, list):
        raise NotUnderstood(f"There is no list at {each or 'the top of the body'}.", place=each)
    if len(found) > MOST_RESPONSES:
        raise NotUnderstood(f"There are more than {MOST_RESPONSES} responses.", place=each)
    yield from ((n, element) for n, element in enumerate(found) if element is not None)


def _at(sent: object, at: str, wanted: str) -> Iterator[object]:
    if at == wanted:
        yield sent
    elif isinstance(sent, dict):
        for key, inner in sent.items():
            yield from _at(inner, _joined(at, key), wanted)


def _with(sent: object, at: str, wanted: str, put: object) -> object:
    """With something else in that place."""
    if at == wanted:
        return put
    if not isinstance(sent, dict):
        return sent
    return {key: _with(inner, _joined(at, key), wanted, put) for key, inner in sent.items()}


def _joined(at: str, key: str) -> str:
    return f"{at}.{key}" if at else key
