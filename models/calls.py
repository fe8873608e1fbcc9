"""When a customer may be called: in the windows of the policy on his own clock, and not again at once."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from models.attempts import exhausted
from models.case import TO_CALL, CaseState
from models.hours import next_open
from models.ladder import CallPolicy, Span
from models.opening_hours import OpeningHours


class Why(StrEnum):
    WANTED = "wanted"
    """The time that he named is to come; on its day no hours count."""
    TRIED = "tried"
    """He was called in vain a short while ago."""
    HOURS = "hours"
    """Customers are not called at this hour."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Until when a customer is better not called, and why. Nobody is refused who called all the same."""

    until: datetime
    why: Why


def next_call(
    policy: CallPolicy,
    hours: OpeningHours,
    *,
    tried_at: datetime,
    wanted: datetime | None = None,
) -> datetime:
    """The earliest instant of the attempt that follows one in vain.

    `hours` are those in which customers are called. The time that he named himself overrides hours
    and spacing, until it has passed.
    """
    if wanted is not None and wanted > tried_at:
        return wanted
    return next_open(hours, tried_at + policy.spacing)


def in_time_for(contact: Span, policy: CallPolicy) -> CallPolicy:
    """Where the first talk is awaited sooner than another attempt would be allowed, the spacing gives way to
    half of that time: else one attempt in vain would miss the target.
    """
    short = not contact.days and contact.time < policy.spacing
    return replace(policy, spacing=contact.time / 2) if short else policy


def with_next_call(
    state: CaseState, policy: CallPolicy, hours: OpeningHours, *, tried_at: datetime
) -> CaseState:
    """There is none once the attempts are exhausted."""
    if exhausted(state):
        return state
    at = next_call(policy, hours, tried_at=tried_at, wanted=state.again_at)
    return replace(state, reach=replace(state.reach, next_call_at=at))


def hold(state: CaseState, hours: OpeningHours, now: datetime) -> Hold | None:
    """None where he may be called now, or is not to be called at all."""
    if state.stage not in TO_CALL or state.refused or state.reach.no_calls_since:
        return None
    planned = state.reach.next_call_at or state.again_at
    wanted = planned is not None and planned == state.again_at
    if planned is not None and planned > now:
        return Hold(planned, Why.WANTED if wanted else Why.TRIED)
    if planned is not None and wanted and _same_day(planned, now, ZoneInfo(hours.zone)):
        return None
    opens = next_open(hours, now)
    return Hold(opens, Why.HOURS) if opens > now else None


def shut_until(state: CaseState, hours: OpeningHours, now: datetime) -> datetime | None:
    """When customers may be called again by `hours`; None where now is one of them, or he named this day."""
    if state.again_at is not None and _same_day(state.again_at, now, ZoneInfo(hours.zone)):
        return None
    opens = next_open(hours, now)
    return opens if opens > now else None


def _same_day(one: datetime, other: datetime, zone: ZoneInfo) -> bool:
    return one.astimezone(zone).date() == other.astimezone(zone).date()
