"""The links in messages: one lets a colleague in, the other asks the customer."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from models.actions import (
    Act,
    AddAction,
    Attempt,
    CallMe,
    Close,
    Confirm,
    Contact,
    FinishAction,
    NameCause,
    Outcome,
    PromiseKind,
    Reached,
)
from models.case import CaseState
from models.survey import SurveyResponse
from tests.casework import MONDAY_MORNING, UNHAPPY
from tests.web.pages.browser import Browser
from tests.web.pages.reception import WEEK, Reception, confirming, promised

HOUR = timedelta(hours=1)
PERSONAL = ("Odile", "odile@client.example", "+33639981234", "Nobody calls back.")


async def test_looking_at_a_link_spends_nothing(reception: Reception, browser: Browser) -> None:
    link = await reception.link(await reception.casework.open(), "dora")
    page = await browser.get(link)
    assert (page.status, await reception.spent_links()) == (200, 0)
    assert "Dora Director" in page.words


async def test_a_customer_of_another_language_reads_the_page_in_that_of_his_message(
    reception: Reception, browser: Browser
) -> None:
    """The first of the organisation's, whatever his browser asks for."""
    state = await reception.casework.open(replace(UNHAPPY, language="de"))
    page = await browser.get(await reception.link(state, None))
    assert page.answered.headers["content-language"] == "fr"


async def test_the_button_opens_the_case(reception: Reception, browser: Browser) -> None:
    state = await reception.casework.open()
    link = await reception.link(state, "dora")
    opened = await browser.post(link)
    assert (opened.status, opened.answered.headers["location"]) == (303, f"/cases/{state.case_id}")
    assert (await browser.get(f"/cases/{state.case_id}")).status == 200


async def test_a_stolen_look_at_the_cookie_is_hard(reception: Reception, browser: Browser) -> None:
    link = await reception.link(await reception.casework.open(), "dora")
    cookie = (await browser.post(link)).answered.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie, "this machine has no HTTPS"


async def test_over_https_the_cookie_never_travels_in_clear(
    public_reception: Reception, far_browser: Browser
) -> None:
    link = await public_reception.link(await public_reception.casework.open(), "dora")
    assert "Secure" in (await far_browser.post(link)).answered.headers["set-cookie"]


async def test_a_link_opens_once(reception: Reception, browser: Browser) -> None:
    link = await reception.link(await reception.casework.open(), "dora")
    await browser.post(link)
    again = await Browser(reception.app).post(link)
    assert again.status == 410
    assert "newest message" in again.words


async def test_a_link_goes_out_of_date(reception: Reception, browser: Browser) -> None:
    link = await reception.link(await reception.casework.open(), "dora")
    reception.clock.now += WEEK
    assert (await browser.get(link)).status == 410
    assert (await browser.post(link)).status == 410


async def test_who_is_signed_in_walks_through(reception: Reception) -> None:
    state = await reception.casework.open()
    browser = await reception.signed_in("dora", state)
    page = await browser.get(await reception.link(state, "dora"))
    assert (page.status, page.answered.headers["location"]) == (303, f"/cases/{state.case_id}")
    assert await reception.spent_links() == 1


async def test_who_is_signed_in_may_tap_an_old_message_again(
    reception: Reception, browser: Browser
) -> None:
    state = await reception.casework.open()
    link = await reception.link(state, "dora")
    await browser.post(link)
    again = await browser.get(link)
    assert (again.status, again.answered.headers["location"]) == (303, f"/cases/{state.case_id}")


async def test_somebody_elses_link_asks_for_the_button(reception: Reception) -> None:
    state = await reception.casework.open()
    browser = await reception.signed_in("dora", state)
    assert (await browser.get(await reception.link(state, "nora"))).status == 200


async def test_an_invented_cookie_is_refused(reception: Reception) -> None:
    state = await reception.casework.open()
    browser = await reception.signed_in("dora", state)
    token, _, _ = browser.http.cookies["rappel_session"].partition(".")
    forger = Browser(reception.app, cookie=f"rappel_session={token}.{'0' * 64}")
    assert (await forger.get(f"/cases/{state.case_id}")).status == 401


