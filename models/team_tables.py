"""Table of the teams' turns."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel


class TeamRow(SQLModel, table=True):
    """A team that has shared out a case. Commits that pick of it wait for one another at this row.

    `turns` has the number of each member's latest turn, `passed_at` is when a case was last given
    above the ceiling because nobody else could take it.
    """

    __tablename__: ClassVar[Any] = "teams"
    id: str = Field(primary_key=True, max_length=64)
    turns: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    passed_at: datetime | None = None
