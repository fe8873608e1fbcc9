"""The page of an action, the place of actions in the inbox, and what is done with them on the pages."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from models.absence import Absence
from models.actions import (
    AddAction,
    Attempt,
    Close,
    FinishAction,
    HandOver,
    NameCause,
    Outcome,
    PromiseKind,
    Reached,
)
from models.case import CaseState
from models.errors import WrongMove
from models.handling import AcceptAction, AskTime, ChangeAction, DropAction, RefuseAction
from models.money import Money
from models.store.absences import keep_absence
from models.store.organisations import apply_organisation
from models.store.views import find_case
from tests.casework import MONDAY_MORNING
from tests.models.store.test_figures import counted
from tests.web.machines.firm import staffed
from tests.web.pages.browser import Browser
from tests.web.pages.reception import SOON, WEEK, Reception
from web.permits import Wish, require_permitted

PHONE, SCORE = "+33639981234", "NPS 2"
THURSDAY = "2027-03-04"


@pytest.fixture
async def state(reception: Reception) -> CaseState:
    """Dora's case; Paul, a partner, has a repair on it."""
    casework = reception.casework
    await apply_organisation(casework.database, staffed(), name="x.yaml", at=MONDAY_MORNING)
    state = await casework.open()
    repair = AddAction("paul", MONDAY_MORNING + WEEK, PromiseKind.REPAIR)
    for act in (Attempt(Reached.REACHED), NameCause("delay"), repair):
        state = await casework.act(state, act, MONDAY_MORNING)
    return state


@pytest.fixture
async def paul(reception: Reception, state: CaseState) -> Browser:
    return await reception.signed_in("paul", state)


@pytest.fixture
async def dora(reception: Reception, state: CaseState) -> Browser:
    return await reception.signed_in("dora", state)


def page_of(state: CaseState) -> str:
    return f"/cases/{state.case_id}/actions/1"


async def test_who_has_an_action_finds_it_in_his_inbox_with_the_time_left(
    paul: Browser, state: CaseState
) -> None:
    inbox = await paul.get("/inbox")

    assert "Actions pour vous 1" in inbox.words
    assert "What was said." in inbox.words
    assert "jours ouvrés" in inbox.words
    assert page_of(state) in inbox.answered.text
    assert f"/cases/{state.case_id}/actions/1" in (await paul.get("/actions")).answered.text


async def test_a_long_list_takes_no_more_statements_than_a_short_one(
    reception: Reception, paul: Browser, state: CaseState
) -> None:
    async def statements() -> int:
        with counted(reception.app.state.house.database) as found:
            page = await paul.get("/actions")
        assert page.words.count("What was said.") == len(state.actions)
        return len(found)

    for_one = await statements()
    for _ in range(2):
        action = AddAction("paul", MONDAY_MORNING + WEEK)
        state = await reception.casework.act(state, action, MONDAY_MORNING)

    assert await statements() == for_one


async def test_he_reads_what_the_work_needs_and_nothing_else(
    paul: Browser, state: CaseState
) -> None:
    page = await paul.get(page_of(state))

    assert page.status == 200
    assert "Odile Kerverne" in page.words
    assert PHONE in page.answered.text
    assert "North · Works · Keys" in page.words
    assert "What was said." in page.words
    assert not any(inner in page.words for inner in (SCORE, "Nobody calls back", "Retard"))
    assert (await paul.get(f"/cases/{state.case_id}")).status == 403


async def test_once_nothing_is_to_be_done_the_customer_is_gone_from_the_page(
    reception: Reception, paul: Browser, state: CaseState
) -> None:
    await reception.casework.act(state, DropAction(1, agreed=True), MONDAY_MORNING)

    page = await paul.get(page_of(state))

    assert "Odile" not in page.words
    assert PHONE not in page.answered.text
    assert "abandonné" in page.words


async def test_who_stands_in_for_him_finds_his_action_opens_it_and_may_finish_it(
    reception: Reception, state: CaseState, paul: Browser
) -> None:
    casework, week = reception.casework, timedelta(days=7)
    absence = Absence("away", "paul", MONDAY_MORNING, MONDAY_MORNING + week, "nora")
    async with casework.database.write() as session:
        keep_absence(session, absence, by="paul", key="away", at=MONDAY_MORNING)
    handed = await casework.act(state, ChangeAction(1, SOON + WEEK), MONDAY_MORNING)

    nora = await reception.signed_in("nora", handed)
    assert page_of(state) in (await nora.get("/inbox")).answered.text
    assert "/done" in (await nora.get(page_of(state))).answered.text
    assert (await paul.get(page_of(state))).status == 200
    told = {(m.message, m.person) for m in (await casework.view(state.case_id)).messages}
    assert ("action_moved", "nora") in told
    assert ("action_moved", "paul") not in told


