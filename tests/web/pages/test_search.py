"""The search: found as people remember a customer, and only by who may read his case."""

import pytest

from models.actions import Close, HandOver, Outcome
from models.case import CaseState
from tests.casework import MONDAY_MORNING
from tests.web.pages.browser import Browser, Page
from tests.web.pages.neighbours import answer_of, move_in
from tests.web.pages.reception import Reception

NAME = "Émilie Le Goff-Martin"


@pytest.fixture
async def state(reception: Reception) -> CaseState:
    await move_in(reception)
    return await reception.casework.open(answer_of(NAME))


async def ask(browser: Browser, typed: str) -> Page:
    form = (await browser.get("/search")).form("/search")
    return await browser.send(form, q=typed)


async def test_a_customer_is_found_as_one_remembers_him(
    reception: Reception, state: CaseState
) -> None:
    dora = await reception.signed_in("dora", state)
    for typed in (
        *("emilie", "ÉMILIE", "goff mart", "martin émi"),
        *("+33 6 39 98 55 01", "06.39.98.55.01", "985501"),
        *("C1@client.example", "@client.ex", "file-1"),
    ):
        page = await ask(dora, typed)
        assert "1 dossier trouvé" in page.words, typed
        assert f'href="/cases/{state.case_id}"' in page.answered.text


async def test_a_case_is_found_by_its_number(reception: Reception, state: CaseState) -> None:
    page = await ask(await reception.signed_in("dora", state), state.case_id.upper())
    assert "Émilie" in page.words


@pytest.mark.parametrize("person", ["sami", "eva", "paul"])
async def test_nobody_finds_a_case_he_may_not_read(
    reception: Reception, state: CaseState, person: str
) -> None:
    browser = await reception.signed_in(person, state)
    for typed in ("Émilie", "+33639985501", "c1@client.example", "file-1", state.case_id):
        page = await ask(browser, typed)
        assert "0 cases found" in page.words
        assert f"/cases/{state.case_id}" not in page.answered.text


async def test_a_closed_case_is_found_too(reception: Reception, state: CaseState) -> None:
    await reception.casework.act(state, Close(Outcome.WITHDRAWN), MONDAY_MORNING)
    page = await ask(await reception.signed_in("dora", state), "emilie")
    assert "1 dossier trouvé" in page.words


async def test_who_gave_his_case_away_finds_it_no_more(
    reception: Reception, state: CaseState
) -> None:
    held = await reception.casework.act(state, HandOver("paul"), MONDAY_MORNING)
    paul = await reception.signed_in("paul", state)
    assert "1 case found" in (await ask(paul, "emilie")).words
    await reception.casework.act(held, HandOver("nora"), MONDAY_MORNING)
    assert "0 cases found" in (await ask(paul, "emilie")).words


async def test_what_fits_nobody_finds_nobody(reception: Reception, state: CaseState) -> None:
    dora = await reception.signed_in("dora", state)
    for typed in ("", "x", "?!", "%", "__", "nobody", "' OR 1=1 --", "\u0301\u0301"):
        page = await ask(dora, typed)
        assert (page.status, "Émilie" in page.words) == (200, False), typed


async def test_what_was_typed_stays_text_and_out_of_the_address(
    reception: Reception, state: CaseState
) -> None:
    evil = '"><script>alert(1)</script>'
    page = await ask(await reception.signed_in("dora", state), evil)
    assert "<script>" not in page.answered.text
    assert page.form("/search").fields["q"] == evil
    assert str(page.answered.url).endswith("/search")
