"""The stalled list: who may look at it, what stands there, and from where one gets there."""

from datetime import timedelta

import pytest

from models.actions import Acknowledge, Attempt, Reached
from models.case import CaseState
from models.store.organisations import apply_organisation
from tests.casework import MONDAY_MORNING, SMALL
from tests.web.pages.reception import SOON, WEEK, Reception

WITH_EXECUTIVE = SMALL.read_text().replace(
    "routing:\n",
    "  - {id: eva, name: Eva, role: executive, language: en, email: eva@small.example}\nrouting:\n",
)


@pytest.fixture
async def stalled(reception: Reception) -> CaseState:
    """Nobody acts, up to the national owner and past her time."""
    casework = reception.casework
    await apply_organisation(casework.database, WITH_EXECUTIVE, name=SMALL.name, at=SOON)
    state = await casework.open()
    while not state.stalled_since:
        state = await casework.stay_silent(state)
    reception.clock.now = MONDAY_MORNING + WEEK
    return state


async def test_the_owner_sees_whom_nobody_turned_to_and_since_when(
    reception: Reception, stalled: CaseState
) -> None:
    page = await (await reception.signed_in("nora", stalled)).get("/board/stalled")
    assert "Dossiers au point mort (1)" in page.words
    assert "Odile Kerverne North · Works Chez Nora National" in page.words
    assert "Au point mort depuis" in page.words
    assert f'href="/cases/{stalled.case_id}"' in page.answered.text


async def test_an_executive_sees_the_case_without_the_customer(
    reception: Reception, stalled: CaseState
) -> None:
    page = await (await reception.signed_in("eva", stalled)).get("/board/stalled")
    assert f"Case {stalled.case_id[-8:]} North · Works With Nora National" in page.words
    assert "Kerverne" not in page.answered.text


async def test_a_director_has_no_business_there(reception: Reception, stalled: CaseState) -> None:
    assert (await (await reception.signed_in("dora", stalled)).get("/board/stalled")).status == 403


async def test_it_is_linked_from_inbox_and_board_with_its_number(
    reception: Reception, stalled: CaseState
) -> None:
    nora = await reception.signed_in("nora", stalled)
    inbox, board = await nora.get("/inbox"), await nora.get("/board")
    assert "Dossiers au point mort (1)" in inbox.words
    for page in (inbox, board):
        assert 'href="/board/stalled"' in page.answered.text
    assert "Au point mort : 1" in board.words
    listed = await nora.get("/board/cases?which=stalled")
    assert stalled.case_id[-8:] in listed.words


async def test_an_acknowledgement_leaves_it_there_and_a_call_takes_it_off(
    reception: Reception, stalled: CaseState
) -> None:
    nora = await reception.signed_in("nora", stalled)
    taken = await reception.casework.act(stalled, Acknowledge(), reception.clock.now)
    assert "Dossiers au point mort (1)" in (await nora.get("/board/stalled")).words
    await reception.casework.act(taken, Attempt(Reached.VOICEMAIL), reception.clock.now)
    assert "Aucun dossier n’est au point mort." in (await nora.get("/board/stalled")).words
    assert "point mort" not in (await nora.get("/inbox")).words


async def test_a_note_that_is_only_written_down_moves_nothing(
    reception: Reception, stalled: CaseState
) -> None:
    """Elsewhere a comment counts as work on the case, and the clock starts anew."""
    nora = await reception.signed_in("nora", stalled)
    page = await nora.get(f"/cases/{stalled.case_id}")
    form = page.form("/hand-over")
    draft = f"/cases/{stalled.case_id}/drafts/hand_over"
    answer = await nora.http.post(
        draft, data=form.fields | {"reason": "Somebody should call."}, headers={"accept": "*/*"}
    )
    assert answer.status_code < 300
    after = await reception.casework.state(stalled.case_id)
    assert (after.stalled_since, after.rungs) == (stalled.stalled_since, stalled.rungs)


async def test_a_stalled_case_cannot_rest(reception: Reception, stalled: CaseState) -> None:
    """Else a pause would silence the last level, while the customer still waits for a word."""
    nora = await reception.signed_in("nora", stalled)
    until = (reception.clock.now + timedelta(days=2)).date().isoformat()
    said = {"pause": "customer_away", "until": until, "words": "On holiday.", "key": "rest"}

    page = await nora.get(f"/cases/{stalled.case_id}")
    refused = await nora.post(f"/cases/{stalled.case_id}/pause", said)

    assert f"/cases/{stalled.case_id}/pause" not in page.forms
    assert "Ce dossier est au point mort" in refused.words
    assert await reception.kept() == []


async def test_a_stalled_case_rests_again_once_somebody_has_turned_to_the_customer(
    reception: Reception, stalled: CaseState
) -> None:
    nora = await reception.signed_in("nora", stalled)
    await reception.casework.act(stalled, Attempt(Reached.VOICEMAIL), reception.clock.now)

    page = await nora.get(f"/cases/{stalled.case_id}")

    assert f"/cases/{stalled.case_id}/pause" in page.forms
