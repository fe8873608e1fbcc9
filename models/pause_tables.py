"""The table of pauses: what the figures take out of the working clock."""

from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import Field, SQLModel


class PauseRow(SQLModel, table=True):
    """A pause, which commit `seq` began. `until` is when it ends at the latest, `ended_at` when it did.

    `due_before` is when the stage's target was due before it.
    """

    __tablename__: ClassVar[Any] = "pauses"
    case_id: str = Field(primary_key=True, max_length=36, foreign_key="cases.id")
    seq: int = Field(primary_key=True)
    reason: str = Field(max_length=64)
    since: datetime
    until: datetime
    ended_at: datetime | None = None
    due_before: datetime | None = None
