"""What is still open when a case ends: none of it lapses in silence."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from models.action import Action, Stand
from models.actions import Outcome
from models.case import Move
from models.notices import Audience, Message, Notice
from models.timeline import Entry, EntryKind


def let_go(closed: Move, at: datetime, *, by: str) -> Move:
    """Each action is dropped as by hand: whoever counted on it is told. What is done needs no yes any more.

    Who withdraws his case wants nothing more of us: what was promised is taken to be dropped with
    his consent. With any other end we took back our word.
    """
    state = closed.state
    agreed = state.outcome is Outcome.WITHDRAWN
    undone = [a for a in state.open_actions if a.stand is not Stand.TO_ACCEPT]
    ended = tuple(_ended(a, at, agreed=agreed) if a.is_open else a for a in state.actions)
    entries = tuple(
        Entry(
            EntryKind.ACTION_DROPPED,
            at,
            by,
            facts={"number": a.number, "agreed": int(agreed and a.counts)},
        )
        for a in undone
    )
    told = tuple(notice for action in undone if action.counts for notice in _told(action, by))
    return replace(
        closed,
        state=replace(state, actions=ended),
        entries=(*closed.entries, *entries),
        notices=(*closed.notices, *told),
    )


def _ended(action: Action, at: datetime, *, agreed: bool) -> Action:
    if action.stand is Stand.TO_ACCEPT:
        return replace(action, to_accept=False)
    return replace(action, dropped_at=at, agreed=agreed and action.counts, asked_for=None)


def _told(action: Action, by: str) -> Iterator[Notice]:
    if action.is_promised:
        yield Notice(Message.PROMISE_DROPPED, Audience.CUSTOMER, action.number)
    if action.owner != by:
        yield Notice(Message.ACTION_TAKEN, Audience.DOER, action.number, action.owner)