async def test_the_owner_of_the_case_is_told_who_stands_in_for_who_has_its_action(
    reception: Reception, state: CaseState, dora: Browser
) -> None:
    said = "n’est pas là : Nora National s’en charge en attendant."
    pages = f"/cases/{state.case_id}", page_of(state)
    before = [(await dora.get(page)).words for page in pages]
    absence = Absence("away", "paul", MONDAY_MORNING, MONDAY_MORNING + WEEK, "nora")
    async with reception.casework.database.write() as session:
        keep_absence(session, absence, by="paul", key="away", at=MONDAY_MORNING)

    assert [said in (await dora.get(page)).words for page in pages] == [True, True]
    assert not [words for words in before if said in words]


async def test_another_action_of_the_case_is_none_of_his_business(
    reception: Reception, paul: Browser, state: CaseState
) -> None:
    await reception.casework.act(state, AddAction("dora", MONDAY_MORNING + WEEK), MONDAY_MORNING)
    assert (await paul.get(f"/cases/{state.case_id}/actions/2")).status == 403


async def test_the_ways_out_of_the_page_are_made_for_a_thumb(
    reception: Reception, state: CaseState
) -> None:
    nora = await reception.signed_in("nora", state)
    page = (await nora.get(page_of(state))).answered.text
    sheets = [(await nora.http.get(to)).text for to in re.findall(r"/static/\w+\.css", page)]

    for way in ("back", "more"):
        assert f'class="{way}"' in page
        assert re.search(rf"\.{way}\b[^}}]*min-height: 44px", "".join(sheets)), way


async def test_it_is_done_in_one_form_and_leads_back_to_its_page(
    reception: Reception, paul: Browser, state: CaseState
) -> None:
    form = (await paul.get(page_of(state))).form("/done")

    away = await paul.send(form, note="Tout est sec.", cost="1 250,50")

    assert away.status == 503
    assert "pas encore appliqué" in away.words
    assert away.form("/done").fields["note"] == "Tout est sec."
    await reception.apply_kept(state, FinishAction(1, cost=Money(125050, "EUR")))
    done = await paul.send(form, note="Tout est sec.", cost="1 250,50")
    assert done.answered.headers["location"] == page_of(state)
    assert "regarde si c’est bon" in (await paul.get(page_of(state))).words


async def test_an_amount_in_another_languages_way_is_refused_with_an_example(
    paul: Browser, state: CaseState
) -> None:
    form = (await paul.get(page_of(state))).form("/done")

    refused = await paul.send(form, cost="1,250.50")

    assert refused.status == 422
    assert "1 250,50" in refused.words
    assert refused.form("/done").fields["cost"] == "1,250.50"


async def test_he_says_that_he_cannot_keep_the_date_and_the_case_shows_it(
    reception: Reception, paul: Browser, dora: Browser, state: CaseState
) -> None:
    form = (await paul.get(page_of(state))).form("/time")
    assert (await paul.send(form, reason="Une pièce manque.")).status == 422

    await paul.send(form, reason="Une pièce manque.", due="2027-03-12")
    await reception.apply_kept(state, AskTime(1, SOON + 2 * WEEK))

    case = await dora.get(f"/cases/{state.case_id}")
    assert "Paul Partner demande le lundi 15 mars." in case.words
    assert "Une pièce manque." in case.words


async def offered(reception: Reception, state: CaseState) -> CaseState:
    return await reception.casework.act(state, FinishAction(1), SOON, by="paul")


async def test_the_owner_of_the_case_accepts_with_one_tap(
    reception: Reception, dora: Browser, state: CaseState
) -> None:
    done = await offered(reception, state)
    case = await dora.get(f"/cases/{state.case_id}")
    assert "Acceptez la réparation, ou renvoyez-la, avant" in case.words

    await dora.send(case.form("/accept"))
    await reception.apply_kept(done, AcceptAction(1))

    assert "le client doit dire" in (await dora.get(f"/cases/{state.case_id}")).words.lower()


async def test_who_did_it_does_not_accept_it_though_the_case_is_his_by_now(
    reception: Reception, state: CaseState
) -> None:
    casework = reception.casework
    denis = AddAction("denis", MONDAY_MORNING + WEEK)
    planned = await casework.act(state, denis, MONDAY_MORNING)
    done = await casework.act(planned, FinishAction(2), SOON, by="denis")
    handed = await casework.act(done, HandOver("denis"), SOON, by="dora")
    page = await (await reception.signed_in("denis", handed)).get(f"/cases/{state.case_id}")
    assert "/actions/2/accept" not in page.answered.text
    assert "Somebody else than who did it" in page.words

    wish = Wish(state.case_id, "denis", "key", AcceptAction(2), "")
    async with casework.database.read() as session:
        row = await find_case(session, state.case_id)
        versions = await casework.book.versions(session, pinned=row.version, at=SOON)
    with pytest.raises(WrongMove) as refused:
        require_permitted(wish, row, versions, now=SOON)

    assert refused.value.rule == "own_work"
    require_permitted(replace(wish, actor="nora"), row, versions, now=SOON)


