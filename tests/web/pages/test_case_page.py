"""What stands on the page of a case, and for whom."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.actions import Attempt, Reached, TakeBack
from models.case import HeardAgain
from models.store.organisations import apply_organisation
from models.survey import Identity
from tests.casework import MONDAY_MORNING, SMALL, UNHAPPY
from tests.web.pages.browser import Browser
from tests.web.pages.reception import WEEK, Reception, confirming, promised

HOUR = timedelta(hours=1)
PERSONAL = ("Odile", "odile@client.example", "639981234", "Nobody calls back.", "B 204")
MORE_PEOPLE = """\
  - {id: eva, name: Eva Executive, role: executive, language: en, email: eva@small.example}
  - {id: paul, name: Paul Partner, role: partner, language: en, email: paul@small.example}
routing:
"""


@pytest.fixture
async def larger(reception: Reception) -> Reception:
    """The organisation has an executive and a partner too."""
    text = SMALL.read_text().replace("routing:\n", MORE_PEOPLE)
    database = reception.casework.database
    await apply_organisation(database, text, name=SMALL.name, at=MONDAY_MORNING)
    return reception


async def test_the_director_finds_all_he_needs_for_the_call(reception: Reception) -> None:
    state = await reception.casework.open(replace(UNHAPPY, facts={"flat": "B 204"}))
    browser = await reception.signed_in("dora", state)
    page = await browser.get(f"/cases/{state.case_id}")
    assert 'href="tel:+33639981234"' in page.answered.text
    assert 'href="mailto:odile@client.example"' in page.answered.text
    for said in ("Odile Kerverne", "Nobody calls back.", "NPS 2", "flat B 204", "North · Works"):
        assert said in page.words


async def test_it_says_in_words_what_is_awaited_and_until_when(reception: Reception) -> None:
    state = await reception.casework.open()
    browser = await reception.signed_in("dora", state)
    page = await browser.get(f"/cases/{state.case_id}")
    assert "Prenez ce dossier avant le lundi 1 mars à 10h30" in page.words
    assert "Ce dossier est chez vous." in page.words


async def test_it_says_how_long_is_left_and_who_comes_next(reception: Reception) -> None:
    state = await reception.casework.open()
    browser = await reception.signed_in("denis", state)
    page = await browser.get(f"/cases/{state.case_id}")
    assert "in 25 minutes · in 25 working minutes" in page.words
    assert "If nobody acts, the case moves up to Denis Deputy." in page.words


async def test_each_fact_has_the_age_of_its_newest_answer(reception: Reception) -> None:
    first = replace(UNHAPPY, facts={"flat": "B 204", "floor": "2"})
    state = await reception.casework.open(replace(first, submitted_at=MONDAY_MORNING - WEEK))
    await reception.casework.hear(replace(first, response_id="r-2", facts={"floor": "2"}))
    browser = await reception.signed_in("denis", state)
    page = await browser.get(f"/cases/{state.case_id}")
    assert "flat B 204 7 days ago" in page.words
    assert "floor 2 5 minutes ago" in page.words


async def test_each_way_to_reach_him_has_the_age_of_the_answer_that_told_it(
    reception: Reception,
) -> None:
    first = replace(UNHAPPY, submitted_at=MONDAY_MORNING - WEEK)
    state = await reception.casework.open(first)
    moved = Identity("c-1", phone="+33639985678")
    await reception.casework.hear(replace(UNHAPPY, response_id="r-2", customer=moved))
    browser = await reception.signed_in("denis", state)
    page = await browser.get(f"/cases/{state.case_id}")
    assert "98\u00a056\u00a078 5 minutes ago" in page.words
    assert "odile@client.example 7 days ago" in page.words


async def test_what_was_just_recorded_can_be_taken_back_by_who_did_it(
    reception: Reception,
) -> None:
    opened = await reception.casework.open()
    state = await reception.casework.act(opened, Attempt(Reached.VOICEMAIL), MONDAY_MORNING)
    dora = await reception.signed_in("dora", state)
    denis = await reception.signed_in("denis", state)
    mine, his = [await each.get(f"/cases/{state.case_id}") for each in (dora, denis)]
    assert "Noté\u00a0: Message vocal" in mine.words
    assert mine.form("/take-back").fields.keys() == {"key", "seq"}
    assert not [action for action in his.forms if action.endswith("/take-back")]


async def test_who_does_not_want_to_talk_is_let_go_in_one_tap(reception: Reception) -> None:
    opened = await reception.casework.open()
    state = await reception.casework.act(opened, Attempt(Reached.REFUSED), MONDAY_MORNING)
    await reception.casework.stay_silent(state)
    browser = await reception.signed_in("dora", state)
    page = await browser.get(f"/cases/{state.case_id}")
    offered = [action.rpartition("/")[2] for action in page.forms]
    assert offered == ["close", "attempts", "hand-over", "pause"]
    assert page.form("/close").fields["outcome"] == "declined"
    assert "Fermez le dossier avant le" in page.words
    assert "Dernier essai\u00a0: Ne veut plus d’appel." in page.words
    assert 'href="tel:' not in page.answered.text


async def test_an_attempt_before_his_latest_words_says_nothing_of_them(
    reception: Reception,
) -> None:
    opened = await reception.casework.open()
    state = await reception.casework.act(opened, Attempt(Reached.WRONG_NUMBER), MONDAY_MORNING)
    browser = await reception.signed_in("denis", state)
    before = await browser.get(f"/cases/{state.case_id}")
    taken = await reception.casework.hear(replace(UNHAPPY, response_id="r-2"))
    heard = HeardAgain(taken.response_id, 1, MONDAY_MORNING, MONDAY_MORNING)
    await reception.casework.take(state, heard)
    after = await browser.get(f"/cases/{state.case_id}")
    assert ["Last attempt" in page.words for page in (before, after)] == [True, False]


async def test_what_is_of_another_year_says_so(reception: Reception) -> None:
    state = await reception.casework.open()
    reception.clock.now += 52 * WEEK
    browser = await reception.signed_in("denis", state)
    page = await browser.get(f"/cases/{state.case_id}")
    assert "Monday 1 March 2027, 10:00 (" in page.words


async def test_what_turns_letters_round_turns_nothing_else(reception: Reception) -> None:
    name, words, flat = "\u202eelidO", "\u202e!pleH", "\u202eB 204"
    odd = replace(UNHAPPY.customer, name=name)
    answer = replace(UNHAPPY, customer=odd, comment=words, region=flat, facts={flat: flat})
    state = await reception.casework.open(answer)
    browser = await reception.signed_in("nora", state)
    pages = [await browser.get(path) for path in (f"/cases/{state.case_id}", "/inbox")]
    for html in (page.answered.text for page in pages):
        assert html.count("\u202e") == html.count("<bdi>\u202e") > 1


async def test_what_was_taken_back_stays_in_sight(reception: Reception) -> None:
    opened = await reception.casework.open()
    state = await reception.casework.act(opened, Attempt(Reached.VOICEMAIL), MONDAY_MORNING)
    await reception.casework.act(state, TakeBack(), MONDAY_MORNING)
    browser = await reception.signed_in("denis", state)
    page = await browser.get(f"/cases/{state.case_id}")
    assert "(by phone, attempt 1). (taken back)" in page.words


async def test_after_a_talk_one_form_is_enough(reception: Reception) -> None:
    opened = await reception.casework.open()
    await reception.casework.act(opened, Attempt(Reached.REACHED), MONDAY_MORNING)
    browser = await reception.signed_in("dora", opened)
    page = await browser.get(f"/cases/{opened.case_id}")
    offered = [action.rpartition("/")[2] for action in page.forms]
    assert offered == [
        "take-back",
        "wrap-up",
        "cause",
        "attempts",
        "actions",
        "hand-over",
        "close",
        "pause",
    ]


async def test_each_reader_reads_in_his_own_language(reception: Reception) -> None:
    state = await reception.casework.open()
    browser = await reception.signed_in("denis", state)
    page = await browser.get(f"/cases/{state.case_id}")
    assert "Take this case before Monday 1 March, 10:30" in page.words
    assert "The case is with Dora Director." in page.words


async def test_times_are_those_of_the_region(reception: Reception) -> None:
    state = await reception.casework.open(replace(UNHAPPY, region="south"))
    browser = await reception.signed_in("nora", state)
    page = await browser.get(f"/cases/{state.case_id}")
    assert "avant le lundi 1 mars à 09h30" in page.words


async def test_what_the_customer_wrote_stays_text(reception: Reception) -> None:
    state = await reception.casework.open(replace(UNHAPPY, comment="<script>alert(1)</script>"))
    browser = await reception.signed_in("dora", state)
    page = await browser.get(f"/cases/{state.case_id}")
    assert "<script>alert" not in page.answered.text
    assert "<script>alert(1)</script>" in page.words


async def test_without_an_address_it_says_so(reception: Reception) -> None:
    unreached = replace(UNHAPPY, customer=Identity("file-7", "Odile Kerverne"))
    state = await reception.casework.open(unreached)
    browser = await reception.signed_in("dora", state)
    page = await browser.get(f"/cases/{state.case_id}")
    assert "tel:" not in page.answered.text
    assert "c’est le client file-7" in page.words


async def test_the_timeline_tells_what_was_typed(reception: Reception) -> None:
    state = await reception.casework.open()
    await reception.casework.act(state, Attempt(Reached.VOICEMAIL), MONDAY_MORNING)
    browser = await reception.signed_in("denis", state)
    page = await browser.get(f"/cases/{state.case_id}")
    assert "Dora Director left a voicemail (by phone, attempt 1). …" in page.words


async def test_only_what_is_possible_now_is_offered(reception: Reception) -> None:
    state = await confirming(reception.casework)
    browser = await reception.signed_in("dora", state)
    page = await browser.get(f"/cases/{state.case_id}")
    offered = [action.rpartition("/")[2] for action in page.forms]
    assert offered == ["confirmation", "cause", "actions", "hand-over", "close"]


async def test_a_case_that_is_being_opened_can_be_looked_at(reception: Reception) -> None:
    opened = await reception.casework.open()
    browser = await reception.signed_in("nora", opened)
    other = replace(UNHAPPY, response_id="r-2", customer=Identity("c-2", "Somebody Else"))
    taken = await reception.casework.hear(other)
    page = await browser.get(f"/cases/{taken.case_id}")
    offered = [action.rpartition("/")[2] for action in page.forms]
    assert (page.status, offered) == (200, ["same-person"])


async def test_nobody_reads_a_case_without_a_session(
    reception: Reception, browser: Browser
) -> None:
    state = await reception.casework.open()
    page = await browser.get(f"/cases/{state.case_id}")
    assert page.status == 401
    assert "newest message" in page.words


async def test_a_partner_reads_no_case_of_others(larger: Reception) -> None:
    state = await larger.casework.open()
    browser = await larger.signed_in("paul", state)
    page = await browser.get(f"/cases/{state.case_id}")
    assert page.status == 403
    assert not [secret for secret in PERSONAL if secret in page.answered.text]


async def test_a_partner_acts_on_no_case_of_others(larger: Reception) -> None:
    state = await larger.casework.open()
    browser = await larger.signed_in("paul", state)
    assert (await browser.post(f"/cases/{state.case_id}/acknowledge")).status == 403
    assert (await browser.post(f"/cases/{state.case_id}/cause")).status == 403
    assert await larger.kept() == []


async def test_an_executive_sees_the_case_without_the_customer(larger: Reception) -> None:
    state = await larger.casework.open(replace(UNHAPPY, facts={"flat": "B 204"}))
    await larger.casework.act(state, Attempt(Reached.VOICEMAIL), MONDAY_MORNING)
    browser = await larger.signed_in("eva", state)
    page = await browser.get(f"/cases/{state.case_id}")
    assert "NPS 2" in page.words
    assert not [secret for secret in (*PERSONAL, "…") if secret in page.words]
    assert list(page.forms) == [f"/cases/{state.case_id}/hand-over"]


async def test_an_executive_may_take_the_case_and_says_why(larger: Reception) -> None:
    state = await larger.casework.open()
    browser = await larger.signed_in("eva", state)
    page = await browser.get(f"/cases/{state.case_id}")
    refused = await browser.send(page.form("/hand-over"))
    assert "Say why." in refused.words
    await browser.send(page.form("/hand-over"), reason="I want to hear it myself.")
    assert [(act.actor, act.kind) for act in await larger.kept()] == [("eva", "hand_over")]


async def test_an_unknown_case_is_a_page_too(reception: Reception) -> None:
    browser = await reception.signed_in("dora", await reception.casework.open())
    page = await browser.get("/cases/nowhere")
    assert (page.status, page.answered.headers["content-type"]) == (404, "text/html; charset=utf-8")


async def test_a_broken_promise_is_said_to_be_late(reception: Reception) -> None:
    state = await promised(reception.casework)
    reception.clock.now += 2 * WEEK
    browser = await reception.signed_in("dora", state)
    page = await browser.get(f"/cases/{state.case_id}")
    assert "en retard" in page.words


@pytest.mark.parametrize("seq", ["x", "-1", "9" * 5000, "٣"])
async def test_an_undo_names_an_attempt_by_its_number(reception: Reception, seq: str) -> None:
    state = await reception.casework.open()
    state = await reception.casework.act(state, Attempt(Reached.NO_ANSWER), MONDAY_MORNING)
    dora = await reception.signed_in("dora", state)

    assert (await dora.post(f"/cases/{state.case_id}/take-back", {"seq": seq})).status == 422


async def test_a_reader_finds_the_rule_by_which_it_is_due_then(reception: Reception) -> None:
    state = await reception.casework.open()
    browser = await reception.signed_in("denis", state)
    page = await browser.get(f"/cases/{state.case_id}")
    assert "The target is 30 min of working time, from Monday 1 March, 10:00 on." in page.words


async def test_two_who_share_a_case_are_called_each_under_his_own_number(
    reception: Reception,
) -> None:
    casework = reception.casework
    text = SMALL.read_text() + "\ncustomers: {case_key: contract}\n"
    await apply_organisation(casework.database, text, name=SMALL.name, at=MONDAY_MORNING)
    state = await casework.open(replace(UNHAPPY, contract="K 12-7"))
    spouse = Identity("c-2", "Hervé Kerverne", "herve@client.example", "+33639985678")
    other = replace(UNHAPPY, response_id="r-2", contract="K 12-7", customer=spouse)
    await casework.hear(replace(other, comment="Me too.", submitted_at=MONDAY_MORNING + HOUR))
    state = await casework.listen(state, MONDAY_MORNING + HOUR)

    browser = await reception.signed_in("denis", state)
    page = await browser.get(f"/cases/{state.case_id}")

    for said in ("Odile Kerverne", "Me too.", "Said by Hervé Kerverne, who shares this case."):
        assert said in page.words
    for number in ("+33639981234", "+33639985678"):
        assert f'href="tel:{number}"' in page.answered.text


async def test_who_sees_no_customer_sees_none_of_two(larger: Reception) -> None:
    casework = larger.casework
    text = SMALL.read_text().replace("routing:\n", MORE_PEOPLE)
    text += "\ncustomers: {case_key: contract}\n"
    await apply_organisation(casework.database, text, name=SMALL.name, at=MONDAY_MORNING)
    state = await casework.open(replace(UNHAPPY, contract="K 12-7"))
    spouse = Identity("c-2", "Hervé Kerverne", "herve@client.example", "+33639985678")
    await casework.hear(replace(UNHAPPY, response_id="r-2", contract="K 12-7", customer=spouse))

    browser = await larger.signed_in("eva", state)
    page = await browser.get(f"/cases/{state.case_id}")

    assert page.answered.status_code == 200
    assert not [each for each in ("Hervé", "639985678", "herve@", "12-7") if each in page.words]


async def test_the_owner_sees_that_the_answer_changed(reception: Reception) -> None:
    state = await reception.casework.open()
    later = MONDAY_MORNING + HOUR
    await reception.casework.hear(replace(UNHAPPY, score=9, changed_at=later), at=later)
    state = await reception.casework.listen(state, later)
    browser = await reception.signed_in("denis", state)
    page = await browser.get(f"/cases/{state.case_id}")

    for said in ("NPS 9", "The customer changed his answer for the better."):
        assert said in page.words


async def test_where_there_is_no_way_to_reach_the_customer_nobody_is_asked_to_call(
    reception: Reception,
) -> None:
    text = SMALL.read_text() + "\ncustomers: {without_address: case}\n"
    database = reception.casework.database
    await apply_organisation(database, text, name=SMALL.name, at=MONDAY_MORNING)
    state = await reception.casework.open(replace(UNHAPPY, customer=Identity(name="Odile")))
    browser = await reception.signed_in("dora", state)
    page = await browser.get(f"/cases/{state.case_id}")

    assert "Rien ne permet de joindre le client" in page.words
    assert "tel:" not in page.answered.text
    assert "Fermez" in page.words
