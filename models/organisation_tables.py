"""Table of the applied versions of the organisation."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel


class OrganisationRow(SQLModel, table=True):
    """An applied version of the organisation file, kept for ever: cases are pinned to it.

    `holidays` are the days of its calendars as they were known when it was applied.
    """

    __tablename__: ClassVar[Any] = "organisation_versions"
    number: int = Field(primary_key=True)
    applied_at: datetime
    digest: str = Field(max_length=64)
    key_id: str = Field(max_length=36)
    text_sealed: bytes
    holidays: dict[str, list[str]] = Field(default_factory=dict, sa_type=JSON)
