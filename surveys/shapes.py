"""The shape of a delivery, for whoever corrects its mapping and may read no customer's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.errors import NotUnderstood
from models.mappings import Source
from models.submissions import Submission
from surveys.adapters import ADAPTERS
from surveys.json_body import read_object
from surveys.understanding import flattened

MOST_SHOWN = 4
"""Characters of a number: a longer one may be somebody's phone."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One reference that a mapping could name. `content` says of which kind and how long its value is;
    only short numbers and truth values are shown themselves.
    """

    reference: str
    content: str


def shapes_of(source: Source, body: bytes) -> Sequence[Sequence[Seen]]:
    """One for each response that the delivery tells; none of a body that nobody can take apart."""
    try:
        return [_shape(values) for values in _values(source, body)]
    except NotUnderstood:
        return ()


def _values(source: Source, body: bytes) -> Sequence[Mapping[str, object]]:
    """In the references of its kind, or those of any JSON where its kind cannot read it."""
    if source.mappings:
        try:
            heard = ADAPTERS[source.kind].read({}, body)
        except NotUnderstood:
            heard = ()
        found = [each.values for each in heard if isinstance(each, Submission)]
        if found:
            return found
    return (flattened(read_object(body)),)


def _shape(values: Mapping[str, object]) -> Sequence[Seen]:
    return [Seen(reference, _content(value)) for reference, value in values.items()]


def _content(value: object) -> str:
    match value:
        case None | "":
            return "empty"
        case bool():
            return "true" if value else "false"
        case int() | float():
            written = str(value)
            short = len(written) <= MOST_SHOWN
            return f"number {written}" if short else f"number of {len(written)} characters"
        case str():
            kind = "digits" if value.strip().isdecimal() else "text"
            return f"{kind} of {len(value)} character{'s' if len(value) != 1 else ''}"
        case list() | tuple():
            inner = ", ".join(dict.fromkeys(map(_content, value)))
            return f"list of {len(value)}: {inner}" if value else "empty"
        case _:
            return type(value).__name__
