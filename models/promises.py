"""Promises to the customer: an action whose kind he was told in writing. What becomes of each."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from models.action import Action
from models.actions import PromiseKind
from models.case import CaseState, Move, Silence
from models.ladder import Rung, RungKind
from models.late_actions import of_late
from models.notices import Audience, Message, Notice
from models.timeline import Entry, EntryKind


class Word(StrEnum):
    KEPT = "kept"
    BROKEN = "broken"
    DROPPED = "dropped"
    """Nobody can say: the case ended before the date."""


def promisable(state: CaseState) -> tuple[PromiseKind, ...]:
    """No call to who asked not to be called, and nothing to whom nobody can tell it."""
    if state.reach.nowhere:
        return ()
    silent = state.reach.no_calls_since is not None
    return tuple(kind for kind in PromiseKind if not (silent and kind is PromiseKind.CALL))


def word_of(promise: Action, *, closed_at: datetime | None) -> Word | None:
    """As `in_time`, but a word that was taken back without the customer's consent is broken."""
    if promise.dropped_at is not None and not promise.agreed:
        return Word.BROKEN
    return in_time(promise, closed_at=closed_at)


def in_time(action: Action, *, closed_at: datetime | None) -> Word | None:
    """By timestamps, never by when a check happened to run. None while it can still be kept, or is
    overdue: that is for whoever reads to see.

    A date that was changed before it came never was one; one that had passed by then stays missed.
    """
    if action.missed is not None:
        return Word.BROKEN
    if action.done_at is not None:
        return Word.KEPT if action.done_at <= action.due else Word.BROKEN
    over = action.dropped_at or closed_at
    if over is None:
        return None
    return Word.BROKEN if action.due < over else Word.DROPPED


def watched(state: CaseState) -> CaseState:
    """With a rung at the date of each open promise, whatever clock runs.

    Of two at the same instant the promise is broken first.
    """
    planned = tuple(rung for rung in state.rungs if rung.kind is not RungKind.BREAK)
    if not planned:
        return state
    dates = {a.due for a in state.actions if a.is_promised and a.to_do and a.broken_at is None}
    breaks = (Rung(RungKind.BREAK, date) for date in dates)
    return replace(state, rungs=tuple(sorted((*breaks, *planned), key=lambda rung: rung.at)))


def note_broken(state: CaseState, event: Silence) -> Move:
    """Its own event at its own instant; who owns the case and who was to keep it are told when they work."""
    date = event.rung.at
    broken = [a for a in state.actions if a.is_promised and a.to_do and a.due == date]
    entries = tuple(
        Entry(EntryKind.PROMISE_BROKEN, event.at, due=date, facts={"number": a.number})
        for a in broken
    )
    noted = (replace(a, broken_at=event.at) if a in broken else a for a in state.actions)
    others = (of_late(action) for action in broken if action.owner != state.owner)
    told = (Notice(Message.PROMISE_BROKEN, Audience.OWNER), *others)
    return Move(replace(state, actions=tuple(noted)), entries, told)
