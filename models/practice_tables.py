"""The table of practices. Their words are not sealed: they name nobody, and colleagues search them."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel


class PracticeRow(SQLModel, table=True):
    """`said` are title and text in plain letters, to be searched. A case has one at a time.

    `cause`, `region` and `trade` are the case's; `key` is that of who marked it.
    """

    __tablename__: ClassVar[Any] = "practices"
    __table_args__ = (
        UniqueConstraint("marked_by", "key"),
        Index("ix_practices_cause", "cause", "id"),
        Index(
            "uq_practices_case",
            "case_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )
    id: str = Field(primary_key=True, max_length=36)
    case_id: str = Field(max_length=36, foreign_key="cases.id")
    cause: str = Field(max_length=64)
    region: str | None = Field(default=None, max_length=64)
    trade: str | None = Field(default=None, max_length=64)
    title: str
    helped: str
    said: str
    marked_by: str = Field(max_length=64)
    marked_at: datetime
    key: str = Field(max_length=200)
    changed_by: str | None = Field(default=None, max_length=64)
    changed_at: datetime | None = None
    withdrawn_by: str | None = Field(default=None, max_length=64)
    withdrawn_at: datetime | None = None
