"""Gestures on the pages: promised within one's authority, asked for above it, answered, and reviewed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.actions import AddAction, Attempt, NameCause, PromiseKind, Reached
from models.case import CaseState
from models.handling import ApproveGesture, RefuseGesture
from models.money import Money
from models.store.organisations import apply_organisation
from tests.casework import MONDAY_MORNING
from tests.web.machines.firm import staffed
from tests.web.pages.browser import Browser
from tests.web.pages.reception import WEEK, Reception

AUTHORITY = """authority:
  gestures: {director: 100, deputy: 500, partner: 50, national_owner: 5000, executive: any}
  review_share: 100%"""
GESTURE = AddAction("dora", MONDAY_MORNING + WEEK, PromiseKind.GESTURE)
ASKED = replace(GESTURE, cost=Money(90000, "EUR"), beyond=True)
FREE = replace(GESTURE, cost=Money(8000, "EUR"))


@pytest.fixture
async def spoken(reception: Reception) -> CaseState:
    """Dora has spoken with her customer."""
    casework = reception.casework
    organisation = staffed().replace("unhappy_up_to: {nps: 7}", AUTHORITY)
    await apply_organisation(casework.database, organisation, name="x.yaml", at=MONDAY_MORNING)
    state = await casework.open()
    for act in (Attempt(Reached.REACHED), NameCause("delay")):
        state = await casework.act(state, act, MONDAY_MORNING)
    return state


@pytest.fixture
async def state(reception: Reception, spoken: CaseState) -> CaseState:
    """The national owner is asked about a gesture of 900 euros."""
    return await reception.casework.act(spoken, ASKED, MONDAY_MORNING)


@pytest.fixture
async def nora(reception: Reception, state: CaseState) -> Browser:
    return await reception.signed_in("nora", state)


@pytest.fixture
async def dora(reception: Reception, spoken: CaseState) -> Browser:
    return await reception.signed_in("dora", spoken)


def page_of(state: CaseState) -> str:
    return f"/cases/{state.case_id}/actions/1"


async def test_a_gesture_without_its_worth_is_refused(dora: Browser, spoken: CaseState) -> None:
    form = (await dora.get(f"/cases/{spoken.case_id}")).form("/actions")
    refused = await dora.send(form, promise="gesture", what="Des fleurs.")

    assert refused.status == 422
    assert "Dites ce que vaut le geste" in refused.words


async def test_who_promises_reads_how_far_he_may_go(dora: Browser, spoken: CaseState) -> None:
    page = await dora.get(f"/cases/{spoken.case_id}")

    assert "jusqu’à 100,00\u00a0€ sur un dossier" in page.words


async def test_the_page_of_the_case_says_whose_yes_is_waited_for(
    dora: Browser, state: CaseState
) -> None:
    page = await dora.get(f"/cases/{state.case_id}")

    assert "Un geste attend l’accord de Nora National" in page.words
    assert "Le client n’en sait encore rien" in page.words
    assert "Le client l’a reçu par écrit" not in page.words


async def test_who_waits_finds_the_case_among_those_that_wait_for_others(
    dora: Browser, state: CaseState
) -> None:
    inbox = await dora.get("/inbox")

    assert "Nora National dit si un geste est accordé" in inbox.words


async def test_who_is_asked_finds_the_question_in_his_inbox(
    nora: Browser, state: CaseState
) -> None:
    inbox = await nora.get("/inbox")

    assert "Gestes qui attendent votre accord 1" in inbox.words
    assert "Un geste de 900,00\u00a0€" in inbox.words
    assert page_of(state) in inbox.answered.text


async def test_who_is_asked_reads_what_he_judges(nora: Browser, state: CaseState) -> None:
    page = await nora.get(page_of(state))

    assert "Ce geste attend votre accord ou votre refus." in page.words
    assert all(told in page.words for told in ("900,00\u00a0€", "Retard", "Dora Director"))
    assert "What was said." in page.words


async def test_he_says_yes_in_one_form(
    reception: Reception, nora: Browser, state: CaseState
) -> None:
    form = (await nora.get(page_of(state))).form("/approve")

    assert (await nora.send(form)).status == 503
    await reception.apply_kept(state, ApproveGesture(1))
    done = await nora.send(form)
    assert done.answered.headers["location"] == page_of(state)
    page = await nora.get(page_of(state))
    assert "Le client l’a reçu par écrit" in page.words
    assert "/approve" not in page.answered.text


async def test_he_says_no_with_a_reason_that_the_owner_reads(
    reception: Reception, nora: Browser, state: CaseState
) -> None:
    form = (await nora.get(page_of(state))).form("/decline")

    assert (await nora.send(form)).status == 422
    assert (await nora.send(form, reason="Trop tôt.")).status == 503
    await reception.apply_kept(state, RefuseGesture(1))
    dora = await reception.signed_in("dora", state)
    page = await dora.get(f"/cases/{state.case_id}")
    assert "Trop tôt." in page.words
    assert "Le client n’en a rien su." in page.words


async def test_a_date_that_has_passed_is_named_anew_with_the_yes(
    reception: Reception, state: CaseState
) -> None:
    reception.clock.now = MONDAY_MORNING + WEEK + timedelta(days=1)
    nora = await reception.signed_in("nora", state)

    assert "Sa date est passée" in (await nora.get(page_of(state))).words


async def test_who_promised_it_has_no_yes_to_give(dora: Browser, state: CaseState) -> None:
    page = await dora.get(page_of(state))

    assert "Ce geste attend l’accord de Nora National." in page.words
    assert "/approve" not in page.answered.text


async def test_who_is_not_asked_and_has_no_authority_says_nothing(
    reception: Reception, state: CaseState
) -> None:
    denis = await reception.signed_in("denis", state)

    assert "/approve" not in (await denis.get(page_of(state))).answered.text
    assert (await denis.post(f"{page_of(state)}/approve", {"key": "k"})).status == 403


async def test_a_stranger_does_not_read_of_it(reception: Reception, state: CaseState) -> None:
    paul = await reception.signed_in("paul", state)

    assert (await paul.get(page_of(state))).status == 403


async def test_the_customer_reads_nothing_of_it_before_the_yes(
    reception: Reception, state: CaseState
) -> None:
    customer = Browser(reception.app)

    assert "What was said." not in (await customer.get(await reception.link(state, None))).words
    await reception.casework.act(state, ApproveGesture(1), MONDAY_MORNING, by="nora")
    assert "What was said." in (await customer.get(await reception.link(state, None))).words


async def test_a_gesture_that_was_drawn_is_reviewed_in_one_tap(
    reception: Reception, spoken: CaseState
) -> None:
    await reception.casework.act(spoken, FREE, MONDAY_MORNING)
    nora = await reception.signed_in("nora", spoken)
    assert "Gestes à regarder (1)" in (await nora.get("/inbox")).words

    page = await nora.get("/reviews")
    assert all(told in page.words for told in ("80,00\u00a0€", "What was said.", "Retard", "North"))
    assert f"/cases/{spoken.case_id}" in page.answered.text
    done = await nora.send(page.form("/1"), verdict="fine", note="Très bien.")

    assert done.answered.headers["location"] == "/reviews"
    assert "Rien n’attend d’être regardé." in (await nora.get("/reviews")).words
    again = await nora.send(page.form("/1"), verdict="to_talk_about")
    assert again.status == 409
    assert "Ce geste a déjà été regardé." in again.words


async def test_a_review_names_nobody(reception: Reception, spoken: CaseState) -> None:
    await reception.casework.act(spoken, FREE, MONDAY_MORNING)
    nora = await reception.signed_in("nora", spoken)
    page = await nora.get("/reviews")

    assert not any(name in page.answered.text for name in ("Dora", "dora", "Odile"))


async def test_a_review_is_one_of_two_words(reception: Reception, spoken: CaseState) -> None:
    await reception.casework.act(spoken, FREE, MONDAY_MORNING)
    nora = await reception.signed_in("nora", spoken)
    form = (await nora.get("/reviews")).form("/1")

    assert (await nora.send(form, verdict="excellent")).status == 422