async def test_a_session_ends(reception: Reception) -> None:
    state = await reception.casework.open()
    browser = await reception.signed_in("dora", state)
    reception.clock.now += 5 * WEEK
    assert (await browser.get(f"/cases/{state.case_id}")).status == 401


async def test_a_door_takes_its_own_links_only(reception: Reception, browser: Browser) -> None:
    state = await confirming(reception.casework)
    colleagues, customers = await reception.link(state, "dora"), await reception.link(state, None)
    assert (await browser.get(colleagues.replace("/l/", "/c/"))).status == 410
    assert (await browser.post(customers.replace("/c/", "/l/"))).status == 410
    assert await reception.spent_links() == 0


async def test_the_customer_is_asked_in_his_language(
    reception: Reception, browser: Browser
) -> None:
    page = await browser.get(await reception.link(await confirming(reception.casework), None))
    assert 'lang="fr"' in page.answered.text
    assert "Est-ce résolu" in page.words


async def test_the_customers_page_tells_nothing_about_him(
    reception: Reception, browser: Browser
) -> None:
    page = await browser.get(await reception.link(await confirming(reception.casework), None))
    assert not [secret for secret in PERSONAL if secret in page.answered.text]


async def test_an_answer_that_is_only_kept_can_be_sent_again(
    reception: Reception, browser: Browser
) -> None:
    link = await reception.link(await confirming(reception.casework), None)
    page = await browser.post(link, {"answer": "no", "note": "Still leaking."})
    assert (page.status, page.form().fields["note"]) == (503, "Still leaking.")
    assert await reception.spent_links() == 0


async def test_an_answer_that_counts_spends_the_link(
    reception: Reception, browser: Browser
) -> None:
    state = await confirming(reception.casework)
    link, answer = await reception.link(state, None), {"answer": "yes", "note": ""}
    await browser.post(link, answer)
    await reception.apply_kept(state, Confirm(solved=True))
    page = await browser.post(link, answer)
    assert (page.status, await reception.spent_links()) == (200, 1)
    assert "Merci" in page.words


@pytest.mark.parametrize(
    ("answer", "act", "next_step"),
    [("no", Confirm(solved=False), "monte"), ("call_me", CallMe(), "souhaitez en parler")],
)
async def test_beside_yes_stand_a_no_and_a_call_and_each_says_what_follows(
    reception: Reception, browser: Browser, answer: str, act: Act, next_step: str
) -> None:
    state = await confirming(reception.casework)
    link = await reception.link(state, None)
    assert f'value="{answer}"' in (await browser.get(link)).answered.text
    await browser.post(link, {"answer": answer})
    await reception.apply_kept(state, act)
    page = await browser.post(link, {"answer": answer})
    assert (page.status, await reception.spent_links()) == (200, 1)
    assert next_step in page.words


async def test_who_asked_not_to_be_called_is_told_what_will_happen_instead(
    reception: Reception, browser: Browser
) -> None:
    state = await reception.casework.open()
    for act in (
        Attempt(Reached.REFUSED),
        Attempt(Reached.REACHED, Contact.MEETING),
        NameCause("delay"),
        AddAction("dora", MONDAY_MORNING + WEEK),
        FinishAction(1),
    ):
        state = await reception.casework.act(state, act, MONDAY_MORNING)
    link, no = await reception.link(state, None), {"answer": "no"}
    asked = await browser.get(link)
    await browser.post(link, no)
    await reception.apply_kept(state, Confirm(solved=False))
    thanked = await browser.post(link, no)

    assert ["nous vous appellerons" in page.words for page in (asked, thanked)] == [False, False]
    assert ["on vous écrira" in page.words for page in (asked, thanked)] == [True, True]


