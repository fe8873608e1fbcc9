"""What was settled on the phone goes through in one tap, as a whole or, repeated, to its end."""

import hashlib
import json

from models.actions import AddAction, Attempt, Confirm, FinishAction, NameCause, Reached
from models.case import CaseState
from tests.casework import MONDAY_MORNING, Casework
from tests.stories.callers import Json, Office
from tests.web.machines.faults import Refusal, refusal
from tests.web.machines.firm import Firm
from tests.web.pages.reception import WEEK, Reception

SAID: Json = {"cause": "delay", "words": "Three weeks!", "done": "Changed the seal."}


async def called(casework: Casework) -> CaseState:
    return await casework.act(await casework.open(), Attempt(Reached.REACHED), MONDAY_MORNING)


async def spoken(firm: Firm) -> str:
    """A case whose customer has just been spoken to."""
    case = await firm.asked()
    await firm.office.act(case, "attempts", by="dora", outcome="reached")
    return case


async def test_what_is_solved_on_the_phone_is_closed_and_nobody_asks_again(firm: Firm) -> None:
    case = await spoken(firm)

    closed = (await firm.office.act(case, "wrap-up", by="dora", solved="yes", **SAID)).json()

    assert (closed["outcome"], closed["confirmation"]) == ("recovered", "confirmed")
    assert [action["what"] for action in closed["actions"]] == ["Changed the seal."]
    assert [m["message"] for m in closed["messages"] if m["audience"] == "customer"] == []


async def test_who_was_not_asked_on_the_phone_is_asked(firm: Firm) -> None:
    case = await spoken(firm)

    asked = (await firm.office.act(case, "wrap-up", by="dora", **SAID)).json()

    assert asked["state"] == "confirming"
    assert [m["message"] for m in asked["messages"] if m["audience"] == "customer"] == ["confirm"]


async def test_what_is_not_solved_opens_a_new_round(firm: Firm) -> None:
    case = await spoken(firm)

    again = (await firm.office.act(case, "wrap-up", by="dora", solved="no", **SAID)).json()

    assert (again["state"], again["round"], again["cause"]) == ("asked", 2, "delay")


async def test_the_same_form_goes_on_where_it_broke_off(
    reception: Reception, casework: Casework, office: Office
) -> None:
    """Nobody works here, so that each act is kept and breaks the form off."""
    state = await called(casework)
    form = {"by": "dora", "key": "once", "solved": "yes", **SAID}
    for act in (
        NameCause("delay"),
        AddAction("dora", MONDAY_MORNING + WEEK),
        FinishAction(1, asks=False, settled=True),
        Confirm(solved=True),
    ):
        answer = await office.act(state.case_id, "wrap-up", **form)
        assert refusal(answer) == Refusal(503, "engine_away")
        assert [kept.kind for kept in await reception.kept()] == [act.kind]
        await reception.apply_kept(state, act)
        state = await casework.state(state.case_id)

    answer = await office.act(state.case_id, "wrap-up", **form)

    assert (answer.status_code, answer.json()["outcome"]) == (200, "recovered")
    assert len(answer.json()["actions"]) == 1


async def test_the_same_key_with_other_words_is_refused(
    reception: Reception, casework: Casework, office: Office
) -> None:
    case = (await called(casework)).case_id
    await office.act(case, "wrap-up", by="dora", key="once", **SAID)

    other = await office.act(case, "wrap-up", by="dora", key="once", solved="no", **SAID)

    assert refusal(other) == Refusal(409, "key_reused")
    assert len(await reception.kept()) == 1


async def test_what_version_0_1_0_kept_is_the_same_form_after_an_upgrade(
    reception: Reception, casework: Casework, office: Office
) -> None:
    case = (await called(casework)).case_id

    await office.act(case, "wrap-up", by="dora", key="once", **SAID)

    fields = {"case_id": case, "actor": "dora", "key": "once", **SAID, "solved": None}
    sent = json.dumps(["wrap_up", fields])
    assert [kept.digest for kept in await reception.kept()] == [
        hashlib.sha256(sent.encode()).hexdigest()
    ]


async def test_what_cannot_go_through_as_a_whole_is_refused_before_its_first_act(
    reception: Reception, casework: Casework, office: Office
) -> None:
    """Something else is still promised, so it cannot be solved yet."""
    state = await called(casework)
    for act in (NameCause("delay"), AddAction("dora", MONDAY_MORNING + WEEK)):
        state = await casework.act(state, act, MONDAY_MORNING)

    answer = await office.act(state.case_id, "wrap-up", by="dora", solved="yes", **SAID)

    assert refusal(answer) == Refusal(409, "wrong_move", rule="not_asked")
    assert await reception.kept() == []
