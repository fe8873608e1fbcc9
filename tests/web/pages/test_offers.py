"""The page offers what the case takes, the awaited act first."""

import pytest

from models.actions import Act, ActKind, Attempt, Contact, Outcome, Reached
from models.case import CaseState
from tests.models.rehearsal import (
    CAUSE,
    DONE,
    HAPPY,
    NO_ANSWER,
    REACHED,
    REPAIR,
    after,
    minted,
)
from web.pages.offers import offers, outcomes

REFUSED = Attempt(Reached.REFUSED)
MET = Attempt(Reached.REACHED, Contact.MEETING)
ALWAYS = (ActKind.HAND_OVER, ActKind.CLOSE)


@pytest.mark.parametrize(
    ("acts", "offered"),
    [
        ((), (ActKind.ACKNOWLEDGE, ActKind.ATTEMPT, *ALWAYS)),
        ((NO_ANSWER,), (ActKind.ATTEMPT, *ALWAYS)),
        ((NO_ANSWER,) * 3, (ActKind.CLOSE, ActKind.ATTEMPT, ActKind.HAND_OVER)),
        ((REFUSED,), (ActKind.CLOSE, ActKind.ATTEMPT, ActKind.HAND_OVER)),
        ((REFUSED, MET), (ActKind.CAUSE, ActKind.ATTEMPT, ActKind.ACTION, *ALWAYS)),
        ((REACHED,), (ActKind.CAUSE, ActKind.ATTEMPT, ActKind.ACTION, *ALWAYS)),
        ((REACHED, CAUSE), (ActKind.ACTION, ActKind.ATTEMPT, ActKind.CAUSE, *ALWAYS)),
        (
            (REACHED, CAUSE, REPAIR),
            (ActKind.ACTION_DONE, ActKind.ATTEMPT, ActKind.CAUSE, ActKind.ACTION, *ALWAYS),
        ),
        (
            (REACHED, CAUSE, REPAIR, DONE),
            (ActKind.CONFIRMATION, ActKind.CAUSE, ActKind.ACTION, *ALWAYS),
        ),
    ],
)
def test_the_awaited_act_stands_first(acts: tuple[Act, ...], offered: tuple[ActKind, ...]) -> None:
    assert offers(after(*acts)) == offered


@pytest.mark.parametrize("state", [minted(), after(*HAPPY)])
def test_before_opening_and_after_closing_nothing_is_offered(state: CaseState) -> None:
    assert offers(state) == ()


@pytest.mark.parametrize(
    ("acts", "possible"),
    [
        ((), {Outcome.WITHDRAWN}),
        ((NO_ANSWER,) * 3, {Outcome.UNREACHABLE, Outcome.WITHDRAWN}),
        ((REFUSED,), {Outcome.DECLINED, Outcome.WITHDRAWN}),
        ((REACHED, CAUSE), {Outcome.NOT_RECOVERED, Outcome.DECLINED, Outcome.WITHDRAWN}),
        (HAPPY[:5], set(Outcome) - {Outcome.UNREACHABLE}),
    ],
)
def test_a_case_closes_on_good_grounds_only(acts: tuple[Act, ...], possible: set[Outcome]) -> None:
    assert set(outcomes(after(*acts))) == possible
