"""The table of customers who are one person."""

from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import Field, SQLModel


class SamePersonRow(SQLModel, table=True):
    """`customer_id` is the same person as `same_as`: the oldest row of his, and never itself one of these."""

    __tablename__: ClassVar[Any] = "same_persons"
    customer_id: str = Field(primary_key=True, max_length=36, foreign_key="customers.id")
    same_as: str = Field(max_length=36, foreign_key="customers.id", index=True)
    linked_at: datetime
    linked_by: str = Field(max_length=64)
