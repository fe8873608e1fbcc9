"""The signs of life of the processes."""

from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import Field, SQLModel


class HeartbeatRow(SQLModel, table=True):
    """When a process was last seen alive, by its own clock."""

    __tablename__: ClassVar[Any] = "heartbeats"
    name: str = Field(primary_key=True, max_length=64)
    seen_at: datetime
