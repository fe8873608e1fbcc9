"""Whether a case may rest, and how long: for its reason, and in all."""

from datetime import datetime

from models.actions import Pause
from models.case import CaseState
from models.errors import NotUnderstood, WrongMove
from models.hours import add, between
from models.spelling import did_you_mean
from models.store.casebook import state_of
from models.tables import CaseRow
from models.versions import Versions
from models.workday import hours_at_work


def may_rest(state: CaseState | None) -> bool:
    return state is None or state.stalled_since is None


def require_short(versions: Versions, row: CaseRow, act: Pause, *, now: datetime) -> None:
    """Counted in the working time of who owns the case.

    Raises NotUnderstood for a reason that there is not, WrongMove for a pause that is too long, or of a
    case that is stalled: nothing silences the last level before somebody turns to the customer.
    """
    state = state_of(row)
    if not may_rest(state):
        raise WrongMove("stalled", "The case is stalled: turn to the customer first.")
    policy = versions.today.pauses
    reason = policy.reasons.get(act.reason)
    if reason is None:
        hint = did_you_mean(act.reason, policy.reasons) or "."
        raise NotUnderstood(f"There is no reason {act.reason!r} to rest{hint}", place="pause")
    hours = hours_at_work(versions.pinned, versions.today, row.owner, region=row.region)
    latest = add(hours, now, reason.longest)
    if act.until > latest:
        raise WrongMove(
            "pause_too_long", f"For this reason it ends by {latest:%Y-%m-%d %H:%M} UTC."
        )
    allowed = between(hours, now, add(hours, now, policy.longest_in_all))
    if state and state.paused + between(hours, now, act.until) > allowed:
        raise WrongMove("paused_enough", "All its pauses together would be too long.")
