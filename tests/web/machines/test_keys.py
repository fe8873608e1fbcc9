"""One key is one act, however often it is sent, and is answered as the first time."""

import asyncio
import hashlib

import pytest
from httpx2 import AsyncClient

from models.actions import HandOver
from tests.casework import MONDAY_MORNING, Casework
from tests.databases import ENGINES
from tests.stories.callers import Json, Office
from tests.web.machines.faults import Refusal, refusal
from tests.web.machines.firm import Firm
from tests.web.machines.routes import POSTS, filled
from tests.web.pages.reception import Reception

on_both_engines = pytest.mark.parametrize("database_url", ENGINES, indirect=True)


@pytest.mark.parametrize("key", [None, "", "k" * 201])
async def test_no_act_without_a_key(api: AsyncClient, key: str | None) -> None:
    headers = {} if key is None else {"idempotency-key": key}

    for path in POSTS:
        answer = await api.post(filled(path), json={}, headers=headers)
        assert refusal(answer) == Refusal(422, "not_understood", "Idempotency-Key"), path


async def test_a_repeat_is_answered_though_the_case_has_moved_on(firm: Firm) -> None:
    case = await firm.asked()
    first = await firm.office.act(case, "acknowledge", key="tap", by="dora")
    await firm.office.act(case, "attempts", by="dora", outcome="reached")

    again = await firm.office.act(case, "acknowledge", key="tap", by="dora")

    assert (first.status_code, again.status_code) == (200, 200)
    assert (await firm.office.told(case)).count("acknowledged") == 1


async def test_the_same_key_of_another_person_is_another_act(firm: Firm) -> None:
    case = await firm.asked()
    for person in ("dora", "nora"):
        await firm.office.act(case, "attempts", key="tap", by=person, outcome="no_answer")

    assert (await firm.office.case(case))["attempts"] == 2


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("attempts", {"outcome": "voicemail"}),
        ("attempts", {"outcome": "no_answer", "channel": "visit"}),
        ("attempts", {"outcome": "no_answer", "note": "At noon."}),
        ("acknowledge", {}),
    ],
)
async def test_a_key_holds_for_one_content_only(
    casework: Casework, office: Office, path: str, said: Json
) -> None:
    case = (await casework.open()).case_id
    await office.act(case, "attempts", key="tap", by="dora", outcome="no_answer")

    other = await office.act(case, path, key="tap", by="dora", **said)

    assert refusal(other) == Refusal(409, "key_reused")


@pytest.mark.parametrize(
    ("path", "said", "sent"),
    [
        (
            "actions",
            {"what": "The seal."},
            'action  {"by":"dora","what":"The seal.","owner":null,"due":null}',
        ),
        ("actions/1/done", {"note": "Dry."}, 'action_done 1 {"by":"dora","note":"Dry."}'),
        ("confirmation", {"answer": "yes"}, 'confirmation  {"by":"dora","answer":"yes","note":""}'),
        (
            "close",
            {"outcome": "withdrawn", "note": "A test."},
            'close  {"by":"dora","outcome":"withdrawn","note":"A test."}',
        ),
    ],
)
async def test_what_version_0_1_0_kept_is_the_same_request_after_an_upgrade(
    reception: Reception, office: Office, path: str, said: Json, sent: str
) -> None:
    case = (await reception.casework.open()).case_id

    await office.act(case, path, by="dora", **said)

    [kept] = await reception.kept()
    assert kept.digest == hashlib.sha256(sent.encode()).hexdigest()


async def test_a_newer_field_that_is_filled_in_is_part_of_the_request(
    casework: Casework, office: Office
) -> None:
    case = (await casework.open()).case_id
    seal: Json = {"key": "tap", "by": "dora", "what": "Change the seal."}
    await office.act(case, "actions", **seal)

    other = await office.act(case, "actions", **seal, promise="repair")

    assert refusal(other) == Refusal(409, "key_reused")


