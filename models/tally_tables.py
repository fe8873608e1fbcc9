"""The tables of the figures. All of it can be counted anew from the others."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

UNHAPPY = "measures ->> 'responses' IS NOT NULL"
"""Of the rows counted those of D: the same words in the index as in what is asked, or it is not used."""


class CountedRow(SQLModel, table=True):
    """What one answer is counted for: the tallies are the sums of `measures`.

    `region` and `trade` are "" where unknown. What depends on the time of reading stands apart:
    `loop` while it is younger than d days, `awaited` for how long (on the clock of version
    `clock_version`, region `clock_region`), and whether a target of its case is past `due_at`.
    """

    __tablename__: ClassVar[Any] = "counted"
    __table_args__ = (
        Index("ix_counted_answers", "month", "response_id"),
        Index(
            "ix_counted_month",
            "month",
            "response_id",
            sqlite_where=text(UNHAPPY),
            postgresql_where=text(UNHAPPY),
        ),
        Index(
            "ix_counted_young",
            "submitted_at",
            sqlite_where=text("loop IS NOT NULL"),
            postgresql_where=text("loop IS NOT NULL"),
        ),
        Index(
            "ix_counted_awaited",
            "month",
            sqlite_where=text("awaited IS NOT NULL"),
            postgresql_where=text("awaited IS NOT NULL"),
        ),
        Index(
            "ix_counted_due",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
    )
    response_id: str = Field(primary_key=True, max_length=36, foreign_key="responses.id")
    month: str = Field(max_length=7)
    region: str = Field(max_length=64)
    trade: str = Field(max_length=64)
    submitted_at: datetime
    measures: dict[str, int] = Field(sa_type=JSON)
    loop: str | None = Field(default=None, max_length=64)
    awaited: str | None = Field(default=None, max_length=8)
    clock_version: int
    clock_region: str | None = Field(default=None, max_length=64)
    due_at: datetime | None = None


class TallyRow(SQLModel, table=True):
    """How often each measure was counted in a month, in one place of a cut (`models.tallies`)."""

    __tablename__: ClassVar[Any] = "tallies"
    cut: str = Field(primary_key=True, max_length=8)
    month: str = Field(primary_key=True, max_length=7)
    region: str = Field(primary_key=True, max_length=64)
    trade: str = Field(primary_key=True, max_length=64)
    measures: dict[str, int] = Field(sa_type=JSON)
