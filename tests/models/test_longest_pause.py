"""For a reason a case may rest so long, and with all its pauses together so long."""

from datetime import timedelta

import pytest

from models.actions import Pause
from models.errors import NotUnderstood, WrongMove
from models.ladder import Span
from models.longest_pause import require_short
from models.pauses import PausePolicy, PauseReason
from tests.models.calendars import OFFICE, paris

FRIDAY = paris("2026-11-20 18:00")
AWAY = PauseReason("away", {"en": "The customer is away"}, Span(time=timedelta(hours=3)))
POLICY = PausePolicy({"away": AWAY}, Span(time=timedelta(hours=4)))


def ask(until: str, *, reason: str = "away", rested: float = 0) -> None:
    act = Pause(reason, paris(until))
    require_short(act, POLICY, OFFICE, rested=timedelta(hours=rested), now=FRIDAY)


def test_it_may_be_as_long_in_working_time_as_its_reason_says() -> None:
    """Half an hour of Friday, and two and a half of Monday."""
    ask("2026-11-23 11:30")
    with pytest.raises(WrongMove, match="it ends by 2026-11-23 10:30 UTC") as refused:
        ask("2026-11-23 11:31")
    assert refused.value.rule == "pause_too_long"


def test_all_pauses_of_a_case_have_an_end_together() -> None:
    ask("2026-11-23 11:30", rested=1)
    with pytest.raises(WrongMove) as refused:
        ask("2026-11-23 11:30", rested=1.25)
    assert refused.value.rule == "paused_enough"


def test_a_reason_that_there_is_not_is_told_with_what_was_probably_meant() -> None:
    with pytest.raises(NotUnderstood, match="did you mean 'away'"):
        ask("2026-11-23 10:00", reason="awya")