async def test_who_gave_the_case_away_may_repeat_it_and_do_nothing_else(firm: Firm) -> None:
    case = await firm.asked()
    await firm.office.act(case, "hand-over", by="dora", to="paul", reason="Your contract.")
    given: Json = {"by": "paul", "to": "dora", "reason": "Not mine."}
    first = await firm.office.act(case, "hand-over", key="back", **given)

    again = await firm.office.act(case, "hand-over", key="back", **given)
    afresh = await firm.office.act(case, "hand-over", key="more", **given)

    assert (first.status_code, again.status_code) == (200, 200)
    assert refusal(afresh) == Refusal(403, "not_allowed")


async def test_a_repeat_is_known_before_anybody_asks_whether_it_is_legal(firm: Firm) -> None:
    case = await firm.asked()
    gone: Json = {"by": "dora", "outcome": "withdrawn", "note": "Sent by mistake."}
    first = await firm.office.act(case, "close", key="end", **gone)

    again = await firm.office.act(case, "close", key="end", **gone)
    afresh = await firm.office.act(case, "close", key="more", **gone)

    assert (first.json()["state"], again.json()["state"]) == ("closed", "closed")
    assert refusal(afresh) == Refusal(409, "wrong_move", rule="closed")


@on_both_engines
async def test_two_at_once_with_one_key_are_one_act(firm: Firm) -> None:
    case = await firm.asked()

    answers = await asyncio.gather(
        *(firm.office.act(case, "attempts", key="tap", by="dora", outcome="reached") for _ in "12")
    )

    assert [answer.status_code for answer in answers] == [200, 200]
    assert (await firm.office.case(case))["attempts"] == 1


@on_both_engines
async def test_of_two_contents_at_once_under_one_key_one_is_taken(firm: Firm) -> None:
    case = await firm.asked()

    answers = await asyncio.gather(
        *(
            firm.office.act(case, "attempts", key="tap", by="dora", outcome=outcome)
            for outcome in ("voicemail", "no_answer")
        )
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert (await firm.office.case(case))["attempts"] == 1


async def test_a_refusal_stays_though_the_act_has_become_possible(firm: Firm) -> None:
    case = await firm.asked()
    early = await firm.office.act(case, "actions/1/done", key="early", by="dora")
    await firm.office.act(case, "attempts", by="dora", outcome="reached")
    await firm.office.act(case, "cause", by="dora", cause="delay")
    await firm.office.act(case, "actions", by="dora", what="Change the seal.")

    again = await firm.office.act(case, "actions/1/done", key="early", by="dora")
    afresh = await firm.office.act(case, "actions/1/done", key="now", by="dora")

    assert early.json() == again.json()
    assert refusal(again).code == "wrong_move"
    assert afresh.status_code == 200


@pytest.mark.story  # it waits as long as the web waits for a worker
async def test_what_no_worker_applied_is_applied_when_it_is_sent_again(idle_firm: Firm) -> None:
    """The web waits twelve seconds for a worker."""
    case = await idle_firm.heard()
    kept = await idle_firm.office.act(case, "acknowledge", key="tap", by="dora")

    async with idle_firm.worker():
        done = await idle_firm.office.act(case, "acknowledge", key="tap", by="dora")

    assert refusal(kept) == Refusal(503, "engine_away")
    assert (done.status_code, done.json()["state"]) == (200, "acknowledged")
    assert (await idle_firm.office.told(case)).count("acknowledged") == 1


async def test_what_was_only_kept_is_answered_though_the_right_is_gone(
    casework: Casework, office: Office
) -> None:
    state = await casework.open()
    state = await casework.act(state, HandOver("paul"), MONDAY_MORNING)
    await office.act(state.case_id, "acknowledge", key="tap", by="paul")
    await casework.act(state, HandOver("dora"), MONDAY_MORNING)

    again = await office.act(state.case_id, "acknowledge", key="tap", by="paul")

    assert refusal(again) == Refusal(503, "engine_away")
