"""The table of targets: from when each ran, until when, and how it ended."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class TargetRow(SQLModel, table=True):
    """One running of a target, which commit `seq` started. Several run side by side, each once at a time.

    `fate` is met, missed or dropped, by timestamps; None while it runs. `answered`: what it awaits came,
    in time or late. `version` is that of the organisation by which it ran, where its case has another since.
    """

    __tablename__: ClassVar[Any] = "targets"
    __table_args__ = (
        Index(
            "ix_targets_running",
            "due_at",
            sqlite_where=text("fate IS NULL"),
            postgresql_where=text("fate IS NULL"),
        ),
    )
    case_id: str = Field(primary_key=True, max_length=36, foreign_key="cases.id")
    seq: int = Field(primary_key=True)
    target: str = Field(primary_key=True, max_length=16)
    round: int
    level: int
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None = None
    ended_seq: int | None = None
    fate: str | None = Field(default=None, max_length=8)
    version: int | None = None
    answered: bool = False
