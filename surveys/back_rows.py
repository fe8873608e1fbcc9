"""A row of a back-file: its columns are the references of the source's mapping, or our own words."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from models.errors import NotUnderstood
from models.mappings import Role, Source
from models.spelling import did_you_mean
from models.submissions import Submission
from models.survey import SurveyResponse, Told
from surveys import own_body
from surveys.adapters import hear
from surveys.understanding import understand
from surveys.values import read_instant

Cells = Mapping[str, object]
"""By the header of their column. An empty one is left out."""

INSTANTS = ("submitted_at", "changed_at")
TRUTHS = ("consent", "test")
YES_OR_NO: Mapping[str, bool] = {"true": True, "yes": True, "1": True} | dict.fromkeys(
    ("false", "no", "0"), False
)
GROUPS = ("customer", "context")


@dataclass(frozen=True, slots=True)
class BackFile:
    """How the rows of a file are read. `zone` (IANA) is that of instants that do not say their own;
    what was answered before `cases_since` opens nothing.
    """

    source: Source
    received_at: datetime
    cases_since: datetime
    zone: str | None = None

    def of_row(self, cells: Cells) -> Told:
        """Raises NotUnderstood; its place is the column."""
        plain = {column: _plain(value, self.zone) for column, value in cells.items()}
        if not self.source.mappings:
            return self._judged(self._one(json.dumps(_nested(plain, self.zone)).encode()))
        submitted = plain.get("submitted_at")
        heard = Submission(
            _text(plain, "response_id"),
            _text(plain, "survey_id"),
            submitted_at=read_instant(submitted, self.received_at, "submitted_at", zone=self.zone)
            if submitted
            else None,
            values=plain,
        )
        try:
            return self._judged(understand(heard, self._zoned(), received_at=self.received_at))
        except NotUnderstood as fault:
            raise NotUnderstood(fault.detail, place=self._column(fault.place)) from None

    def of_line(self, body: bytes) -> Sequence[Told]:
        """Of a file of deliveries. Raises NotUnderstood at the first fault."""
        told = hear(self.source, body, received_at=self.received_at)
        for each in told:
            if isinstance(each, NotUnderstood):
                raise each
        return [self._judged(each) for each in told if not isinstance(each, NotUnderstood)]

    def _one(self, body: bytes) -> Told:
        return own_body.parse(body, received_at=self.received_at)

    def _judged(self, told: Told) -> Told:
        if isinstance(told, SurveyResponse) and told.submitted_at < self.cases_since:
            return replace(told, too_old=True)
        return told

    def _zoned(self) -> Source:
        if self.zone is None:
            return self.source
        zoned = (replace(each, zone=each.zone or self.zone) for each in self.source.mappings)
        return replace(self.source, mappings=tuple(zoned))

    def _column(self, place: str) -> str:
        """Of a role the column that stands for it."""
        if place not in set(Role):
            return place
        named = (each.roles.get(Role(place), ()) for each in self.source.mappings)
        return next((references[0] for references in named if references), place)


def faults_of_headers(source: Source, headers: Sequence[str]) -> Iterator[NotUnderstood]:
    """What no row could make good: columns that are missing, stand twice or mean nothing."""
    for header in sorted({each for each in headers if headers.count(each) > 1}):
        yield NotUnderstood(f"The column {header!r} stands twice.", place=header)
    yield from (_of_mapping if source.mappings else _of_our_words)(source, headers)


def _of_mapping(source: Source, headers: Sequence[str]) -> Iterator[NotUnderstood]:
    """With several mappings each row has the score of its own survey."""
    scores = [each.score for each in source.mappings]
    if not set(scores) & set(headers):
        yield _missing(scores[0], headers)
    named = (each.roles.get(Role.RESPONSE_ID, ()) for each in source.mappings)
    ids = ["response_id", *(reference for references in named for reference in references)]
    if not set(ids) & set(headers):
        yield _missing(ids[-1], headers)


def _of_our_words(_source: Source, headers: Sequence[str]) -> Iterator[NotUnderstood]:
    known = {*own_body.REQUIRED, *own_body.OPTIONAL} - set(GROUPS)
    for required in own_body.REQUIRED:
        if required not in headers:
            yield _missing(required, headers)
    for header in headers:
        group, dot, rest = header.partition(".")
        if header not in known and not (group in GROUPS and dot and rest):
            hint = did_you_mean(header, [*known, *own_body_keys()]) or "."
            yield NotUnderstood(f"There is no such column{hint}", place=header)


def own_body_keys() -> Sequence[str]:
    identity = [f"customer.{each}" for each in own_body.IDENTITY]
    return [*identity, *(f"context.{each}" for each in own_body.PLACES)]


def _missing(column: str, headers: Sequence[str]) -> NotUnderstood:
    hint = did_you_mean(column, headers) or "."
    return NotUnderstood(f"This column is missing{hint}", place=column)


def _text(cells: Cells, column: str) -> str:
    return str(cells.get(column, "")).strip()


def _plain(value: object, zone: str | None) -> object:
    """A spreadsheet has instants without a zone, and whole numbers with a point."""
    match value:
        case datetime() if value.tzinfo is None and zone is not None:
            return value.replace(tzinfo=ZoneInfo(zone)).isoformat()
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return int(value)
        case bool() | int() | float():
            return value
    return str(value).strip()


def _nested(cells: Cells, zone: str | None) -> Mapping[str, object]:
    """Our own body: `customer.email` stands in `customer`."""
    body: dict[str, object] = {}
    groups: dict[str, dict[str, object]] = {group: {} for group in GROUPS}
    for column, value in cells.items():
        group, _, key = column.partition(".")
        if key and group in groups:
            groups[group][key] = value
        elif column in TRUTHS:
            body[column] = YES_OR_NO.get(str(value).lower(), value)
        elif column in INSTANTS:
            body[column] = _zoned(str(value), zone)
        else:
            body[column] = value if isinstance(value, int) else str(value)
    return body | {group: inner for group, inner in groups.items() if inner}


def _zoned(written: str, zone: str | None) -> str:
    """What is no instant is refused later, with its column."""
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return written
    if at.tzinfo is None and zone is not None:
        at = at.replace(tzinfo=ZoneInfo(zone))
    return at.isoformat()
