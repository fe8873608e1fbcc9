"""The audit's tables: each run, and what it found. Ids, instants and enumerated words only."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

STILL_OPEN = text("ended_at IS NULL")


class AuditRow(SQLModel, table=True):
    """One run, by the id of the workflow's run. Without `ended_at` it did not come to its end.

    Its instants are real ones, also while a demonstration plays another time. `found` counts by finding.
    """

    __tablename__: ClassVar[Any] = "audits"
    id: str = Field(primary_key=True, max_length=36)
    started_at: datetime
    ended_at: datetime | None = Field(default=None, index=True)
    looked_at: int = 0
    found: dict[str, int] = Field(default_factory=dict, sa_type=JSON)


class FindingRow(SQLModel, table=True):
    """A trouble of a case, from the run that found it first to the one that found it gone.

    While it lasts there is one row: each run that finds it again sets `seen_at`, and `repaired_at` when
    it did again what `repair` names.
    """

    __tablename__: ClassVar[Any] = "audit_findings"
    __table_args__ = (
        Index(
            "uq_audit_findings_open",
            "case_id",
            "finding",
            unique=True,
            sqlite_where=STILL_OPEN,
            postgresql_where=STILL_OPEN,
        ),
        Index("ix_audit_findings_ended_at", "ended_at"),
    )
    id: str = Field(primary_key=True, max_length=36)
    case_id: str = Field(max_length=36, foreign_key="cases.id")
    finding: str = Field(max_length=16)
    found_at: datetime
    seen_at: datetime
    repair: str | None = Field(default=None, max_length=16)
    repaired_at: datetime | None = None
    ended_at: datetime | None = None
