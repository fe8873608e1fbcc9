"""An open case is planned anew by other rules: what is told of it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Replan:
    """By version `version` of the organisation, which pins the case from now on.

    `overdue_now`: what the new rules want in the past is due at once; else its owner gets the time of
    an acknowledgement.
    """

    version: int
    overdue_now: bool = False


@dataclass(frozen=True, slots=True)
class ReplanTold:
    """Signal: plan anew. `id` names the command that said so: it may come twice."""

    id: str
    replan: Replan


@dataclass(frozen=True, slots=True)
class Replanned:
    """Event: somebody wants the open cases to follow other rules. `id` as in the signal."""

    id: str
    replan: Replan
    at: datetime
