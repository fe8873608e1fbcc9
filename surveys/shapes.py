"""The shape of a delivery, for whoever corrects its mapping and may read no customer's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.errors import NotUnderstood
from models.mappings import Source
from models.submissions import Submission
from surveys.adapters import submissions
from surveys.generic import Element
from surveys.json_body import read_object
from surveys.understanding import flattened

MOST_SHOWN = 4
"""Characters of a number: a longer one may be somebody's phone."""


class Kind(StrEnum):
    EMPTY = "empty"
    TRUTH = "truth"
    NUMBER = "number"
    DIGITS = "digits"
    """A text of nothing else."""
    TEXT = "text"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Content:
    """`length` in characters, of a list in entries; `of` has each kind of entry once. `shown` is a short
    number, true or false; of anything else it is empty.
    """

    kind: Kind
    length: int = 0
    shown: str = ""
    of: tuple["Content", ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """One reference that a mapping could name, and what stands there."""

    reference: str
    content: Content


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
            heard = submissions(source, body)
        except NotUnderstood:
            heard = ()
        said = (each.heard if isinstance(each, Element) else each for each in heard)
        found = [each.values for each in said if isinstance(each, Submission)]
        if found:
            return found
    return (flattened(read_object(body)),)


def _shape(values: Mapping[str, object]) -> Sequence[Seen]:
    return [Seen(reference, _content(value)) for reference, value in values.items()]


def _content(value: object) -> Content:
    match value:
        case None | "" | [] | ():
            return Content(Kind.EMPTY)
        case bool():
            return Content(Kind.TRUTH, shown="true" if value else "false")
        case int() | float():
            written = str(value)
            return Content(Kind.NUMBER, len(written), written if len(written) <= MOST_SHOWN else "")
        case list() | tuple():
            return Content(Kind.LIST, len(value), of=tuple(dict.fromkeys(map(_content, value))))
    text = str(value)
    return Content(Kind.DIGITS if text.strip().isdecimal() else Kind.TEXT, len(text))