async def test_or_sends_it_back_with_a_reason_and_a_date_that_he_reads(
    reception: Reception, dora: Browser, paul: Browser, state: CaseState
) -> None:
    done = await offered(reception, state)
    form = (await dora.get(f"/cases/{state.case_id}")).form("/refuse")
    unsaid = await dora.send(form, due=THURSDAY)
    assert "Dites pourquoi." in unsaid.words

    await dora.send(form, reason="Cela goutte encore.", due=THURSDAY)
    await reception.apply_kept(done, RefuseAction(1, SOON + timedelta(days=3)))

    page = await paul.get(page_of(state))
    assert "Cela goutte encore." in page.words
    assert "Est-ce fait\u00a0?" in page.words


async def test_on_the_card_the_owner_reads_that_a_repair_waits_for_him(
    reception: Reception, dora: Browser, state: CaseState
) -> None:
    await offered(reception, state)
    assert "Acceptez la réparation, ou renvoyez-la" in (await dora.get("/inbox")).words


CHANGES: dict[str, tuple[dict[str, str], ChangeAction | DropAction]] = {
    "/change": ({"owner": "nora", "reason": "Mieux placée."}, ChangeAction(1, owner="nora")),
    "/drop": ({"agreed": "yes", "reason": "Plus utile."}, DropAction(1, agreed=True)),
}


@pytest.mark.parametrize("door", CHANGES)
async def test_an_action_is_changed_and_dropped_on_the_page_of_its_case(
    reception: Reception, dora: Browser, state: CaseState, door: str
) -> None:
    written, act = CHANGES[door]
    form = (await dora.get(f"/cases/{state.case_id}")).form(door)

    assert (await dora.send(form, **written)).status == 503
    await reception.apply_kept(state, act)

    done = await dora.send(form, **written)
    assert done.answered.headers["location"] == f"/cases/{state.case_id}"


async def test_the_cost_of_a_case_is_the_sum_of_what_was_not_dropped(
    reception: Reception, dora: Browser, state: CaseState
) -> None:
    casework, due = reception.casework, MONDAY_MORNING + WEEK
    for cents in (100000, 25050, 99):
        planned = AddAction("paul", due, cost=Money(cents, "EUR"))
        state = await casework.act(state, planned, MONDAY_MORNING)
    await casework.act(state, DropAction(4), MONDAY_MORNING)

    words = (await dora.get(f"/cases/{state.case_id}")).words

    assert "Coût\u00a0: 250,50\u00a0€" in words
    assert "Coût de l’ensemble\u00a0: 1\u00a0250,50\u00a0€" in words


async def test_the_customer_reads_that_it_is_being_looked_at_and_what_is_no_longer_planned(
    reception: Reception, state: CaseState
) -> None:
    done = await offered(reception, state)
    customer = Browser(reception.app)
    assert "nous vérifions" in (await customer.get(await reception.link(done, None))).words

    refused = RefuseAction(1, SOON + WEEK)
    back = await reception.casework.act(done, refused, SOON)
    dropped = await reception.casework.act(back, DropAction(1), SOON)
    assert "n’est plus prévu" in (await customer.get(await reception.link(dropped, None))).words


async def test_what_a_closing_leaves_undone_is_no_longer_planned_on_every_page(
    reception: Reception, paul: Browser, state: CaseState
) -> None:
    closed = await reception.casework.act(state, Close(Outcome.DECLINED), SOON)

    customer = await Browser(reception.app).get(await reception.link(closed, None))
    assert "n’est plus prévu" in customer.words
    work = await paul.get(page_of(state))
    assert "abandonné" in work.words
    assert "À faire" not in work.words


async def test_to_who_asked_not_to_be_called_a_call_is_neither_offered_nor_promised(
    reception: Reception, dora: Browser, state: CaseState
) -> None:
    page = f"/cases/{state.case_id}"
    assert 'value="call"' in (await dora.get(page)).answered.text
    refused = Attempt(Reached.REFUSED)
    await reception.casework.act(state, refused, MONDAY_MORNING)

    assert 'value="call"' not in (await dora.get(page)).answered.text


async def test_what_he_types_is_kept_as_everybodys(paul: Browser, state: CaseState) -> None:
    page = await paul.get(page_of(state))
    drafts = f"/cases/{state.case_id}/drafts"

    kept = await paul.post(f"{drafts}/action_done-1", page.form("/done").fields | {"note": "Sec."})

    assert kept.answered.headers["location"] == f"{page_of(state)}#action_done-1"
    assert (await paul.get(page_of(state))).form("/done").fields["note"] == "Sec."
    assert (await paul.post(f"{drafts}/attempt", {"note": "x"})).status == 403
