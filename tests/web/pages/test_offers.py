"""The page offers what the case takes, the awaited act first."""

import pytest

from models.actions import Act, ActKind, Attempt, Contact, FinishAction, Outcome, Reached
from models.case import CaseState
from tests.models.rehearsal import (
    CAUSE,
    DONE,
    HAPPY,
    NO_ANSWER,
    REACHED,
    REPAIR,
    after,
    did,
    lived,
    minted,
)
from web.pages.offers import offers, outcomes

REFUSED = Attempt(Reached.REFUSED)
MET = Attempt(Reached.REACHED, Contact.MEETING)
ALWAYS = (ActKind.HAND_OVER, ActKind.CLOSE, ActKind.PAUSE)
CHANGES = (ActKind.ACTION_CHANGE, ActKind.ACTION_DROP)
IN_REPAIR = (ActKind.ATTEMPT, ActKind.CAUSE, ActKind.ACTION)


@pytest.mark.parametrize(
    ("acts", "offered"),
    [
        ((), (ActKind.ACKNOWLEDGE, ActKind.ATTEMPT, *ALWAYS)),
        ((NO_ANSWER,), (ActKind.ATTEMPT, *ALWAYS)),
        ((NO_ANSWER,) * 3, (ActKind.CLOSE, ActKind.ATTEMPT, ActKind.HAND_OVER, ActKind.PAUSE)),
        ((REFUSED,), (ActKind.CLOSE, ActKind.ATTEMPT, ActKind.HAND_OVER, ActKind.PAUSE)),
        ((REFUSED, MET), (ActKind.CAUSE, ActKind.ATTEMPT, ActKind.ACTION, *ALWAYS)),
        ((REACHED,), (ActKind.CAUSE, ActKind.ATTEMPT, ActKind.ACTION, *ALWAYS)),
        ((REACHED, CAUSE), (ActKind.ACTION, ActKind.ATTEMPT, ActKind.CAUSE, *ALWAYS)),
        (
            (REACHED, CAUSE, REPAIR),
            (ActKind.ACTION_DONE, *IN_REPAIR, *CHANGES, *ALWAYS),
        ),
        (
            (REACHED, CAUSE, REPAIR, DONE),
            (ActKind.CONFIRMATION, ActKind.CAUSE, ActKind.ACTION, ActKind.HAND_OVER, ActKind.CLOSE),
        ),
    ],
)
def test_the_awaited_act_stands_first(acts: tuple[Act, ...], offered: tuple[ActKind, ...]) -> None:
    assert offers(after(*acts)) == offered


def test_a_repair_that_waits_to_be_accepted_stands_first() -> None:
    by_the_plumber = did(FinishAction(1), by="plumber")
    state = lived(after(REACHED, CAUSE, REPAIR, REPAIR), [by_the_plumber])

    assert offers(state) == (
        ActKind.ACTION_ACCEPT,
        *IN_REPAIR,
        ActKind.ACTION_DONE,
        *CHANGES,
        *ALWAYS,
    )


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
        (HAPPY[:5], set(Outcome) - {Outcome.UNREACHABLE, Outcome.ABSORBED}),
    ],
)
def test_a_case_closes_on_good_grounds_only(acts: tuple[Act, ...], possible: set[Outcome]) -> None:
    assert set(outcomes(after(*acts))) == possible
