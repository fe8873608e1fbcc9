"""Which levels of which ladders could not take a case of late, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, text
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.ladder import Post
from models.levels import Vacancy
from models.tables import EntryRow

LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Unfilled:
    """`level` is None where a zero-tolerance topic led straight to the last one. `ladder` "" is the one
    without conditions, `routed` whom the routing had named, `latest` when it happened last.
    """

    ladder: str
    level: int | None
    post: Post
    why: Vacancy
    routed: str
    n: int
    latest: datetime

    @property
    def is_fault(self) -> bool:
        """Of the configuration. Who is away was passed by as he should be."""
        return self.why is not Vacancy.AWAY


async def unfilled_levels(session: AsyncSession, now: datetime) -> Sequence[Unfilled]:
    """In the last 30 days, the most frequent first. That the owner stands on two levels is no fault."""
    facts, n = col(EntryRow.facts), func.count().label("n")
    named = [facts[key].as_string().label(key) for key in ("ladder", "post", "why", "routed")]
    place = (*named, facts["level"].as_integer().label("level"))
    counted = (
        select(*place, n, func.max(col(EntryRow.at)).label("latest"))
        .where(
            text("kind = 'level_skipped'"),  # the words of the index
            col(EntryRow.at) >= now - LATELY,
            facts["why"].as_string() != Vacancy.SAME_PERSON,
        )
        .group_by(*place)
        .order_by(n.desc(), *place)
    )
    rows = await (await session.connection()).execute(counted)
    return [_unfilled(row._asdict()) for row in rows]


def _unfilled(row: Mapping[str, Any]) -> Unfilled:
    """Older entries name neither ladder nor person."""
    return Unfilled(
        row["ladder"] or "",
        row["level"],
        Post(row["post"]),
        Vacancy(row["why"]),
        row["routed"] or "",
        row["n"],
        row["latest"],
    )
