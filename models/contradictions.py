"""What the organisation's file asks for and cannot mean so: advice, no fault."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta

from models.hours import add
from models.ladder import Span, Target
from models.opening_hours import Window
from models.organisation import Organisation

TIME_FOR_A_CALL = timedelta(minutes=30)


def overtaken_attempts(organisation: Organisation, at: datetime) -> Iterator[str]:
    """The places of targets by which the first talk must come before the first attempt, at the head
    office's hours from `at` on.
    """
    policy = organisation.policy
    of_channels = {
        f"targets.by_channel.{origin}": {**policy.targets, **targets}
        for origin, targets in policy.by_origin.items()
    }
    for place, targets in {"targets": policy.targets, **of_channels}.items():
        if _overtaken(targets, organisation, at):
            yield place


def _overtaken(targets: Mapping[Target, Span], organisation: Organisation, at: datetime) -> bool:
    attempt = targets.get(Target.ATTEMPT)
    if attempt is None:
        return False
    hours = organisation.head_office
    return add(hours, at, attempt) > add(hours, at, targets[Target.CONTACT])


def short_windows(organisation: Organisation) -> Iterator[Window]:
    """Those in which a customer is called and that are over before a talk is; each is told once."""
    windows = (window for week in organisation.call_week.values() for window in week)
    yield from (each for each in dict.fromkeys(windows) if _length(each) < TIME_FOR_A_CALL)


def _length(window: Window) -> timedelta:
    closes = _since_midnight(window.closes) if window.closes else timedelta(days=1)
    return closes - _since_midnight(window.opens)


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute)
