"""Table of who is away when."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel


class AbsenceRow(SQLModel, table=True):
    """From `since` up to `until`, or up to `ended_at` where it was called off before.

    `engine` is the id of the Temporal namespace that was told all of it: None until it was, and
    again once it is called off. `stand_in` None is the deputy of the organisation's file.
    """

    __tablename__: ClassVar[Any] = "absences"
    __table_args__ = (Index("ix_absences_until", "until"), UniqueConstraint("created_by", "key"))
    id: str = Field(primary_key=True, max_length=36)
    person: str = Field(max_length=64)
    since: datetime
    until: datetime
    stand_in: str | None = Field(default=None, max_length=64)
    gives_back: bool = True
    created_by: str = Field(max_length=64)
    created_at: datetime
    key: str = Field(max_length=200)
    ended_at: datetime | None = None
    engine: str | None = Field(default=None, max_length=64)
