"""Click to call as phones live it: each test ends by failing on any call that it did not expect."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from models.actions import Attempt, Close, Outcome, Reached
from models.bridge import Held, Standing
from models.bridge import Outcome as Ended
from models.errors import CarrierBusy, CarrierRefused
from models.store.organisations import apply_organisation
from models.timelapse import Timelapse
from templates.spoken_words import spoken
from tests.casework import MONDAY_MORNING, SMALL, UNHAPPY, another
from tests.telephony.conftest import ABROAD, ACCOUNT, CUSTOMER, DIRECTOR, Line, over
from tests.telephony.exchange import VOICE, Phone
from tests.web.pages.reception import settings_for
from web.app import make_house
from web.twilio.caller import make_caller

ATTEMPTED = {Ended.BUSY: "Busy", Ended.NO_ANSWER: "No answer", Ended.VOICEMAIL: "Voicemail"}


async def test_the_customer_is_reached_and_it_only_remains_to_confirm_it(line: Line) -> None:
    line.expect(dialled=1)
    call = over(await line.call())
    assert (call.outcome, call.talk) == (Ended.REACHED, 42)
    page = await line.look()
    assert "You were connected. You talked for 0 min 42 s." in page.words
    assert "The telephone says: Reached." in page.words
    assert (
        '<button name="outcome" value="reached" class="main">Confirm: Reached' in page.answered.text
    )
    await line.director.send(page.form("/attempts"), outcome="reached")
    await line.reception.apply_kept(line.state, Attempt(Reached.REACHED))
    assert "The telephone says" not in (await line.look()).words


@pytest.mark.parametrize(
    ("phone", "outcome"),
    [
        (Phone.BUSY, Ended.BUSY),
        (Phone.NO_ANSWER, Ended.NO_ANSWER),
        (Phone.VOICEMAIL, Ended.VOICEMAIL),
    ],
)
async def test_who_was_not_reached_is_an_attempt_in_vain(
    line: Line, phone: Phone, outcome: Ended
) -> None:
    line.expect(dialled=1)
    line.exchange.customer.phone = phone
    call = over(await line.call())
    assert (call.outcome, call.talk) == (outcome, None)
    assert f"Confirm: {ATTEMPTED[outcome]}" in (await line.look()).words


async def test_a_number_that_does_not_exist_is_no_attempt(line: Line) -> None:
    line.expect(dialled=1)
    line.exchange.customer.phone = Phone.FAILED
    assert over(await line.call()).outcome is Ended.FAILED
    page = await line.look()
    assert "The call could not be made." in page.words
    assert "Confirm:" not in page.words


async def test_the_directors_own_voicemail_calls_nobody_and_never_counts(line: Line) -> None:
    line.expect(dialled=0)
    line.exchange.director.phone = Phone.VOICEMAIL
    assert over(await line.call()).outcome is Ended.DIRECTOR_NOT_REACHED
    assert line.exchange.heard[-1] == "No key was pressed. The customer is not called. Goodbye."
    page = await line.look()
    assert "You did not answer, or pressed no key." in page.words
    assert "Confirm:" not in page.words


@pytest.mark.parametrize("phone", [Phone.BUSY, Phone.NO_ANSWER])
async def test_a_director_who_does_not_answer_calls_nobody(line: Line, phone: Phone) -> None:
    line.expect(dialled=0)
    line.exchange.director.phone = phone
    assert over(await line.call()).outcome is Ended.DIRECTOR_NOT_REACHED


async def test_a_director_who_presses_another_key_calls_nobody(line: Line) -> None:
    line.expect(dialled=0)
    line.exchange.director.keys = ["2"]
    assert over(await line.call()).outcome is Ended.CANCELLED
    assert line.exchange.heard[-1] == "The customer is not called. Goodbye."


async def test_a_director_who_hangs_up_while_he_is_asked_calls_nobody(line: Line) -> None:
    line.expect(dialled=0)
    line.exchange.director.keys = [None]
    assert over(await line.call()).outcome is Ended.DIRECTOR_NOT_REACHED


async def test_two_taps_on_one_page_are_one_call(line: Line) -> None:
    line.expect(dialled=1)
    form = (await line.look()).form("/call")
    await asyncio.gather(line.director.send(form), line.director.send(form))
    await line.exchange.play(line.exchange.placed[0])
    assert over(await line.kept()).outcome is Ended.REACHED
    again = await line.director.send(form)
    assert again.status == 303
    assert line.resource.asked == 1


async def test_a_tap_on_another_device_finds_the_call_that_is_on(line: Line) -> None:
    line.expect(dialled=1)
    pages = [await line.look(), await line.look()]
    for page in pages:
        assert (await line.director.send(page.form("/call"))).status == 303
    await line.exchange.play(line.exchange.placed[0])
    assert len((await line.rows())[0]) == 1


async def test_who_is_on_the_line_calls_nobody_else(line: Line) -> None:
    line.expect(dialled=0)
    identity = UNHAPPY.customer
    other = another("r-2", customer=type(identity)("c-2", "Paule", phone="+33639985566"))
    elsewhere = await line.reception.casework.open(other)
    await line.tap()
    page = await line.director.get(f"/cases/{elsewhere.case_id}")
    refused = await line.director.send(page.form("/call"))
    assert (refused.status, "You are on the line" in refused.words) == (409, True)


async def test_the_customer_is_shown_our_number_and_nothing_is_recorded(line: Line) -> None:
    line.expect(dialled=1)
    await line.call()
    [placed], [dialled] = line.exchange.placed, line.exchange.dialled
    assert (placed.told("From"), placed.told("Record")) == (VOICE, "false")
    assert (dialled["callerId"], dialled["record"]) == (VOICE, "do-not-record")
    assert dialled["timeLimit"] == "1800"
    assert placed.form["StatusCallbackEvent"] == ["initiated", "ringing", "answered", "completed"]


async def test_no_address_holds_a_number(line: Line) -> None:
    line.expect(dialled=1)
    await line.call()
    asked = [value for values in line.exchange.placed[0].form.values() for value in values]
    urls = [each for each in asked if "://" in each] + line.exchange.posted
    assert len(urls) > 10
    assert not [url for url in urls if (CUSTOMER or "")[1:] in url or "3363998" in url]


async def test_what_is_kept_of_a_call_holds_no_number(line: Line) -> None:
    line.expect(dialled=1)
    await line.call()
    calls, events = await line.rows()
    told = [row.model_dump_json() for row in (*calls, *events)]
    assert len(told) > 8
    assert not [each for each in told if "33639" in each]


async def test_what_comes_twice_is_kept_once(line: Line) -> None:
    line.expect(dialled=1)
    line.exchange.repeats = 3
    assert over(await line.call()).outcome is Ended.REACHED
    _, events = await line.rows()
    assert len(events) == len({event.key for event in events}) == 11


async def test_the_page_follows_where_the_call_is(line: Line) -> None:
    line.expect(dialled=0)
    await line.tap()
    page = await line.look()
    assert "Your phone is about to ring." in page.words
    assert "Look again" in page.words
    assert (await line.kept()).call.standing is Standing.STARTING


async def test_the_case_was_closed_while_his_phone_rang(line: Line) -> None:
    line.expect(dialled=0)
    await line.tap()
    await line.reception.casework.act(line.state, Close(Outcome.WITHDRAWN), line.reception.clock())
    await line.exchange.play(line.exchange.placed[0])
    call = over(await line.kept())
    assert (call.outcome, call.held) == (Ended.CANCELLED, Held.CLOSED)
    assert line.exchange.heard[-1].startswith("The case is closed by now.")


async def test_the_customer_asked_meanwhile_not_to_be_called(line: Line) -> None:
    line.expect(dialled=0)
    await line.tap()
    refused = Attempt(Reached.REFUSED)
    await line.reception.casework.act(line.state, refused, line.reception.clock())
    await line.exchange.play(line.exchange.placed[0])
    assert over(await line.kept()).held is Held.NO_CALLS


async def test_the_hours_were_over_before_he_pressed_the_key(line: Line) -> None:
    line.expect(dialled=0)
    await line.tap()
    line.reception.clock.now += timedelta(hours=12)
    await line.exchange.play(line.exchange.placed[0])
    assert over(await line.kept()).held is Held.HOURS


async def test_outside_the_hours_nobody_is_rung_at_all(line: Line) -> None:
    line.expect(placed=0, dialled=0)
    form = (await line.look()).form("/call")
    line.reception.clock.now += timedelta(hours=12)
    page = await line.director.send(form)
    assert (page.status, "Customers are not called at this hour." in page.words) == (409, True)


async def test_a_silent_call_may_be_asked_for_again_and_never_starts_by_itself(line: Line) -> None:
    line.expect(placed=2, dialled=0)
    line.resource.hangs_up = True
    await line.tap()
    assert "Your phone is about to ring." in (await line.look()).words
    line.reception.clock.now += timedelta(minutes=4)
    assert "Nothing was heard of this call." in (await line.look()).words
    assert line.resource.asked == 1
    await line.tap()
    assert line.resource.asked == 2


async def test_a_call_whose_answer_was_lost_goes_on_all_the_same(line: Line) -> None:
    line.expect(dialled=1)
    line.resource.hangs_up = True
    assert over(await line.call()).outcome is Ended.REACHED


async def test_a_server_error_is_not_asked_again(line: Line) -> None:
    line.expect(dialled=1)
    line.resource.status = 500
    assert over(await line.call()).outcome is Ended.REACHED
    assert line.resource.asked == 1


@pytest.mark.parametrize("status", [400, 429])
async def test_a_call_that_was_refused_may_be_asked_for_at_once(line: Line, status: int) -> None:
    line.expect(dialled=1)
    line.resource.status = status
    await line.tap()
    page = await line.look()
    assert "The call could not be started." in page.words
    assert f'href="tel:{CUSTOMER}"' in page.answered.text
    line.resource.status = 201
    assert over(await line.call()).outcome is Ended.REACHED


async def test_the_director_hears_his_own_language(line: Line) -> None:
    line.expect(dialled=1)
    await line.director.post(await line.reception.link(line.state, "dora"))
    await line.tap()
    await line.exchange.play(line.exchange.placed[0])
    line.expected[0] = "+33639980041"
    assert line.exchange.heard[0].startswith("Ici Rappel.")
    assert line.exchange.heard[-1] == "L’appel est terminé. Merci de noter ce qui en est ressorti."


async def test_who_reads_a_language_that_nobody_speaks_on_the_phone_hears_english(
    line: Line,
) -> None:
    line.expect(dialled=1)
    german = SMALL.read_text().replace("[fr, en]", "[fr, en, de]")
    german = re.sub(r'\bfr: ("[^"]*"|[^,}\n]+)', r"de: \1, fr: \1", german)
    german = german.replace("role: deputy, language: en", "role: deputy, language: de")
    database, now = line.reception.casework.database, line.reception.clock()
    await apply_organisation(database, german, name=SMALL.name, at=now)
    assert over(await line.call()).outcome is Ended.REACHED
    assert line.exchange.heard[0].startswith("Rappel here.")


@pytest.mark.parametrize("outcome", Ended)
def test_there_are_words_for_whatever_a_call_comes_to(outcome: Ended) -> None:
    assert outcome in spoken("en")


@pytest.mark.parametrize(
    ("status", "fault"), [(408, None), (429, CarrierBusy), (400, CarrierRefused)]
)
async def test_only_a_refusal_says_that_no_call_was_made(
    line: Line, status: int, fault: type[Exception] | None
) -> None:
    line.expect(placed=0, dialled=0)
    caller = line.reception.app.state.house.caller
    line.resource.status = status
    if fault is None:
        assert await caller.ring(DIRECTOR, "call-1") is None
        return
    with pytest.raises(fault):
        await caller.ring(DIRECTOR, "call-1")


async def test_without_a_number_of_ours_it_is_called_from_ones_own_phone(line: Line) -> None:
    line.expect(placed=0, dialled=0)
    form = (await line.look()).form("/call")
    line.without_voice()
    page = await line.look()
    assert "/call" not in " ".join(page.forms)
    assert f'class="call" href="tel:{CUSTOMER}"' in page.answered.text
    assert (await line.director.send(form)).status == 404


async def test_who_has_no_phone_is_not_offered_to_be_rung(line: Line) -> None:
    line.expect(placed=0, dialled=0)
    await line.director.post(await line.reception.link(line.state, "nora"))
    assert not [each for each in (await line.look()).forms if each.endswith("/call")]


async def test_a_demo_rings_nobody(line: Line, database_url: str) -> None:
    line.expect(placed=0, dialled=0)
    told = {"twilio": ACCOUNT, "demo": Timelapse(MONDAY_MORNING, 90)}
    for demo, rings in ((told, False), (told | {"demo": None}, True)):
        house = make_house(settings_for(database_url).model_copy(update=demo))
        assert (house.caller is not None) is rings
        await house.database.close()


def test_only_an_account_with_a_number_that_may_call_rings_anybody() -> None:
    assert make_caller(ACCOUNT, ABROAD) is not None
    assert make_caller(replace(ACCOUNT, voice_number=None), ABROAD) is None
    assert make_caller(None, ABROAD) is None
