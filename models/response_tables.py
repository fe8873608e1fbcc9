"""What is told of responses beside their answers."""

from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import Field, SQLModel


class WithdrawalRow(SQLModel, table=True):
    """A response that was taken back before it came: whatever older comes of it stays taken back."""

    __tablename__: ClassVar[Any] = "withdrawals"
    source: str = Field(primary_key=True, max_length=64)
    response_id: str = Field(primary_key=True, max_length=200)
    at: datetime
