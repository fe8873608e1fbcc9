"""How a running target ends: by timestamps, never by when a check happened to run."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.case import Move
from models.deadlines import deadline_of, is_answered, watch_of
from models.ladder import Target
from models.progress import waits_for_a_yes


class Fate(StrEnum):
    MET = "met"
    MISSED = "missed"
    DROPPED = "dropped"
    """Nobody can say: the case changed hands or ended before it was due."""


@dataclass(frozen=True, slots=True)
class Running:
    target: Target
    round: int
    due_at: datetime
    started_at: datetime


def goes_on(running: Running, move: Move) -> bool:
    """A voicemail plans new rungs but restarts no target; a date that somebody named is a new one."""
    if watch := watch_of(running.target):
        deadline = deadline_of(move.state, watch)
        return deadline is not None and deadline.start == running.started_at and not deadline.passed
    if move.clock is None:
        return not (move.answered or move.state.closed or waits_for_a_yes(move.state))
    if move.answered or move.breached or move.transfer:
        return False
    same = (running.target, running.round) == (move.clock.target, move.state.round)
    return same and move.clock.by is None and move.clock.target is not Target.REPAIR


def fate(running: Running, move: Move, at: datetime) -> Fate:
    watch = watch_of(running.target)
    ran_out = move.overran == watch if watch else move.breached
    if ran_out or at > running.due_at:
        return Fate.MISSED
    return Fate.MET if answers(running, move) else Fate.DROPPED


def answers(running: Running, move: Move) -> bool:
    """What the target waited for came, in time or late."""
    return is_answered(move.state, running.target) if watch_of(running.target) else move.answered
