"""The table of the actions: whose turn it is with each, and what the figures count. Their words stay
with the act that added them.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel


class ActionRow(SQLModel, table=True):
    """An action as the latest commit of its case left it; `number` is that of the case's action.

    `word` is kept, broken or dropped as `models.promises.in_time` says; None while it can still be in
    time, be it overdue or not. `cents` are what it costs, None where nobody wrote it down.
    """

    __tablename__: ClassVar[Any] = "actions"
    __table_args__ = (
        Index(
            "ix_actions_to_do",
            "owner",
            "due_at",
            sqlite_where=text("stand = 'to_do'"),
            postgresql_where=text("stand = 'to_do'"),
        ),
        Index(
            "ix_actions_open",
            "due_at",
            sqlite_where=text("word IS NULL"),
            postgresql_where=text("word IS NULL"),
        ),
    )
    case_id: str = Field(primary_key=True, max_length=36, foreign_key="cases.id")
    number: int = Field(primary_key=True)
    owner: str = Field(max_length=64)
    due_at: datetime
    stand: str = Field(max_length=16)
    word: str | None = Field(default=None, max_length=8)
    refused: int = 0
    accepted: bool = False
    cents: int | None = Field(default=None, sa_type=BigInteger)
    currency: str | None = Field(default=None, max_length=3)
