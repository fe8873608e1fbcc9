"""What people have typed into the forms of a case and not sent yet: they find it on any device."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.store.database import box_of
from models.tables import CaseRow, CustomerRow
from models.typed_tables import TypedRow
from models.vault import Box, Vault


@dataclass(frozen=True, slots=True)
class Paper:
    """One form of one case in one person's hands."""

    case_id: str
    person: str
    form: str

    @property
    def place(self) -> str:
        """Where its words are sealed for."""
        return f"typed.{self.case_id}.{self.person}.{self.form}.words"


async def keep_typed(
    session: AsyncSession,
    vault: Vault,
    case: CaseRow,
    paper: Paper,
    words: Mapping[str, str],
    *,
    at: datetime,
) -> None:
    """The newest words replace those before; an empty form leaves nothing, nor does a customer who
    was forgotten.
    """
    box = await _box_of(session, vault, case)
    if box is None or not words:
        await forget_typed(session, paper)
        return
    row = await _find(session, paper) or TypedRow(
        case_id=paper.case_id, person=paper.person, form=paper.form, saved_at=at, words_sealed=b""
    )
    row.saved_at = at
    row.words_sealed = box.seal(paper.place, json.dumps(dict(words), ensure_ascii=False))
    session.add(row)


async def forget_typed(session: AsyncSession, paper: Paper) -> None:
    row = await _find(session, paper)
    if row is not None:
        await session.delete(row)


async def typed_by(
    session: AsyncSession, vault: Vault, case: CaseRow, *, person: str
) -> Mapping[str, Mapping[str, str]]:
    """By form, the fields that are not empty."""
    theirs = select(TypedRow).where(TypedRow.case_id == case.id, TypedRow.person == person)
    rows = (await session.exec(theirs)).all()
    box = await _box_of(session, vault, case) if rows else None
    if box is None:
        return {}
    papers = ((Paper(case.id, person, row.form), row) for row in rows)
    return {paper.form: _words(box, paper, row) for paper, row in papers}


def _words(box: Box, paper: Paper, row: TypedRow) -> Mapping[str, str]:
    return dict(json.loads(box.open(paper.place, row.words_sealed)))


async def _box_of(session: AsyncSession, vault: Vault, case: CaseRow) -> Box | None:
    customer = await session.get_one(CustomerRow, case.customer_id)
    return await box_of(session, vault, customer.key_id)


async def _find(session: AsyncSession, paper: Paper) -> TypedRow | None:
    return await session.get(TypedRow, (paper.case_id, paper.person, paper.form))
