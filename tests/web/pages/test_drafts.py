"""What a person types is kept before he sends it: for him, on any device, and no longer than needed."""

import pytest
from sqlmodel import select

from models.actions import Acknowledge, Attempt, Reached
from models.case import CaseState
from models.tables import CaseRow, CustomerRow, KeyRow
from models.typed_tables import TypedRow
from tests.casework import MONDAY_MORNING
from tests.web.pages.browser import Browser
from tests.web.pages.reception import Reception

WORDS = "Elle préfère le soir, après 18 h."


@pytest.fixture
async def state(reception: Reception) -> CaseState:
    opened = await reception.casework.open()
    return await reception.casework.act(opened, Attempt(Reached.REACHED), MONDAY_MORNING)


@pytest.fixture
async def dora(reception: Reception, state: CaseState) -> Browser:
    return await reception.signed_in("dora", state)


async def keep(browser: Browser, state: CaseState, form: str, **written: str) -> int:
    """As the script does, which wants no page for an answer."""
    path = f"/cases/{state.case_id}/drafts/{form}"
    return (await browser.http.post(path, data=written, headers={"accept": "*/*"})).status_code


async def rows(reception: Reception) -> list[TypedRow]:
    async with reception.casework.database.read() as session:
        return list((await session.exec(select(TypedRow))).all())


async def forget_customer(reception: Reception, state: CaseState) -> None:
    async with reception.casework.database.write() as session:
        row = await session.get_one(CaseRow, state.case_id)
        customer = await session.get_one(CustomerRow, row.customer_id)
        await session.delete(await session.get_one(KeyRow, customer.key_id))


async def test_it_is_there_again_on_another_device(
    reception: Reception, dora: Browser, state: CaseState
) -> None:
    assert await keep(dora, state, "wrap_up", what=WORDS, cause="delay", key="k") == 204
    elsewhere = await reception.signed_in("dora", state)
    form = (await elsewhere.get(f"/cases/{state.case_id}")).form("/wrap-up")
    assert (form.fields["what"], form.fields["cause"]) == (WORDS, "delay")
    assert form.fields["key"] != "k"


async def test_nobody_else_finds_it(reception: Reception, dora: Browser, state: CaseState) -> None:
    await keep(dora, state, "wrap_up", what=WORDS)
    nora = await reception.signed_in("nora", state)
    assert WORDS not in (await nora.get(f"/cases/{state.case_id}")).answered.text


async def test_it_is_sealed_and_goes_with_the_customer(
    reception: Reception, dora: Browser, state: CaseState
) -> None:
    await keep(dora, state, "cause", words=WORDS)
    [row] = await rows(reception)
    assert WORDS.encode() not in row.words_sealed
    await forget_customer(reception, state)
    assert WORDS not in (await dora.get(f"/cases/{state.case_id}")).answered.text


async def test_an_emptied_form_leaves_nothing(
    reception: Reception, dora: Browser, state: CaseState
) -> None:
    await keep(dora, state, "cause", words=WORDS)
    await keep(dora, state, "cause", words=" ", key="k")
    assert await rows(reception) == []


async def test_it_is_gone_once_the_act_is_done(reception: Reception) -> None:
    opened = await reception.casework.open()
    dora = await reception.signed_in("dora", opened)
    form = (await dora.get(f"/cases/{opened.case_id}")).form("/acknowledge")
    await keep(dora, opened, "acknowledge", note=WORDS)
    await dora.send(form)
    await reception.apply_kept(opened, Acknowledge())
    await dora.send(form)
    assert await rows(reception) == []


async def test_a_button_does_it_without_a_script(dora: Browser, state: CaseState) -> None:
    page = await dora.get(f"/cases/{state.case_id}")
    draft = f"/cases/{state.case_id}/drafts/hand_over"
    assert f'formaction="{draft}"' in page.answered.text
    kept = await dora.post(draft, page.form("/hand-over").fields | {"reason": WORDS})
    assert kept.answered.headers["location"] == f"/cases/{state.case_id}#hand_over"


@pytest.mark.parametrize(
    ("form", "words", "status"),
    [
        ("diary", WORDS, 404),
        ("action_done-0", WORDS, 404),
        ("action_done-1", WORDS, 204),
        ("cause", "x" * 8001, 422),
        ("cause", "x" * 70_000, 413),
    ],
)
async def test_only_our_forms_and_no_novels(
    dora: Browser, state: CaseState, form: str, words: str, status: int
) -> None:
    assert await keep(dora, state, form, note=words) == status


async def test_who_may_not_act_types_nothing(
    reception: Reception, browser: Browser, state: CaseState
) -> None:
    assert await keep(browser, state, "cause", words=WORDS) == 401
    assert await rows(reception) == []
