"""How a vendor's API is asked: what to send, and what its answer holds. Nobody is called here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

Document: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Ask:
    """One call. `path` begins with a slash; with `sends`, which travels as JSON, it is a POST."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    sends: Document | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Each of `found` is a body that the source's adapter reads. `next` is what to ask the next page by, None
    at the end; where a page is not ready yet it is the same one again.
    """

    found: Sequence[Document] = ()
    next: str | None = None
    ready: bool = True


@dataclass(frozen=True, slots=True)
class Listed:
    """Ids of surveys. `next` is what to ask the next page by, None at the end."""

    surveys: Sequence[str]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Api:
    """Of one vendor. `host` None: each customer has his own. `one` None: its deliveries hold their answers.

    `read_one` takes the answer, the survey and the response that were asked for, and raises NotUnderstood
    where it tells of another one.
    """

    host: str | None
    headers: Callable[[str], Mapping[str, str]]
    """Takes the token."""
    page: Callable[[str, datetime, str | None], Ask]
    """Takes the survey, since when, and `next` of the page before."""
    read_page: Callable[[Document, str, str | None], Page]
    """Takes the answer, the survey, and what the page was asked by."""
    surveys: Callable[[str | None], Ask]
    """Those that the token may read. Takes `next` of the page before."""
    read_surveys: Callable[[Document, str | None], Listed]
    one: Callable[[str, str], Ask] | None = None
    read_one: Callable[[Document, str, str], Document] | None = None


def bearer(token: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {token}"}
