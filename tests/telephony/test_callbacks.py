"""What Twilio tells us is believed only when signed, and answered whatever is away."""

import pytest

from models.bridge import Outcome
from tests.telephony.conftest import ABROAD, ACCOUNT, Line, over

DOORS = ("answer", "accept", "dialed", "status", "leg", "amd", "fallback")


@pytest.mark.parametrize("door", DOORS)
async def test_what_is_not_signed_opens_no_door(line: Line, door: str) -> None:
    line.expect(dialled=0)
    await line.tap()
    call = (await line.kept()).id
    form = {"AccountSid": ACCOUNT.account_sid, "Digits": "1", "CallStatus": "completed"}
    answer = await line.exchange.http.post(f"/twilio/calls/{call}/{door}", data=form)
    assert answer.status_code == 403
    assert (await line.rows())[1] == []


async def test_nothing_waits_for_a_worker(line: Line) -> None:
    """There is none here, nor any Temporal: the attempt is kept until one comes, the call goes through."""
    line.expect(dialled=1)
    assert over(await line.call()).outcome is Outcome.REACHED
    form = (await line.look()).form("/attempts")
    assert (await line.director.send(form, outcome="reached")).status == 503
    assert len(await line.reception.kept()) == 1


async def test_while_the_database_is_away_the_director_hears_it_and_nobody_is_called(
    line: Line,
) -> None:
    line.expect(dialled=0)
    await line.tap()
    async with line.database_away():
        await line.exchange.play(line.exchange.placed[0])
    english, french = line.exchange.heard[-2:]
    assert english.startswith("Rappel cannot connect you at the moment.")
    assert french.startswith("Rappel ne peut pas vous mettre en relation pour le moment.")
    assert not [url for url in line.exchange.posted if url.endswith("/fallback")]
    statuses = {answer.status_code for answer in line.exchange.answers}
    assert statuses == {200, 503}, "what is told once is told again by Twilio where it is not kept"


async def test_the_way_out_needs_nothing_that_could_be_away(line: Line) -> None:
    line.expect(dialled=0)
    await line.tap()
    [placed] = line.exchange.placed
    async with line.database_away():
        answer = await line.exchange.send(placed.told("FallbackUrl"), CallSid=placed.sid)
    assert (answer.status_code, "<Hangup" in answer.text) == (200, True)


async def test_a_key_that_is_pressed_in_a_call_that_is_over_calls_nobody(line: Line) -> None:
    """Another call may have been asked for in its place, or somebody plays an old request again."""
    line.expect(dialled=1)
    await line.call()
    [placed] = line.exchange.placed
    accept = placed.told("Url").replace("/answer", "/accept")
    answer = await line.exchange.send(accept, CallSid=placed.sid, Digits="1")
    assert answer.status_code == 200
    assert "<Dial" not in answer.text


async def test_news_of_a_call_that_nobody_knows_is_not_found(line: Line) -> None:
    line.expect(placed=0, dialled=0)
    answer = await line.exchange.send(f"{ABROAD}/twilio/calls/nobodys/status", CallStatus="busy")
    assert answer.status_code == 404


async def test_a_status_that_we_do_not_know_is_taken_and_tells_nothing(line: Line) -> None:
    line.expect(dialled=0)
    await line.tap()
    [placed] = line.exchange.placed
    answer = await line.exchange.send(placed.told("StatusCallback"), CallStatus="dancing")
    assert (answer.status_code, (await line.rows())[1]) == (204, [])
