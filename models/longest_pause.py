"""Whether a case may rest, and how long: for its reason, and in all."""

from datetime import datetime, timedelta

from models.actions import Pause
from models.case import CaseState
from models.errors import NotUnderstood, WrongMove
from models.hours import add, between
from models.opening_hours import OpeningHours
from models.pauses import PausePolicy
from models.spelling import did_you_mean


def may_rest(state: CaseState | None) -> bool:
    """Nothing silences the last level before somebody turns to the customer."""
    return state is None or state.stalled_since is None


def require_short(
    act: Pause, policy: PausePolicy, hours: OpeningHours, *, rested: timedelta, now: datetime
) -> None:
    """Counted in `hours`, those of who owns the case. `rested` is what its pauses before took of them.

    Raises NotUnderstood for a reason that there is not, WrongMove for a pause that is too long.
    """
    reason = policy.reasons.get(act.reason)
    if reason is None:
        hint = did_you_mean(act.reason, policy.reasons) or "."
        raise NotUnderstood(f"There is no reason {act.reason!r} to rest{hint}", place="pause")
    latest = add(hours, now, reason.longest)
    if act.until > latest:
        raise WrongMove(
            "pause_too_long", f"For this reason it ends by {latest:%Y-%m-%d %H:%M} UTC."
        )
    allowed = between(hours, now, add(hours, now, policy.longest_in_all))
    if rested + between(hours, now, act.until) > allowed:
        raise WrongMove("paused_enough", "All its pauses together would be too long.")
