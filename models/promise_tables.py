"""The table of the promises: what the figures count. Their words stay with the act that made them."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class PromiseRow(SQLModel, table=True):
    """A promise as the latest commit of its case left it; `number` is that of the case's action.

    `word` is kept, broken or dropped, by timestamps; None while it is open, be it overdue or not.
    """

    __tablename__: ClassVar[Any] = "promises"
    __table_args__ = (
        Index(
            "ix_promises_open",
            "due_at",
            sqlite_where=text("word IS NULL"),
            postgresql_where=text("word IS NULL"),
        ),
    )
    case_id: str = Field(primary_key=True, max_length=36, foreign_key="cases.id")
    number: int = Field(primary_key=True)
    kind: str = Field(max_length=24)
    due_at: datetime
    word: str | None = Field(default=None, max_length=8)
