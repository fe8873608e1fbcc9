"""The cases that a case's customer has under other names, as one reader may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from models.people import Person, Right, may, may_merge
from models.store.customer_views import customers_of, open_customer
from models.store.database import boxes_of
from models.store.merging import other_cases, same_person
from models.store.views import CaseView
from models.tables import CaseRow
from models.vault import Vault


@dataclass(frozen=True, slots=True)
class OtherCase:
    case_id: str
    name: str | None
    opened_at: datetime
    is_open: bool


@dataclass(frozen=True, slots=True)
class KnownAs:
    """`linked`: he is one person with somebody, be it that the reader may see none of those cases.

    `older`: the open case where his answers go from now on, not this one. `links`: the reader may link.
    """

    cases: Sequence[OtherCase]
    linked: bool
    older: str | None
    links: bool


NOBODY = KnownAs((), linked=False, older=None, links=False)


async def read_known_as(
    session: AsyncSession, vault: Vault, view: CaseView, me: Person, zone: ZoneInfo
) -> KnownAs:
    if not may(me, Right.READ, view.facts):
        return NOBODY
    rows = await other_cases(session, view.row, reader=me)
    people = await customers_of(session, {row.customer_id for row in rows})
    boxes = await boxes_of(session, vault, {each.key_id for each in people.values()})
    names = {each.id: open_customer(each, boxes.get(each.key_id)).name for each in people.values()}
    return KnownAs(
        [
            OtherCase(row.id, names[row.customer_id], row.opened_at.astimezone(zone), row.open)
            for row in rows
        ],
        linked=len(await same_person(session, view.row.customer_id)) > 1,
        older=_older(view.row, rows),
        links=may_merge(me),
    )


def _older(case: CaseRow, others: Sequence[CaseRow]) -> str | None:
    """Several were open when it was found that their customers are one."""
    still_open = [each for each in (case, *others) if each.open]
    oldest = min(still_open, key=lambda each: (each.opened_at, each.id), default=case)
    return oldest.id if case.open and oldest.id != case.id else None
