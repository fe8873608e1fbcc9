"""Attempts to speak with the customer: what each leads to, and how the latest is taken back."""

from dataclasses import replace
from datetime import datetime

from models.actions import Attempt, Reached, TakeBack
from models.case import Acted, BeforeAttempt, CaseState, Event, Move, Stage, advance
from models.errors import WrongMove
from models.progress import clock_of, settle
from models.timeline import Entry, EntryKind


def attempt(state: CaseState, event: Acted, act: Attempt) -> Move:
    """Only a conversation is a contact; any other attempt shows that somebody is at it."""
    _require_callable(state, event, act)
    counted = _counted(state, event.at, act)
    entry = Entry(EntryKind.ATTEMPTED, event.at, event.by, facts=_facts(counted, act))
    if act.outcome is Reached.REACHED:
        return settle(state, counted, entry)
    if state.stage in {Stage.ASKED, Stage.ACKNOWLEDGED}:
        after = advance(counted, Stage.ACKNOWLEDGED)
        answered = state.stage is Stage.ASKED
        return Move(after, (entry,), clock=clock_of(after, event.at), answered=answered)
    return Move(counted, (entry,))


def take_back(state: CaseState, event: Acted, act: TakeBack) -> Move:
    """As if it had never been recorded, but for the timeline: time did not stop meanwhile, so that a
    rung which passed fires at once.
    """
    before = state.before
    if before is None or act.seq not in {None, before.seq}:
        raise WrongMove(
            "nothing_to_take_back",
            "Only the latest attempt can be taken back, and only until something else happens.",
        )
    if event.by != before.by:
        raise WrongMove("not_yours", "Only who recorded the attempt can take it back.")
    restored = replace(
        advance(state, before.stage),
        attempts=before.attempts,
        postponed=before.postponed,
        again_at=before.again_at,
        reached_at=before.reached_at,
        refused=before.refused,
        rungs=before.rungs,
    )
    entry = Entry(EntryKind.TAKEN_BACK, event.at, event.by, facts={"seq": before.seq})
    return Move(restored, (entry,), takes_back=before.seq)


def kept_back(state: CaseState, event: Event, after: Stage) -> BeforeAttempt | None:
    """What taking the event back would restore. A customer who was asked cannot be unasked."""
    match event:
        case Acted(act=Attempt()) if after is not Stage.CONFIRMING:
            return BeforeAttempt(
                seq=state.seq + 1,
                by=event.by,
                stage=state.stage,
                attempts=state.attempts,
                postponed=state.postponed,
                again_at=state.again_at,
                reached_at=state.reached_at,
                refused=state.refused,
                rungs=state.rungs,
            )
        case _:
            return None


def _require_callable(state: CaseState, event: Acted, act: Attempt) -> None:
    if state.stage is Stage.CONFIRMING:
        raise WrongMove("confirming", "The customer was asked: record what he answers.")
    if act.again_at is not None and act.again_at <= event.at:
        raise WrongMove("due_in_the_past", "Nobody can be called again before now.")


def _counted(state: CaseState, at: datetime, act: Attempt) -> CaseState:
    """The time at which he wants a call holds until he is spoken to, or names another."""
    counted = replace(state, attempts=state.attempts + 1)
    match act.outcome:
        case Reached.REACHED:
            return replace(counted, reached_at=at, again_at=None)
        case Reached.REFUSED:
            return replace(counted, refused=True, again_at=None)
        case Reached.LATER:
            return replace(counted, postponed=state.postponed + 1, again_at=act.again_at)
        case Reached.VOICEMAIL | Reached.NO_ANSWER | Reached.WRONG_NUMBER:
            return counted


def _facts(state: CaseState, act: Attempt) -> dict[str, str | int]:
    facts: dict[str, str | int] = {
        "outcome": act.outcome,
        "channel": act.channel,
        "number": state.attempts,
    }
    return facts | ({"again_at": act.again_at.isoformat()} if act.again_at else {})
