"""Open cases follow another ladder, or rested before: whoever has one keeps his post and his time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.actions import Acknowledge, Attempt, Pause, Reached, Resume
from models.case import CaseState
from models.ladder import RungKind
from models.messages import Verdict
from models.replans import Replan, Replanned
from models.store.organisations import apply_organisation
from tests.casework import MONDAY_MORNING, SMALL, Casework, another

HOUR = timedelta(hours=1)
TEXT = SMALL.read_text()
DEPUTY = "  - {level: deputy, remind_at: 50%}\n"
TOP = "  - {level: national_owner, repeat_every: 1d}\n"
ELSA = "  - {id: elsa, name: Elsa, role: executive, language: fr, email: elsa@small.example}\n"
LADDERS = {
    "his level is gone": (TEXT.replace(DEPUTY, ""), 0, RungKind.HAND_UP),
    "one comes between": (
        TEXT.replace(DEPUTY, "  - {level: neighbour}\n" + DEPUTY),
        2,
        RungKind.HAND_UP,
    ),
}


async def replan(casework: Casework, state: CaseState, text: str) -> CaseState:
    at = max(state.opened_at, state.rungs[0].at - timedelta(minutes=1))
    known = await apply_organisation(casework.database, text, name=SMALL.name, at=at)
    done = await casework.take(state, Replanned("1", Replan(known.number), at))
    return done.state


@pytest.mark.parametrize("ladder", LADDERS)
async def test_a_deputy_s_case_stays_with_him_and_goes_on_to_whoever_stands_above_now(
    casework: Casework, ladder: str
) -> None:
    text, level, missed = LADDERS[ladder]
    state = await casework.open()
    while state.level == 0:
        state = await casework.stay_silent(state)
    after = await replan(casework, state, text)
    assert (after.owner, after.level, after.rungs[-1].kind) == (state.owner, level, missed)


async def test_who_stood_on_the_last_level_hands_up_once_somebody_stands_above_him(
    casework: Casework,
) -> None:
    state = await casework.open()
    while state.stalled_since is None:
        state = await casework.stay_silent(state)
    above = TOP + "  - {level: executive, repeat_every: 1d}\n"
    text = TEXT.replace(TOP, above).replace("routing:\n", f"{ELSA}routing:\n")
    after = await replan(casework, state, text)
    assert [rung.kind for rung in (state.rungs[-1], after.rungs[-1])] == [
        RungKind.REPEAT,
        RungKind.HAND_UP,
    ]


async def test_a_rest_before_an_attempt_in_vain_stays_in_the_target_that_runs_on(
    casework: Casework,
) -> None:
    """Whose rungs the attempt planned anew: the same rules move nothing."""
    heard = await casework.open(another("r-1", region=None))
    at, until = MONDAY_MORNING, MONDAY_MORNING + 24 * HOUR
    state = await casework.act(heard, Acknowledge(), at)
    state = await casework.act(state, Pause("customer_away", until), at)
    state = await casework.act(state, Resume(), at + 10 * HOUR)
    state = await casework.act(state, Attempt(Reached.NO_ANSWER), at + 11 * HOUR)
    done = await casework.take(state, Replanned("1", Replan(1), at + 11 * HOUR))
    assert (done.verdict, replace(done.state, seq=state.seq)) == (Verdict.STALE, state)
