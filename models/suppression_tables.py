"""Numbers to which nothing is sent."""

from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import Field, SQLModel


class SuppressionRow(SQLModel, table=True):
    """`number` is the blind index of one. `reason` is of `Silence`, `code` the carrier's error."""

    __tablename__: ClassVar[Any] = "suppressions"
    number: str = Field(primary_key=True, max_length=64)
    reason: str = Field(max_length=16)
    code: int
    at: datetime
