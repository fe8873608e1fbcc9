"""Two people who share a case, as its owner meets them: in the inbox, on the call round, on its page."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.actions import Attempt, Contact, Reached
from models.case import CaseState
from models.store.organisations import apply_organisation
from models.survey import Identity
from tests.casework import MONDAY_MORNING, SMALL, UNHAPPY, Casework, another
from tests.web.pages.reception import Reception

SOON = MONDAY_MORNING + timedelta(minutes=1)
HERVE = Identity("c-2", "Hervé Kerverne", "herve@client.example", "+33639985678")
NUMBERS = ("tel:+33639981234", "tel:+33639985678")


@pytest.fixture
async def shared(reception: Reception) -> CaseState:
    casework = reception.casework
    text = SMALL.read_text() + "\ncustomers: {case_key: contract}\n"
    await apply_organisation(casework.database, text, name=SMALL.name, at=MONDAY_MORNING)
    state = await casework.open(replace(UNHAPPY, contract="K 12-7"))
    await casework.hear(another("r-2", customer=HERVE, contract="K 12-7", submitted_at=SOON))
    return await casework.listen(state, SOON)


async def whom(casework: Casework) -> str:
    return (await casework.response("r-2")).customer_id


@pytest.mark.parametrize("path", ["/inbox", "/round?start=1"])
async def test_each_is_shown_with_his_own_number(
    reception: Reception, shared: CaseState, path: str
) -> None:
    page = await (await reception.signed_in("dora", shared)).get(path)

    assert "Hervé Kerverne" in page.words
    assert [number for number in NUMBERS if number in page.answered.text] == [*NUMBERS]


async def test_who_asked_not_to_be_called_has_no_number_to_tap(
    reception: Reception, shared: CaseState
) -> None:
    refused = Attempt(Reached.REFUSED, whom=await whom(reception.casework))
    await reception.casework.act(shared, refused, SOON)
    page = await (await reception.signed_in("dora", shared)).get("/inbox")

    assert [number for number in NUMBERS if number in page.answered.text] == [NUMBERS[0]]


async def test_the_sheet_asks_who_it_was(reception: Reception, shared: CaseState) -> None:
    browser = await reception.signed_in("dora", shared)
    page = await browser.get(f"/cases/{shared.case_id}")
    his = await whom(reception.casework)
    await browser.send(page.form("/attempts"), outcome="reached", whom=his)
    await reception.apply_kept(shared, Attempt(Reached.REACHED, whom=his))

    assert (await reception.casework.state(shared.case_id)).reach.whom == his


async def test_nobody_else_can_be_named(reception: Reception, shared: CaseState) -> None:
    browser = await reception.signed_in("dora", shared)
    page = await browser.get(f"/cases/{shared.case_id}")
    answer = await browser.send(page.form("/attempts"), outcome="reached", whom="somebody")

    assert answer.status == 422
    assert await reception.kept() == []


async def test_a_call_that_he_does_not_want_is_refused(
    reception: Reception, shared: CaseState
) -> None:
    his = await whom(reception.casework)
    refused = Attempt(Reached.REFUSED, Contact.WRITTEN, whom=his)
    state = await reception.casework.act(shared, refused, SOON)
    browser = await reception.signed_in("dora", state)
    page = await browser.get(f"/cases/{state.case_id}")
    answer = await browser.send(page.form("/attempts"), outcome="no_answer", whom=his)

    assert answer.status == 409
    assert await reception.kept() == []