async def test_behind_his_link_the_customer_sees_what_he_was_promised_and_whether_it_was_kept(
    reception: Reception, browser: Browser
) -> None:
    state = await promised(reception.casework)
    call = AddAction("denis", MONDAY_MORNING + HOUR, PromiseKind.CALL)
    state = await reception.casework.act(state, call, MONDAY_MORNING)
    link = await reception.link(state, None)
    before = await browser.get(link)
    reception.clock.now = MONDAY_MORNING + 2 * HOUR
    late = await browser.get(link)
    await reception.casework.act(state, FinishAction(2), MONDAY_MORNING + HOUR)
    kept = await browser.get(link)

    assert "Un appel · What was said." in before.words
    assert "Denis Deputy\u00a0: au plus tard lundi 1 mars à 11h00" in before.words
    assert "pas encore fait" in late.words
    assert "tenu lundi" in kept.words
    assert "Dora" not in kept.words, "an action of ours is nothing to him"


async def test_an_unclear_answer_is_asked_again(reception: Reception, browser: Browser) -> None:
    link = await reception.link(await confirming(reception.casework), None)
    page = await browser.post(link, {"answer": "perhaps"})
    assert page.status == 422
    assert "l’une des réponses" in page.words


async def test_nobody_is_asked_before_there_is_something_to_confirm(
    reception: Reception, browser: Browser
) -> None:
    link = await reception.link(await reception.casework.open(UNHAPPY), None)
    page = await browser.get(link)
    assert (page.status, page.forms) == (200, {})
    assert "plus de question" in page.words


async def tried_in_vain(reception: Reception, response: SurveyResponse = UNHAPPY) -> CaseState:
    """After it the customer was written to."""
    state = await reception.casework.open(response)
    state = replace(state, reach=replace(state.reach, write_after=(1,)))
    return await reception.casework.act(state, Attempt(Reached.NO_ANSWER), MONDAY_MORNING)


async def test_who_was_not_reached_says_when_to_call_him(
    reception: Reception, browser: Browser
) -> None:
    state = await tried_in_vain(reception)
    link, thursday = await reception.link(state, None), {"again_at": "2027-03-04T21:00"}
    assert "Quand pouvons-nous vous appeler" in (await browser.get(link)).words
    await browser.post(link, thursday)
    at = datetime.fromisoformat("2027-03-04T21:00+01:00")
    act = Attempt(Reached.LATER, Contact.WRITTEN, again_at=at)
    await reception.apply_kept(state, act)
    page = await browser.post(link, thursday)
    named = await reception.casework.state(state.case_id)
    assert (page.status, await reception.spent_links()) == (200, 1)
    assert "à l’heure que vous avez choisie" in page.words
    assert (named.again_at, named.attempts, named.before) == (at, 1, None)


async def test_the_time_that_he_says_is_meant_on_his_own_clock(
    reception: Reception, browser: Browser
) -> None:
    overseas = replace(UNHAPPY, customer=replace(UNHAPPY.customer, phone="+262692123456"))
    state = await tried_in_vain(reception, overseas)
    link = await reception.link(state, None)
    assert "À l’heure de : La Réunion" in (await browser.get(link)).words
    passed = await browser.post(link, {"again_at": "2027-03-01T12:00"})
    to_come = await browser.post(link, {"again_at": "2027-03-01T13:30"})
    assert (passed.status, to_come.status) == (422, 503)


@pytest.mark.parametrize("written", ["", "soon", "2027-02-28T10:00"])
async def test_a_time_that_cannot_be_is_asked_again(
    reception: Reception, browser: Browser, written: str
) -> None:
    link = await reception.link(await tried_in_vain(reception), None)
    page = await browser.post(link, {"again_at": written, "note": "After work."})
    assert page.status == 422
    assert page.form().fields["note"] == "After work."
    assert not await reception.kept()


async def test_who_could_not_be_reached_is_asked_nothing_more(
    reception: Reception, browser: Browser
) -> None:
    state = await tried_in_vain(reception)
    tuesday, wednesday = (MONDAY_MORNING + timedelta(days=days) for days in (1, 2))
    state = await reception.casework.act(state, Attempt(Reached.BUSY), tuesday)
    state = await reception.casework.act(state, Attempt(Reached.BUSY), wednesday)
    state = await reception.casework.act(state, Close(Outcome.UNREACHABLE), wednesday)
    page = await browser.get(await reception.link(state, None))
    assert (page.status, page.forms) == (200, {})
    assert "Nous n’avons pas pu vous joindre" in page.words
