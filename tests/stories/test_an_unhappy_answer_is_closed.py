"""The whole way over HTTP, from the delivery to the closing, and everything that is refused on it."""

import asyncio
import json

import pytest

from tests.stories.callers import DIRECTOR, Json, unhappy
from tests.stories.household import Household, eventually

pytestmark = pytest.mark.story

LARGEST = 1024 * 1024


async def opened(household: Household, customer: str) -> str:
    """The id of a case whose director has been asked."""
    delivered = await household.survey.deliver(unhappy(customer))
    return await asked(household, str(delivered["case_id"]))


async def asked(household: Household, case: str) -> str:
    async def is_asked() -> bool:
        return bool((await household.office.case(case))["owner"])

    await eventually(is_asked)
    return case


async def test_an_unhappy_customer_is_called_back_and_confirms(running: Household) -> None:
    case, act = await opened(running, "dubois"), running.office.act_surely

    await act(case, "acknowledge")
    await act(case, "attempts", outcome="voicemail")
    await act(case, "attempts", outcome="reached", note="Very angry.")
    await act(case, "cause", cause="quality_defect", words="The window leaks.")
    await act(case, "actions", what="Seal the window.")
    await act(case, "actions/1/done")
    closed = await act(case, "confirmation", by="customer", answer="yes")

    assert (closed["state"], closed["outcome"]) == ("closed", "recovered")
    assert closed["confirmation"] == "confirmed"
    assert [entry["kind"] for entry in closed["timeline"]] == [
        *("heard", "assigned", "asked", "acknowledged", "attempted", "attempted"),
        *("cause_named", "action_added", "action_done", "confirmation_asked"),
        *("confirmed", "closed"),
    ]


async def test_what_was_typed_is_read_back_with_its_act(running: Household) -> None:
    case, act = await opened(running, "lefevre"), running.office.act_surely

    await act(case, "attempts", outcome="reached", note="He only wants a date.")
    after = await act(case, "cause", cause="delay_works", words="Nobody tells me when.")

    words = {entry["kind"]: entry["words"] for entry in after["timeline"]}
    assert words["attempted"] == {"note": "He only wants a date."}
    assert words["cause_named"] == {"words": "Nobody tells me when."}


async def test_the_director_is_asked_once_with_a_link_to_the_case(running: Household) -> None:
    case = await opened(running, "garnier")

    async def sent() -> list[Json]:
        letters = (await running.office.get("outbox?limit=200"))["items"]
        return [m for m in letters if m["case_id"] == case and m["status"] == "accepted"]

    (letter,) = await eventually(sent)
    assert (letter["message"], letter["person"]) == ("ask", DIRECTOR)
    assert f"{running.http.base_url}/l/" in letter["body"].replace("\n", "")


async def test_a_repeated_delivery_is_200_with_the_same_case(running: Household) -> None:
    first = await running.survey.send(unhappy("moreau"))
    again = await running.survey.send(unhappy("moreau"))

    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json() == first.json()


async def test_a_promoter_opens_nothing_and_the_reason_is_recorded(running: Household) -> None:
    await running.survey.deliver(unhappy("petit", score=10))

    response = await running.office.get("responses/survey/response-petit")

    assert response["case_id"] is None
    assert response["reason"] == "promoter"


async def test_a_second_unhappy_answer_joins_the_open_case(running: Household) -> None:
    case = await opened(running, "robin")

    second = await running.survey.deliver(unhappy("robin", response="robin-again"))

    async def told() -> bool:
        return "heard_again" in await running.office.told(case)

    await eventually(told)
    assert second["case_id"] == case
    assert (await running.office.get("responses/survey/robin-again"))["joined"] is True


async def test_after_the_closing_an_unhappy_answer_opens_a_case_that_reopens(
    running: Household,
) -> None:
    case = await opened(running, "fontaine")
    await running.office.act_surely(case, "close", outcome="withdrawn", note="A test.")

    again = await running.survey.deliver(unhappy("fontaine", response="fontaine-again"))

    assert again["case_id"] != case
    assert (await running.office.case(again["case_id"]))["reopens"] == case


