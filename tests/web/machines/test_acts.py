"""A whole life by API, and who may do what in it."""

from datetime import UTC, datetime, timedelta

import pytest

from models.actions import HandOver
from tests.casework import MONDAY_MORNING, Casework
from tests.stories.callers import Json, Office
from tests.web.machines.faults import Refusal, fault_of, refusal
from tests.web.machines.firm import Firm
from tests.web.machines.routes import POSTS, filled
from tests.web.pages.reception import Reception

SOON = (MONDAY_MORNING + timedelta(hours=1)).isoformat()
FAR = (MONDAY_MORNING + timedelta(days=731)).isoformat()
ACTS: dict[str, Json] = {
    "acknowledge": {},
    "attempts": {"outcome": "reached"},
    "take-back": {},
    "cause": {"cause": "delay"},
    "actions": {"what": "Change the seal."},
    "actions/1/done": {},
    "actions/1/time": {"due": SOON, "reason": "A part is missing."},
    "actions/1/accept": {},
    "actions/1/refuse": {"due": SOON, "reason": "It still drips."},
    "actions/1/change": {"owner": "nora", "reason": "Better placed."},
    "actions/1/drop": {"reason": "Not needed."},
    "actions/1/approve": {},
    "actions/1/decline": {"reason": "Too dear."},
    "hand-over": {"to": "dora", "reason": "Yours."},
    "confirmation": {"answer": "yes"},
    "close": {"outcome": "withdrawn", "note": "Sent by mistake."},
    "wrap-up": {"cause": "delay", "done": "Changed the seal."},
    "pause": {"reason": "customer_away", "until": SOON, "words": "On holiday."},
    "resume": {},
}


@pytest.fixture
async def case(casework: Casework) -> str:
    return (await casework.open()).case_id


COMMITMENT: Json = {"what": "The roof.", "promise": "commitment_to_repair"}


def test_every_act_of_the_api_is_tried_here() -> None:
    acts = {filled(path, "x") for path in POSTS if path.startswith("/api/cases/")}
    assert acts == {f"/api/cases/x/{act}" for act in ACTS}


async def test_seven_acts_close_a_case_with_a_repair_by_somebody_else(firm: Firm) -> None:
    case, office = await firm.asked(), firm.office

    await office.act(case, "acknowledge", by="dora", note="On my way.")
    await office.act(case, "attempts", by="dora", outcome="reached", channel="visit")
    await office.act(case, "cause", by="dora", cause="late_works", words="Three weeks!")
    await office.act(case, "actions", by="dora", what="Change the seal.", owner="denis")
    await office.act(case, "actions/1/done", by="denis", note="Dry again.")
    await office.act(case, "actions/1/accept", by="dora")
    closed = (await office.act(case, "confirmation", by="customer", answer="yes")).json()

    assert (closed["state"], closed["open"], closed["due"]) == ("closed", False, [])
    assert (closed["outcome"], closed["confirmation"]) == ("recovered", "confirmed")
    [action] = closed["actions"]
    assert (action["what"], action["owner"]) == ("Change the seal.", "denis")
    words = [entry["words"] for entry in closed["timeline"] if entry["words"]]
    assert [text for said in words for text in said.values()] == [
        "On my way.",
        "Three weeks!",
        "Change the seal.",
        "Dry again.",
    ]


async def test_a_no_of_the_customer_opens_the_case_again(firm: Firm) -> None:
    case, office = await firm.asked(), firm.office
    for act in ("attempts", "cause", "actions", "actions/1/done"):
        await office.act(case, act, by="dora", **ACTS[act])

    asked = await office.case(case)
    again = await office.act(case, "confirmation", by="dora", answer="no", note="Still wet.")

    assert asked["state"] == "confirming"
    assert (again.json()["state"], again.json()["round"]) == ("asked", 2)


async def test_a_customer_who_would_rather_talk_is_called_by_the_same_owner(firm: Firm) -> None:
    case, office = await firm.asked(), firm.office
    for act in ("attempts", "cause", "actions", "actions/1/done"):
        await office.act(case, act, by="dora", **ACTS[act])

    wanted = await office.act(case, "confirmation", by="customer", answer="call_me")

    found = wanted.json()
    assert (found["state"], found["round"], found["owner"]) == ("acknowledged", 2, "dora")
    assert found["confirmation"] == "not_asked"


async def test_a_commitment_to_repair_takes_authority_and_the_refusal_says_whose(
    firm: Firm,
) -> None:
    case, office = await firm.asked(), firm.office
    for act in ("attempts", "cause"):
        await office.act(case, act, by="dora", **ACTS[act])
    await office.act(case, "hand-over", by="dora", to="denis", reason="…")

    refused = await office.act(case, "actions", by="denis", **COMMITMENT)
    given = await office.act(case, "actions", by="nora", **COMMITMENT)

    assert refused.json()["error"]["code"] == "no_authority"
    assert "Only a director or national_owner" in refused.json()["error"]["detail"]
    assert given.json()["actions"][0]["promise"] == "commitment_to_repair"


