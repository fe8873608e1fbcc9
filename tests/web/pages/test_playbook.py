"""The playbook on the page of a case: it appears with the cause, suggests, and does nothing by itself."""

from dataclasses import replace

import pytest

from models.actions import AddAction, Attempt, Confirm, FinishAction, NameCause, Reached
from models.case import CaseState
from models.store.organisations import apply_organisation
from tests.casework import MONDAY_MORNING, SMALL, UNHAPPY, Casework
from tests.web.pages.browser import Browser, Page
from tests.web.pages.reception import WEEK, Reception

SUGGESTED = "?suggest=delay:1"
DEEPER = """\
      - {id: late_works, name: Works, leaf_only: true, children: [{id: crane, name: Crane}]}
"""


async def called(casework: Casework, language: str = "fr") -> CaseState:
    state = await casework.open(replace(UNHAPPY, language=language))
    return await casework.act(state, Attempt(Reached.REACHED), MONDAY_MORNING)


@pytest.fixture
async def understood(reception: Reception) -> CaseState:
    state = await called(reception.casework)
    return await reception.casework.act(state, NameCause("late_works"), MONDAY_MORNING)


@pytest.fixture
async def dora(reception: Reception, understood: CaseState) -> Browser:
    return await reception.signed_in("dora", understood)


def address(state: CaseState, asked: str = "") -> str:
    return f"/cases/{state.case_id}{asked}"


async def test_it_is_not_there_before_the_cause_is_named(reception: Reception) -> None:
    state = await called(reception.casework)
    page = await (await reception.signed_in("dora", state)).get(address(state))
    assert "Ce qui aide" not in page.words


async def test_it_appears_with_the_cause_and_says_what_the_customer_gains(
    dora: Browser, understood: CaseState
) -> None:
    page = await dora.get(address(understood))
    for said in (
        "Ce qui aide : Retard",
        "Demander ce que cela coûte.",
        "Ce que le client y gagne : Une date qui tient.",
        "Vous donner une date",
        "Dora Director, d’ici au mercredi 3 mars",
        "Comme geste : un bouquet",
    ):
        assert said in page.words
    assert f'href="{address(understood, SUGGESTED)}#action"' in page.answered.text


async def test_a_suggestion_is_a_link_that_opens_the_form_filled_in(
    dora: Browser, understood: CaseState
) -> None:
    """The trade's person of that region, and the end of its usual time."""
    form = (await dora.get(address(understood, SUGGESTED))).form("/actions")
    said = {name: form.fields[name] for name in ("what", "owner", "due", "promise", "suggested")}
    assert said == {
        "what": "Vous donner une date",
        "owner": "dora",
        "due": "2027-03-03",
        "promise": "enquiry",
        "suggested": "delay:1",
    }


async def test_opening_it_records_nothing(
    reception: Reception, dora: Browser, understood: CaseState
) -> None:
    await dora.get(address(understood, SUGGESTED))
    assert await reception.kept() == []
    assert (await reception.casework.state(understood.case_id)).actions == ()


async def test_what_the_customer_will_read_is_in_his_language(reception: Reception) -> None:
    state = await called(reception.casework, "en")
    state = await reception.casework.act(state, NameCause("delay"), MONDAY_MORNING)
    nora = await reception.signed_in("nora", state)
    page = await nora.get(address(state, SUGGESTED))
    assert "Vous donner une date" in page.words
    assert page.form("/actions").fields["what"] == "Give you a date"
    ours = (await nora.get(address(state, "?suggest=delay:2"))).form("/actions")
    assert (ours.fields["what"], ours.fields["promise"]) == ("Prévenir le chantier", "")


async def test_what_is_sent_from_it_says_so_on_the_timeline(
    reception: Reception, dora: Browser, understood: CaseState
) -> None:
    form = (await dora.get(address(understood, SUGGESTED))).form("/actions")
    await dora.send(form)
    [kept] = await reception.kept()
    assert kept.kind == "action"
    act = AddAction("dora", MONDAY_MORNING + WEEK, suggested=form.fields["suggested"])
    await reception.apply_kept(understood, act)

    page = await dora.get(address(understood))

    assert "Elle suit le guide (Retard, 1)." in page.words
    assert "déjà utilisée" in page.words


async def test_what_has_become_something_else_follows_no_playbook(
    dora: Browser, understood: CaseState
) -> None:
    page = await dora.get(address(understood, SUGGESTED))
    assert "C’est devenu autre chose" in page.words
    refused = await dora.send(page.form("/actions"), suggested="", what="")
    assert "suggested" not in refused.form("/actions").fields


@pytest.mark.parametrize("asked", ["delay:3", "gone:1", "delay", "x"])
async def test_a_suggestion_that_nobody_made_fills_nothing(
    dora: Browser, understood: CaseState, asked: str
) -> None:
    page = await dora.get(address(understood, f"?suggest={asked}"))
    assert (page.status, page.form("/actions").fields["what"]) == (200, "")


async def test_a_forged_suggestion_is_refused(dora: Browser, understood: CaseState) -> None:
    form = (await dora.get(address(understood, SUGGESTED))).form("/actions")
    refused = await dora.send(form, suggested="delay:3")
    assert refused.status == 422
    assert "Le guide n’a pas cette suggestion." in refused.words


async def test_a_closed_case_needs_no_playbook(
    reception: Reception, dora: Browser, understood: CaseState
) -> None:
    state = understood
    for act in (AddAction("dora", MONDAY_MORNING + WEEK), FinishAction(1), Confirm(solved=True)):
        state = await reception.casework.act(state, act, MONDAY_MORNING)
    assert "Ce qui aide :" not in (await dora.get(address(state))).words


async def test_a_case_keeps_the_playbook_of_its_version(
    reception: Reception, dora: Browser, understood: CaseState
) -> None:
    text = SMALL.read_text().replace("Une date qui tient.", "Autre chose.")
    database = reception.casework.database
    await apply_organisation(database, text, name=SMALL.name, at=MONDAY_MORNING)
    assert "Une date qui tient." in (await dora.get(address(understood))).words


async def test_a_branch_that_must_be_refined_is_no_choice_and_is_refused(
    reception: Reception,
) -> None:
    text = SMALL.read_text().replace("      - {id: late_works, name: Works}\n", DEEPER)
    database = reception.casework.database
    await apply_organisation(database, text, name=SMALL.name, at=MONDAY_MORNING)
    state = await called(reception.casework)
    page: Page = await (browser := await reception.signed_in("dora", state)).get(address(state))

    assert '<option value="late_works"' not in page.answered.text
    assert '<option value="crane">Works › Crane' in page.answered.text
    refused = await browser.send(page.form("/cause"), cause="late_works")
    assert refused.status == 409
    assert "Soyez plus précis" in refused.words


async def test_a_referral_can_be_told_in_every_form_that_closes(
    reception: Reception, dora: Browser, understood: CaseState
) -> None:
    wrap_up = (await dora.get(address(understood))).form("/wrap-up")
    assert wrap_up.fields["referral"] == ""
    refused = await dora.send(wrap_up, answer="no", cause="delay", what="…", referral="2")
    assert "Seul un client de nouveau satisfait nous recommande" in refused.words
    assert refused.form("/wrap-up").fields["referral"] == "2"
