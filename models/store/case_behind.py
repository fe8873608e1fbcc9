"""What is told of an answer behind a number of the board, and of its case."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.actions import Outcome
from models.case import Stage


@dataclass(frozen=True, slots=True)
class CaseBehind:
    """One answer and its case; an answer that `joined` stands beside the one that opened the case.

    `times` is how often it counts in the number: a case may miss a target twice. Without a case all
    that is said of it is None, and `reason` says why; with one, `reason` is None.
    """

    response_id: str
    submitted_at: datetime
    joined: bool
    times: int
    reason: str | None
    case_id: str | None
    region: str | None
    trade: str | None
    stage: Stage | None
    level: int | None
    outcome: Outcome | None
    opened_at: datetime | None
    closed_at: datetime | None

    @classmethod
    def of(cls, row: dict[str, Any]) -> "CaseBehind":
        stage = Stage(row["stage"]) if row["stage"] else None
        outcome = Outcome(row["outcome"]) if row["outcome"] else None
        return cls(**row | {"stage": stage, "outcome": outcome})