async def test_who_pressed_the_wrong_button_takes_the_call_back(firm: Firm) -> None:
    case, office = await firm.asked(), firm.office
    called = await office.act(case, "attempts", by="dora", outcome="reached")

    back = await office.act(case, "take-back", by="dora")

    assert called.json()["state"] == "contacted"
    assert (back.json()["state"], back.json()["attempts"]) == ("asked", 0)


async def test_who_asked_not_to_be_called_is_called_by_nobody_but_can_be_met(firm: Firm) -> None:
    case, office = await firm.asked(), firm.office
    await office.act(case, "attempts", by="dora", outcome="refused")

    called = await office.act(case, "attempts", by="denis", outcome="no_answer")
    met = await office.act(case, "attempts", by="denis", outcome="reached", channel="meeting")

    assert refusal(called) == Refusal(409, "wrong_move", rule="no_calls")
    assert met.json()["state"] == "contacted"


async def test_without_a_date_a_promise_is_due_after_the_repair_target(firm: Firm) -> None:
    case, office = await firm.asked(), firm.office
    for act in ("attempts", "cause"):
        await office.act(case, act, by="dora", **ACTS[act])

    answer = await office.act(case, "actions", by="dora", what="Change the seal.")

    [action] = answer.json()["actions"]
    assert action["owner"] == "dora"
    assert datetime.fromisoformat(action["due"]) > datetime.now(UTC) + timedelta(days=4)


@pytest.mark.parametrize("due", ["0001-01-01T00:00:00+14:00", "2026-01-01T00:00:00Z"])
async def test_a_date_in_the_past_is_a_wrong_move(firm: Firm, due: str) -> None:
    case, office = await firm.asked(), firm.office
    for act in ("attempts", "cause"):
        await office.act(case, act, by="dora", **ACTS[act])

    answer = await office.act(case, "actions", by="dora", what="Change the seal.", due=due)

    assert refusal(answer) == Refusal(409, "wrong_move", rule="due_in_the_past")


@pytest.mark.parametrize("due", ["9999-12-31T23:59:59-14:00", "2900-01-01T00:00:00Z", "tomorrow"])
async def test_a_date_too_far_away_is_not_understood(office: Office, case: str, due: str) -> None:
    answer = await office.act(case, "actions", by="dora", what="Change the seal.", due=due)

    assert refusal(answer) == Refusal(422, "not_understood", "due")


async def test_more_than_two_years_is_too_far(office: Office, case: str) -> None:
    answer = await office.act(case, "actions", by="dora", what="Change the seal.", due=FAR)

    assert fault_of(answer).detail.startswith("Is the year right?")


async def test_who_acts_must_be_somebody(reception: Reception, office: Office, case: str) -> None:
    for act, said in ACTS.items():
        answer = await office.act(case, act, by="dara", **said)
        assert fault_of(answer).detail == "Nobody has the id 'dara'; did you mean 'dora'?"
        assert refusal(answer) == Refusal(422, "not_understood", "by"), act

    assert await reception.kept() == []


@pytest.mark.parametrize(
    ("act", "said", "place", "detail"),
    [
        ("hand-over", {"to": "nara", "reason": "x"}, "to", "'nara'; did you mean 'nora'?"),
        ("hand-over", {"to": "oscar", "reason": "x"}, "to", "An operator takes no cases."),
        ("actions", {"what": "x", "owner": "denise"}, "owner", "did you mean 'denis'?"),
        ("actions", {"what": "x", "owner": "oscar"}, "owner", "An operator takes no cases."),
        ("cause", {"cause": "delais"}, "cause", "'delais'; did you mean 'delay'?"),
        ("close", {"outcome": "withdrawn"}, "note", "This must be said in words."),
        ("close", {"outcome": "withdrawn", "note": " \n"}, "note", "This must be said"),
        ("hand-over", {"to": "nora", "reason": " "}, "reason", "Say why the case changes hands."),
        ("hand-over", {"to": "dora"}, "reason", "Say why the case changes hands."),
        ("actions", {"what": " "}, "what", "This must be said in words."),
        ("attempts", {"outcome": "voicemail", "again_at": SOON}, "again_at", "another time"),
        ("attempts", {"outcome": "later", "again_at": FAR}, "again_at", "Is the year right?"),
        ("wrap-up", {"cause": "delais", "done": "x"}, "cause", "did you mean 'delay'?"),
        ("wrap-up", {"cause": "delay", "done": " "}, "what", "This must be said in words."),
        ("actions/0/done", {}, "number", "greater than or equal to 1"),
        ("actions/1001/done", {}, "number", "less than or equal to 1000"),
    ],
)
async def test_what_an_act_says_must_make_sense(
    office: Office, case: str, *, act: str, said: Json, place: str, detail: str
) -> None:
    answer = await office.act(case, act, by="dora", **said)

    assert refusal(answer) == Refusal(422, "not_understood", place)
    assert detail in fault_of(answer).detail


