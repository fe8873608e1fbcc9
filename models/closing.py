"""How a case ends: on which grounds a person may close it, and what closing writes down."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from models.action import Stand
from models.actions import Close, Outcome
from models.attempts import in_vain, messages_wanted
from models.case import Acted, CaseState, Confirmation, Move, Stage, advance
from models.errors import WrongMove
from models.notices import Audience, Message, Notice
from models.timeline import SYSTEM, Entry, EntryKind
from models.unfinished import let_go


def close_by_hand(state: CaseState, event: Acted, act: Close) -> Move:
    _require_grounds(state, act.outcome)
    require_good_end(act.referral, good=act.outcome is Outcome.RECOVERED)
    asked = state.stage is Stage.CONFIRMING
    confirmation = Confirmation.UNCONFIRMED if asked else Confirmation.NOT_ASKED
    return close(
        state,
        act.outcome,
        event.at,
        confirmation=confirmation,
        by=event.by,
        referral=act.referral,
    )


def close(
    state: CaseState,
    outcome: Outcome,
    at: datetime,
    *,
    confirmation: Confirmation,
    by: str = SYSTEM,
    due: datetime | None = None,
    referral: int | None = None,
) -> Move:
    """`due` is the instant of the rung where silence closed the case."""
    confirmed = confirmation is Confirmation.CONFIRMED
    after = replace(
        advance(state, Stage.CLOSED), outcome=outcome, confirmation=confirmation, rungs=()
    )
    facts: dict[str, str | int] = {"outcome": outcome, "confirmation": confirmation}
    if referral is not None:
        facts["referral"] = referral
    closed = Entry(EntryKind.CLOSED, at, by, due=due, facts=facts)
    entries = (Entry(EntryKind.CONFIRMED, at, by), closed) if confirmed else (closed,)
    ended = Move(after, entries, _last_words(after), answered=confirmed)
    return let_go(ended, at, by=by)


def _last_words(state: CaseState) -> tuple[Notice, ...]:
    """Who could not be reached is told in writing that he was looked for."""
    unreached = state.outcome is Outcome.UNREACHABLE and not state.reach.nowhere
    return (Notice(Message.UNREACHED, Audience.CUSTOMER),) if unreached else ()


def require_contact(state: CaseState) -> None:
    if state.reached_at is None:
        raise WrongMove("no_contact", "Speak with the customer first: no contact is recorded yet.")


def require_contact_if_any(state: CaseState) -> None:
    """What went wrong is found out and repaired also where there is nobody to speak with."""
    if not state.reach.nowhere:
        require_contact(state)


def require_good_end(referral: int | None, *, good: bool) -> None:
    """Who recommends us is satisfied again."""
    if referral is not None and not good:
        raise WrongMove("referral", "A referral goes with a customer who is satisfied again.")


def _require_grounds(state: CaseState, outcome: Outcome) -> None:
    """A closure needs a contact or exhausted attempts, and a lesson; a gamed one is refused."""
    match outcome:
        case Outcome.WITHDRAWN:
            return
        case Outcome.UNREACHABLE:
            _require_attempts(state)
        case Outcome.DECLINED:
            if state.reached_at is None and not state.refused:
                raise WrongMove("no_contact", "Record the contact in which the customer declined.")
        case Outcome.RECOVERED | Outcome.NOT_RECOVERED:
            _require_lesson(state)
            if outcome is Outcome.RECOVERED and not state.remedied:
                raise WrongMove("nothing_repaired", "Write down what was done for the customer.")
        case Outcome.ABSORBED:
            raise WrongMove(
                "absorbed", "A case is absorbed where its customer is linked, not by hand."
            )
        case _:
            assert_never(outcome)


def _require_attempts(state: CaseState) -> None:
    """Who asked to be called at another time was reached by the call: that attempt was not in vain."""
    if state.reached_at is not None or state.refused:
        raise WrongMove("was_reached", "The customer was reached: he is not unreachable.")
    if state.reach.nowhere:
        return
    recorded, needed = in_vain(state), state.unreachable_after
    if recorded < needed:
        raise WrongMove(
            "attempts_left",
            f"Unreachable takes {needed} attempts in vain; {recorded} count. "
            "Neither a written one does, nor one before the next call may come.",
        )
    written, wanted = state.reach.written, messages_wanted(state, needed)
    if written < wanted:
        raise WrongMove(
            "not_written",
            f"Unreachable takes {wanted} messages to the customer; {written} are written. "
            "The next attempt in vain writes one.",
        )


def _require_lesson(state: CaseState) -> None:
    require_contact(state)
    if state.cause is None:
        raise WrongMove("no_cause", "Name the root cause before closing.")
    if any(action.stand is Stand.TO_APPROVE for action in state.actions):
        raise WrongMove("gesture_waits", "A gesture waits for a yes: drop it, or await the answer.")
    if state.open_actions:
        raise WrongMove("open_actions", "Actions are still open.")
