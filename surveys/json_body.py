"""JSON from strangers: each key once, real numbers and real characters only.

A line may end within a text: whoever pastes a customer's words into his JSON sends it so.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NoReturn

from models.errors import NotUnderstood

NO_CHARACTER = re.compile("[\x00\ud800-\udfff]")
"""The zero byte and half characters: JSON can escape them, databases cannot keep them."""

DEEPEST = 50


def read_object(body: bytes) -> Mapping[str, object]:
    """Raises NotUnderstood, and nothing else, whatever the bytes are."""
    document = read_document(body)
    if not isinstance(document, dict):
        raise NotUnderstood("The body must be one JSON object.")
    return document


def read_document(body: bytes) -> object:
    """Any JSON. Raises NotUnderstood, and nothing else."""
    try:
        document: object = json.loads(
            body.decode("utf-8-sig"),
            object_pairs_hook=_each_once,
            parse_constant=_no_number,
            strict=False,
        )
        broken = any(NO_CHARACTER.search(text) for text in _texts(document))
    except UnicodeDecodeError as error:
        raise NotUnderstood(f"The body is not UTF-8 from byte {error.start} on.") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise NotUnderstood(f"The body is no JSON: {error.msg} at {where}.") from None
    except ValueError:
        raise NotUnderstood("The body holds a number of too many digits.") from None
    except RecursionError:
        raise NotUnderstood("The body is nested too deeply.") from None
    if broken:
        raise NotUnderstood("The body holds an escape that stands for no character.")
    return document


def _each_once(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise NotUnderstood(f"The key {key!a} stands twice.")
        found[key] = value
    return found


def _no_number(word: str) -> NoReturn:
    raise NotUnderstood(f"{word} is no number that JSON knows.")


def _texts(value: object, depth: int = 0) -> Iterator[str]:
    if depth > DEEPEST:
        raise RecursionError
    match value:
        case str():
            yield value
        case dict():
            yield from value
            for inner in value.values():
                yield from _texts(inner, depth + 1)
        case list():
            for inner in value:
                yield from _texts(inner, depth + 1)