async def test_a_wrong_move_is_refused_with_a_sentence_and_changes_nothing(
    running: Household,
) -> None:
    case = await opened(running, "chevalier")
    before = await running.office.told(case)

    refused = await running.office.act(case, "cause", cause="price")

    assert refused.status_code == 409
    assert refused.json()["error"] == {
        "code": "wrong_move",
        "who_acts": "person",
        "rule": "no_contact",
        "detail": "Speak with the customer first: no contact is recorded yet.",
    }
    assert await running.office.told(case) == before


async def test_an_act_on_a_closed_case_is_refused(running: Household) -> None:
    case = await opened(running, "marchand")
    await running.office.act_surely(case, "close", outcome="withdrawn", note="A test.")

    late = await running.office.act(case, "acknowledge")

    assert (late.status_code, late.json()["error"]["rule"]) == (409, "closed")


async def test_the_same_key_is_one_act_and_is_answered_as_the_first_time(
    running: Household,
) -> None:
    case = await opened(running, "gauthier")

    answers = [await running.office.act(case, "acknowledge", key="tap") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert (await running.office.told(case)).count("acknowledged") == 1


async def test_a_refusal_too_is_answered_as_the_first_time(running: Household) -> None:
    case, act = await opened(running, "perrin"), running.office.act
    first = await act(case, "cause", key="tap", cause="price")
    await act(case, "attempts", outcome="reached")

    again = await act(case, "cause", key="tap", cause="price")

    assert (again.status_code, again.json()) == (409, first.json())


async def test_the_same_key_with_another_content_is_refused(running: Household) -> None:
    case = await opened(running, "clement")
    await running.office.act(case, "attempts", key="tap", outcome="voicemail")

    other = await running.office.act(case, "attempts", key="tap", outcome="reached")

    assert (other.status_code, other.json()["error"]["code"]) == (409, "key_reused")


async def test_two_taps_at_once_are_one_act(running: Household) -> None:
    case, act = await opened(running, "morin"), running.office.act_surely

    async with asyncio.TaskGroup() as taps:
        for _ in range(5):
            taps.create_task(act(case, "attempts", key="tap", outcome="voicemail"))

    assert (await running.office.told(case)).count("attempted") == 1


async def test_a_stranger_to_the_case_may_not_act(running: Household) -> None:
    case = await opened(running, "nicolas")

    refused = await running.office.act(case, "acknowledge", by="director_provence")

    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not_allowed")


async def test_an_unknown_source_is_not_found(running: Household) -> None:
    answer = await running.survey.send(unhappy("roussel"), source="surveys")

    assert answer.status_code == 404


async def test_a_forged_delivery_is_refused_and_leaves_nothing(running: Household) -> None:
    before = running.select("SELECT count(*) FROM deliveries")

    answer = await running.survey.send_forged(unhappy("blanc"))

    assert answer.status_code == 401
    assert running.select("SELECT count(*) FROM deliveries") == before


async def test_what_is_not_understood_is_refused_with_its_place_and_kept(
    running: Household,
) -> None:
    answer = await running.survey.send(unhappy("guerin", score=11))

    assert answer.status_code == 422
    assert answer.json()["error"]["place"] == "score"
    kept = "SELECT count(*) FROM deliveries WHERE fate = 'quarantined' AND problem = 'score'"
    assert running.select(kept) == [(1,)]


async def test_a_delivery_over_a_mebibyte_is_refused(running: Household) -> None:
    answer = await running.survey.send(json.dumps(unhappy("boyer")).ljust(LARGEST + 1))

    assert answer.status_code == 413


async def test_a_delivery_of_just_a_mebibyte_is_taken(running: Household) -> None:
    answer = await running.survey.send(json.dumps(unhappy("leroux")).ljust(LARGEST))

    assert answer.status_code == 202
