"""The stream of feedback: everything that customers said, the happy ones too, whatever came of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.errors import NotUnderstood
from models.people import Person, Right, Said, may, may_hear
from models.store.database import boxes_of
from models.store.rights import heard_by
from models.store.views import facts_of
from models.survey import Feeling, Metric, Reason
from models.tables import CaseRow, CustomerRow, ResponseRow
from models.vault import Box, Vault


@dataclass(frozen=True, slots=True)
class Traits:
    """None means any."""

    region: str | None = None
    trade: str | None = None
    touchpoint: str | None = None
    feeling: Feeling | None = None
    metric: Metric | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Submitted from `since` on and before `until`; `with_words`: only what says something in words."""

    since: datetime | None = None
    until: datetime | None = None
    traits: Traits = Traits()
    with_words: bool = False


@dataclass(frozen=True, slots=True)
class Feedback:
    """One response for one reader, who never learns from it who the customer is.

    `comment` is None where nothing was written, where the customer was forgotten, and for whom nobody's
    words are. `case_id` is None where there is no case, or he may not open it: `status` tells which.
    """

    row: ResponseRow
    comment: str | None
    case_id: str | None

    @property
    def reason(self) -> Reason | None:
        """Why it opened nothing, or that it was taken back."""
        return Reason(self.row.reason) if self.row.reason else None

    @property
    def status(self) -> str:
        """`case`, or the reason."""
        return self.reason or "case"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who reads: None is the trusted server itself, to whom everything is open."""

    reader: Person | None
    people: Mapping[str, Person]

    def hears(self, right: Right, row: ResponseRow, case: CaseRow | None) -> bool:
        said = Said(row.region, row.trade, facts_of(case) if case else None)
        return self.reader is None or may_hear(self.reader, right, said, self.people)

    def opens(self, case: CaseRow) -> bool:
        return self.reader is None or may(self.reader, Right.READ_ANONYMOUS, facts_of(case))


async def list_feedback(
    session: AsyncSession,
    vault: Vault,
    wanted: Wanted,
    audience: Audience,
    *,
    limit: int,
    before: str | None = None,
) -> Sequence[Feedback]:
    """The newest first. `before` is the id of the last response of the page before.

    Raises NotUnderstood for a `before` that nobody was given.
    """
    newest = (
        select(ResponseRow, CaseRow, CustomerRow.key_id)
        .join(CustomerRow, col(CustomerRow.id) == col(ResponseRow.customer_id))
        .outerjoin(CaseRow, col(CaseRow.id) == col(ResponseRow.case_id))
        .where(*_conditions(wanted))
        .order_by(col(ResponseRow.submitted_at).desc(), col(ResponseRow.id).desc())
    )
    if audience.reader is not None:
        newest = newest.where(heard_by(audience.reader, audience.people))
    if before is not None:
        newest = newest.where(await _older_than(session, before))
    found = (await session.exec(newest.limit(limit))).all()
    boxes = await boxes_of(session, vault, {key for _, _, key in found})
    return [
        _feedback(audience, row, case, boxes.get(key))
        for row, case, key in found
        if audience.hears(Right.READ_ANONYMOUS, row, case)
    ]


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.since is not None:
        yield col(ResponseRow.submitted_at) >= wanted.since
    if wanted.until is not None:
        yield col(ResponseRow.submitted_at) < wanted.until
    if wanted.with_words:
        yield col(ResponseRow.comment_sealed).is_not(None)
    for trait in fields(Traits):
        value = getattr(wanted.traits, trait.name)
        if value is not None:
            yield col(getattr(ResponseRow, trait.name)) == value


async def _older_than(session: AsyncSession, response_id: str) -> ColumnElement[bool]:
    last = await session.get(ResponseRow, response_id)
    if last is None:
        raise NotUnderstood("There is no page after this one.", place="cursor")
    at = col(ResponseRow.submitted_at)
    return or_(
        at < last.submitted_at, and_(at == last.submitted_at, col(ResponseRow.id) < response_id)
    )


def _feedback(
    audience: Audience, row: ResponseRow, case: CaseRow | None, box: Box | None
) -> Feedback:
    comment = None
    if box is not None and audience.hears(Right.READ, row, case):
        comment = box.open_if_any(f"responses.{row.id}.comment", row.comment_sealed)
    case_id = case.id if case is not None and audience.opens(case) else None
    return Feedback(row, comment, case_id)
