"""Linking two customers who are one person, on the page of a case."""

from dataclasses import replace

import pytest

from models.actions import Attempt, Close, Outcome, Reached
from models.case import CaseState
from models.survey import Identity
from tests.casework import MONDAY_MORNING, UNHAPPY
from tests.web.pages.reception import Reception

BY_MAIL = Identity(name="O. Kerverne", email="kerverne@elsewhere.example")
GOES_ON = "Il continue dans un dossier plus ancien de la même personne"
UNDER_WAY = "Le dossier plus récent est en cours"


@pytest.fixture
async def cases(reception: Reception) -> tuple[CaseState, CaseState]:
    older = await reception.casework.open()
    told = replace(UNHAPPY, response_id="r-2", customer=BY_MAIL)
    return older, await reception.casework.open(told)


async def test_who_pastes_the_address_of_the_other_case_finds_each_on_the_page_of_the_other(
    reception: Reception, cases: tuple[CaseState, CaseState]
) -> None:
    older, newer = cases
    browser = await reception.signed_in("nora", older)
    page = await browser.get(f"/cases/{newer.case_id}")
    address = f"https://rappel.example/cases/{older.case_id}"
    answer = await browser.send(page.form("/same-person"), other=address)
    there, here = [await browser.get(f"/cases/{state.case_id}") for state in cases]

    assert answer.status == 303
    assert "O. Kerverne" in there.words
    assert "Odile Kerverne" in here.words
    assert (GOES_ON in there.words, GOES_ON in here.words) == (False, True)
    assert f"/cases/{older.case_id}" in here.answered.text
    assert f"/cases/{newer.case_id}" in there.answered.text


async def test_a_younger_case_that_is_under_way_is_named_before_anything_is_linked(
    reception: Reception, cases: tuple[CaseState, CaseState]
) -> None:
    older, newer = cases
    await reception.casework.act(newer, Attempt(Reached.REACHED), MONDAY_MORNING)
    browser = await reception.signed_in("nora", older)
    page = await browser.get(f"/cases/{older.case_id}")
    refused = await browser.send(page.form("/same-person"), other=newer.case_id)

    assert refused.status == 409
    assert UNDER_WAY in refused.words
    assert "Également connu comme" not in refused.words


async def test_they_are_parted_by_one_button(
    reception: Reception, cases: tuple[CaseState, CaseState]
) -> None:
    older, newer = cases
    await reception.casework.act(newer, Close(Outcome.WITHDRAWN), MONDAY_MORNING)
    browser = await reception.signed_in("nora", older)
    path = f"/cases/{newer.case_id}"
    await browser.send((await browser.get(path)).form("/same-person"), other=older.case_id)
    await browser.send((await browser.get(path)).form("/other-person"))

    assert "Également connu comme" not in (await browser.get(path)).words


async def test_an_address_of_no_case_comes_back_as_it_was_typed(
    reception: Reception, cases: tuple[CaseState, CaseState]
) -> None:
    browser = await reception.signed_in("nora", cases[0])
    page = await browser.get(f"/cases/{cases[0].case_id}")
    refused = await browser.send(page.form("/same-person"), other="no-such-case")

    assert refused.status == 422
    assert "Ce dossier n’existe pas : copiez l’adresse de sa page." in refused.words
    assert refused.form("/same-person").fields["other"] == "no-such-case"


async def test_a_director_is_offered_no_linking(
    reception: Reception, cases: tuple[CaseState, CaseState]
) -> None:
    browser = await reception.signed_in("dora", cases[0])
    page = await browser.get(f"/cases/{cases[0].case_id}")

    assert not [action for action in page.forms if action.endswith("-person")]
