"""Table of what stands in forms that nobody has sent yet."""

from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import Field, SQLModel


class TypedRow(SQLModel, table=True):
    """What a person has typed into a form and not sent yet, sealed with the customer's key."""

    __tablename__: ClassVar[Any] = "typed"
    case_id: str = Field(primary_key=True, max_length=36, foreign_key="cases.id")
    person: str = Field(primary_key=True, max_length=64)
    form: str = Field(primary_key=True, max_length=32)
    saved_at: datetime
    words_sealed: bytes