async def test_a_customer_only_confirms(reception: Reception, office: Office, case: str) -> None:
    for act in ACTS.keys() - {"confirmation"}:
        answer = await office.act(case, act, by="customer", **ACTS[act])
        assert refusal(answer) == Refusal(422, "not_understood", "by"), act

    assert await reception.kept() == []


@pytest.mark.parametrize("person", ["paul", "eva", "oscar"])
async def test_who_has_no_right_to_the_case_does_nothing(
    reception: Reception, office: Office, case: str, person: str
) -> None:
    for act, said in ACTS.items():
        answer = await office.act(case, act, by=person, **said)
        assert refusal(answer) == Refusal(403, "not_allowed"), act

    assert await reception.kept() == []


@pytest.mark.parametrize("person", ["dora", "denis", "nora"])
async def test_the_director_the_deputy_and_the_owner_of_all_may_act(
    reception: Reception, office: Office, case: str, person: str
) -> None:
    await office.act(case, "attempts", by=person, outcome="voicemail")

    assert [act.actor for act in await reception.kept()] == [person]


async def test_only_whose_case_it_is_says_that_he_takes_it(firm: Firm) -> None:
    """Else two people believe that the other one has it."""
    case, office = await firm.asked(), firm.office
    await office.act(case, "hand-over", by="dora", to="nora", reason="It is beyond me.")

    refused = await office.act(case, "acknowledge", by="dora")
    taken = await office.act(case, "acknowledge", by="nora")

    assert refusal(refused) == Refusal(409, "wrong_move", rule="not_with_you")
    assert (taken.json()["state"], taken.json()["owner"]) == ("acknowledged", "nora")


async def test_who_stands_in_for_the_owner_says_it_for_him(
    reception: Reception, office: Office, case: str
) -> None:
    await office.act(case, "acknowledge", by="denis")

    assert [act.actor for act in await reception.kept()] == ["denis"]


async def test_a_partner_acts_on_the_case_that_is_his(casework: Casework, office: Office) -> None:
    state = await casework.act(await casework.open(), HandOver("paul"), MONDAY_MORNING)

    answer = await office.act(state.case_id, "acknowledge", by="paul")

    assert refusal(answer) == Refusal(503, "engine_away")


async def test_an_executive_takes_a_case_and_then_acts_on_it(firm: Firm) -> None:
    case, office = await firm.asked(), firm.office
    taken = await office.act(case, "hand-over", by="eva", to="eva", reason="I call myself.")
    called = await office.act(case, "attempts", by="eva", outcome="reached")

    assert (taken.json()["owner"], called.status_code) == ("eva", 200)


async def test_a_partner_cannot_take_what_was_not_given(office: Office, case: str) -> None:
    answer = await office.act(case, "hand-over", by="paul", to="paul", reason="I want it.")

    assert refusal(answer) == Refusal(403, "not_allowed")


async def test_a_wrong_move_names_its_rule(firm: Firm) -> None:
    case = await firm.asked()

    answer = await firm.office.act(case, "close", by="dora", outcome="recovered")

    assert refusal(answer).code == "wrong_move"
    assert refusal(answer).rule


async def test_a_case_rests_and_goes_on_by_hand(firm: Firm) -> None:
    case, office = await firm.asked(), firm.office
    soon = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    rest: Json = {"reason": "customer_away", "until": soon, "words": "On holiday."}

    rests = await office.act(case, "pause", by="dora", **rest)
    again = await office.act(case, "pause", by="dora", **rest)
    awake = await office.act(case, "resume", by="denis")

    assert rests.json()["paused_until"]
    assert refusal(again) == Refusal(409, "wrong_move", rule="paused")
    assert awake.json()["paused_until"] is None


async def test_all_pauses_together_have_an_end(firm: Firm) -> None:
    """Three days at a time, five in all: what is refused is refused in its own words."""
    case, office = await firm.asked(), firm.office
    far = (datetime.now(UTC) + timedelta(days=12)).isoformat()
    rest: Json = {"reason": "customer_away", "until": far, "words": "On holiday."}

    long = await office.act(case, "pause", by="dora", **rest)
    unknown = await office.act(case, "pause", by="dora", **rest | {"reason": "customer_awya"})
    deputy = await office.act(case, "pause", by="denis", **rest)

    assert refusal(long) == Refusal(409, "wrong_move", rule="pause_too_long")
    assert fault_of(unknown).detail.endswith("did you mean 'customer_away'?")
    assert refusal(deputy).code == "no_authority"
