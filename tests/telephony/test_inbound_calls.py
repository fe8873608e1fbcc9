"""Customers who ring our number, as phones live it: each test ends by failing on any call, and any message,
that it did not expect.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from httpx2 import Response
from sqlmodel import col, select
from structlog.testing import capture_logs

from models.absence import Absence
from models.actions import (
    Acknowledge,
    Attempt,
    CallMe,
    Close,
    Contact,
    HandOver,
    Outcome,
    Reached,
    TakeBack,
)
from models.case import CaseState, Stage
from models.errors import WrongMove
from models.inbound import Fate
from models.inbound_tables import InboundCallRow, RingEventRow, RingRow
from models.store.absences import keep_absence
from models.store.database import Database
from models.store.inbound import as_it_was
from models.store.organisations import apply_organisation
from models.survey import Identity
from models.tables import CustomerRow, IntentRow, KeyRow
from models.timeline import CUSTOMER as BY_CUSTOMER
from models.timeline import EntryKind
from templates.spoken_words import ToCaller, ToColleague, spoken_inbound
from tests.casework import SMALL, another
from tests.telephony.conftest import ABROAD, CUSTOMER, Line
from tests.telephony.exchange import VOICE, Director, OurNumber, Phone
from web.missed_calls import settle_some

OURS = OurNumber(*(f"{ABROAD}/twilio/line{door}" for door in ("", "/fallback", "/status")))
HIS = CUSTOMER or ""
DORA, DENIS = "+33639980041", "+33639980042"
STRANGER = "+33639987777"
NOT_TAKEN = {
    "he presses another key": Director(keys=["2"]),
    "he hangs up while he is asked": Director(keys=[None]),
    "he presses nothing": Director(keys=[""]),
    "his voicemail answers": Director(Phone.VOICEMAIL),
    "he is on the phone": Director(Phone.BUSY),
    "he does not answer": Director(Phone.NO_ANSWER),
    "his phone is broken": Director(Phone.FAILED),
}
FRENCH = spoken_inbound("fr")


@dataclass(slots=True)
class Desk:
    """Our number and whom it rings: `rung` are the colleagues to be expected, `messages` what is written."""

    line: Line
    rung: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=lambda: ["ask"])

    @property
    def told(self) -> list[str]:
        """To the customer."""
        return self.line.exchange.told

    async def ring(self, number: str = HIS) -> InboundCallRow:
        """To its end, and as it is kept then."""
        await self.line.exchange.ring_in(OURS, number)
        await self.settle()
        return (await self.calls())[-1]

    async def settle(self) -> None:
        await settle_some(self.line.reception.app.state.house)

    async def send(self, door: str, **told: str) -> Response:
        """By hand, as Twilio would."""
        form = {"CallSid": "CA1", "From": HIS, "CallStatus": "ringing"} | told
        return await self.line.exchange.send(OURS.answer + door, **form)

    async def ring_denis(self) -> RingRow:
        """By hand: the phone of the deputy rings by now."""
        await self.send("")
        [first] = await self.rings()
        await self.send(f"/rings/{first.id}/dialed", DialCallStatus="busy", DialCallSid="CA2")
        return (await self.rings())[-1]

    async def calls(self) -> list[InboundCallRow]:
        async with self.line.reception.casework.database.read() as session:
            rows = select(InboundCallRow).order_by(col(InboundCallRow.id))
            return list((await session.exec(rows)).all())

    async def rings(self) -> list[RingRow]:
        async with self.line.reception.casework.database.read() as session:
            return list((await session.exec(select(RingRow).order_by(col(RingRow.n)))).all())

    async def is_wanted(self) -> CaseState:
        """The act is kept as the customer's own, and a worker that comes finds and applies it."""
        reception = self.line.reception
        [kept] = await reception.kept()
        assert (kept.kind, kept.actor) == ("call_me", BY_CUSTOMER)
        state = await reception.casework.state(kept.case_id)
        await reception.apply_kept(state, CallMe(Contact.PHONE))
        self.messages.append("missed_call")
        reception.clock.now += timedelta(minutes=10)
        await self.settle()
        assert [call.fate for call in await self.calls()][-1] == Fate.WANTED
        return await reception.casework.state(state.case_id)

    async def organise(self, old: str, new: str) -> None:
        text, database = SMALL.read_text(), self.line.reception.casework.database
        assert old in text
        at = self.line.reception.clock()
        await apply_organisation(database, text.replace(old, new), name=SMALL.name, at=at)


@pytest.fixture
async def desk(line: Line) -> AsyncIterator[Desk]:
    desk = Desk(line)
    clock = line.reception.clock

    def talk(seconds: int) -> None:
        clock.now += timedelta(seconds=seconds)

    line.exchange.waits = talk
    yield desk
    assert [each["number"] for each in line.exchange.rung] == desk.rung
    async with line.reception.casework.database.read() as session:
        written = select(IntentRow.message).order_by(col(IntentRow.created_at), col(IntentRow.id))
        assert sorted((await session.exec(written)).all()) == sorted(desk.messages)


async def test_the_director_of_his_case_takes_the_call(desk: Desk) -> None:
    desk.rung = [DORA]
    call = await desk.ring()
    assert (call.fate, call.case_id) == (Fate.TAKEN, desk.line.state.case_id)
    assert desk.line.exchange.heard == [FRENCH[ToColleague.TAKE]]
    assert desk.told == [], "he heard it ring until somebody spoke with him"
    assert await desk.line.reception.kept() == []


async def test_it_only_remains_to_confirm_that_they_spoke(desk: Desk) -> None:
    desk.rung = [DORA, DENIS]
    desk.line.exchange.colleagues[DORA] = Director(Phone.BUSY)
    await desk.ring()
    page = await desk.line.look()
    assert "The customer rang, and you took the call. You talked for 0 min 42 s." in page.words
    assert "The telephone says: Reached." in page.words
    await desk.line.director.send(page.form("/attempts"), outcome="reached")
    await desk.line.reception.apply_kept(desk.line.state, Attempt(Reached.REACHED, inbound=True))
    page = await desk.line.look()
    assert "The telephone says" not in page.words
    assert "The customer rang: Denis Deputy took the call (attempt 1)." in page.words


async def test_who_did_not_take_it_has_nothing_to_confirm(desk: Desk) -> None:
    desk.rung = [DORA]
    await desk.ring()
    assert "The telephone says" not in (await desk.line.look()).words


async def test_the_first_talk_after_it_was_the_customers_call_and_no_later_one(desk: Desk) -> None:
    desk.rung = [DORA]
    casework, state = desk.line.reception.casework, desk.line.state
    spoke = Attempt(Reached.REACHED)

    async def as_was(act: Attempt, person: str = "dora") -> Attempt:
        async with casework.database.read() as session:
            now = desk.line.reception.clock()
            found = await as_it_was(session, act, case_id=state.case_id, person=person, now=now)
        assert isinstance(found, Attempt)
        return found

    assert not (await as_was(spoke)).inbound
    await desk.ring()
    assert (await as_was(spoke)).inbound
    for other in (Attempt(Reached.REACHED, Contact.VISIT), Attempt(Reached.VOICEMAIL)):
        assert not (await as_was(other)).inbound
    assert not (await as_was(spoke, "denis")).inbound
    await casework.act(state, spoke, desk.line.reception.clock())
    assert not (await as_was(spoke)).inbound


async def test_neither_number_is_shown_to_the_other_and_nothing_is_recorded(desk: Desk) -> None:
    desk.rung = [DORA]
    await desk.ring()
    [rung] = desk.line.exchange.rung
    assert (rung["callerId"], rung["answerOnBridge"]) == (VOICE, "true")
    assert (rung["record"], rung["timeout"], rung["timeLimit"]) == ("do-not-record", "20", "1800")


async def test_no_address_and_no_row_holds_a_number(desk: Desk) -> None:
    desk.rung = [DORA]
    await desk.ring()
    await desk.ring(STRANGER)
    urls = [each for each in desk.line.exchange.rung[0].values() if "://" in each]
    assert len(urls) == 3
    async with desk.line.reception.casework.database.read() as session:
        events = (await session.exec(select(RingEventRow))).all()
    kept = [row.model_dump_json() for row in (*await desk.calls(), *await desk.rings(), *events)]
    assert len(kept) > 6
    assert not [each for each in (*urls, *desk.line.exchange.posted, *kept) if "3363998" in each]


@pytest.mark.parametrize("director", NOT_TAKEN.values(), ids=NOT_TAKEN)
async def test_what_the_director_does_not_take_his_deputy_does(
    desk: Desk, director: Director
) -> None:
    desk.rung = [DORA, DENIS]
    desk.line.exchange.colleagues[DORA] = Director(director.phone, [*director.keys])
    assert (await desk.ring()).fate == Fate.TAKEN
    assert [ring.person for ring in await desk.rings()] == ["dora", "denis"]
    assert desk.line.exchange.heard[-1] == spoken_inbound("en")[ToColleague.TAKE]
    assert desk.told == []


@pytest.mark.parametrize("director", NOT_TAKEN.values(), ids=NOT_TAKEN)
async def test_where_nobody_takes_it_he_is_to_be_called_back(
    desk: Desk, director: Director
) -> None:
    desk.rung = [DORA, DENIS]
    for phone in desk.rung:
        desk.line.exchange.colleagues[phone] = Director(director.phone, [*director.keys])
    await desk.ring()
    assert desk.told == [FRENCH[ToCaller.NOBODY]]
    after = await desk.is_wanted()
    assert (after.stage, after.owner) == (Stage.ASKED, "dora")
    view = await desk.line.reception.casework.view(after.case_id)
    [wanted] = [each for each in view.timeline if each.kind is EntryKind.CALL_WANTED]
    assert (wanted.by, wanted.facts) == (BY_CUSTOMER, {"channel": "phone"})


async def test_he_hears_until_when_where_a_target_says_so(desk: Desk) -> None:
    """Four working hours of the north after 10:05, with an hour and a half for lunch."""
    desk.rung = [DORA, DENIS]
    reception = desk.line.reception
    await reception.casework.act(desk.line.state, Acknowledge(), reception.clock())
    for phone in desk.rung:
        desk.line.exchange.colleagues[phone] = Director(Phone.BUSY)
    await desk.ring()
    [said] = desk.told
    assert "Nous vous rappellerons au plus tard lundi 1 mars à 15h35." in said


async def test_outside_his_hours_the_director_is_not_rung(desk: Desk) -> None:
    desk.rung = [DENIS]
    desk.line.reception.clock.now += timedelta(hours=3)
    assert (await desk.ring()).fate == Fate.TAKEN


async def test_outside_everybodys_hours_nobody_is_rung_and_he_is_to_be_called_back(
    desk: Desk,
) -> None:
    await desk.organise("role: deputy,", 'role: deputy, hours: {sun: "10:00-11:00"},')
    desk.line.reception.clock.now += timedelta(hours=3)
    await desk.ring()
    assert desk.told == [FRENCH[ToCaller.NOBODY]]
    await desk.is_wanted()


async def test_who_is_away_is_not_rung_and_who_stands_in_for_him_only_once(desk: Desk) -> None:
    desk.rung = [DENIS]
    reception = desk.line.reception
    now = reception.clock()
    away = Absence("away", "dora", now - timedelta(hours=1), now + timedelta(days=1))
    async with reception.casework.database.write() as session:
        keep_absence(session, away, by="dora", key="k", at=now)
    desk.line.exchange.colleagues[DENIS] = Director(Phone.NO_ANSWER)
    await desk.ring()
    assert desk.told == [FRENCH[ToCaller.NOBODY]]


async def test_who_has_no_phone_is_not_rung(desk: Desk) -> None:
    state = await desk.line.reception.casework.act(
        desk.line.state, HandOver("nora"), desk.line.reception.clock()
    )
    assert state.owner == "nora"
    await desk.ring()
    desk.messages += ["handed_over", "moved_on"]
    assert desk.told == [FRENCH[ToCaller.NOBODY]]


async def test_a_customer_who_hangs_up_while_it_rings_is_to_be_called_back(desk: Desk) -> None:
    desk.rung = [DORA]
    desk.line.exchange.customer.patience = 0
    await desk.ring()
    assert desk.told == []
    await desk.is_wanted()


async def test_a_call_that_nobody_took_is_wanted_once(desk: Desk) -> None:
    desk.rung = [DORA, DENIS]
    desk.line.exchange.repeats = 3
    for phone in desk.rung:
        desk.line.exchange.colleagues[phone] = Director(Phone.BUSY)
    await desk.ring()
    await desk.is_wanted()
    [call] = await desk.calls()
    await desk.send("/status", CallSid=call.sid, CallStatus="completed")
    await desk.settle()
    assert await desk.line.reception.kept() == []


async def test_who_rings_again_and_again_is_wanted_once_until_somebody_turns_to_him(
    desk: Desk,
) -> None:
    desk.rung = [DORA, DENIS] * 4
    for phone in (DORA, DENIS):
        desk.line.exchange.colleagues[phone] = Director(Phone.BUSY)
    for _ in range(2):
        await desk.ring()
    await desk.is_wanted()
    await desk.ring()
    assert await desk.line.reception.kept() == []
    view = await desk.line.reception.casework.view(desk.line.state.case_id)
    assert [each.kind for each in view.timeline].count(EntryKind.RANG) == 2
    state = await desk.line.reception.casework.state(desk.line.state.case_id)
    no_answer = Attempt(Reached.NO_ANSWER)
    await desk.line.reception.casework.act(state, no_answer, desk.line.reception.clock())
    await desk.ring()
    await desk.is_wanted()


async def test_who_rings_again_while_no_worker_is_there_is_wanted_once(desk: Desk) -> None:
    """His first call is looked at again only after some minutes by then."""
    desk.rung = [DORA, DENIS] * 2
    for phone in (DORA, DENIS):
        desk.line.exchange.colleagues[phone] = Director(Phone.BUSY)
    await desk.ring()
    desk.line.reception.clock.now += timedelta(minutes=3)
    await desk.settle()
    await desk.ring()
    await desk.line.reception.apply_kept(desk.line.state, CallMe(Contact.PHONE))
    desk.messages.append("missed_call")
    for _ in range(2):
        desk.line.reception.clock.now += timedelta(minutes=10)
        await desk.settle()
    assert [call.fate for call in await desk.calls()] == [Fate.WANTED] * 2
    assert await desk.line.reception.kept() == []


async def test_the_door_says_the_same_when_it_is_knocked_at_twice(desk: Desk) -> None:
    first, second = await desk.send(""), await desk.send("")
    assert first.text == second.text
    assert DORA in first.text
    [ring] = await desk.rings()
    ended = {"DialCallStatus": "busy", "DialCallSid": "CA2", "DialBridged": "false"}
    third, fourth = [await desk.send(f"/rings/{ring.id}/dialed", **ended) for _ in range(2)]
    assert third.text == fourth.text
    assert DENIS in third.text
    assert [each.person for each in await desk.rings()] == ["dora", "denis"]


async def test_a_key_that_is_pressed_after_the_next_one_was_rung_connects_nobody(
    desk: Desk,
) -> None:
    await desk.send("")
    [ring] = await desk.rings()
    await desk.send(f"/rings/{ring.id}/dialed", DialCallStatus="no-answer", DialCallSid="CA2")
    for door in ("whisper", "accept"):
        late = await desk.send(f"/rings/{ring.id}/{door}", Digits="1")
        assert said_in(late) == [FRENCH[ToColleague.GONE]]
        assert "<Hangup" in late.text


async def test_while_the_end_of_a_talk_is_not_told_it_is_no_missed_call(desk: Desk) -> None:
    await desk.send("")
    [ring] = await desk.rings()
    await desk.send(f"/rings/{ring.id}/accept", Digits="1")
    await desk.send("/status", CallStatus="completed")
    await desk.settle()
    assert [call.fate for call in await desk.calls()] == [None]
    assert await desk.line.reception.kept() == []
    desk.line.reception.clock.now += timedelta(minutes=41)
    await desk.settle()
    assert [call.fate for call in await desk.calls()] == [Fate.TAKEN]


async def test_a_call_that_no_door_ended_is_settled_by_itself(desk: Desk) -> None:
    """The process died, and Twilio's news with it."""
    await desk.send("")
    desk.line.reception.clock.now += timedelta(minutes=41)
    await desk.settle()
    await desk.is_wanted()


async def test_a_call_back_is_not_undone_by_a_call_that_is_settled_after_it(desk: Desk) -> None:
    """He hung up while it rang, and Twilio's news of it was lost."""
    await desk.send("")
    reception, state = desk.line.reception, desk.line.state
    reception.clock.now += timedelta(minutes=5)
    called = await reception.casework.act(state, Attempt(Reached.REACHED), reception.clock())
    reception.clock.now += timedelta(minutes=36)
    await desk.settle()
    assert [call.fate for call in await desk.calls()] == [Fate.CALLED_BACK]
    assert await reception.kept() == []
    after = await reception.casework.state(state.case_id)
    assert (after.stage, after.round) == (called.stage, called.round)


async def test_a_call_back_that_nobody_noted_yet_is_one_too(desk: Desk) -> None:
    desk.line.expect(dialled=1)
    await desk.ring_denis()
    desk.line.reception.clock.now += timedelta(minutes=5)
    await desk.line.call()
    desk.line.reception.clock.now += timedelta(minutes=36)
    await desk.settle()
    assert [call.fate for call in await desk.calls()] == [Fate.CALLED_BACK]
    assert await desk.line.reception.kept() == []


async def test_a_call_back_that_was_taken_back_is_none(desk: Desk) -> None:
    await desk.send("")
    reception, state = desk.line.reception, desk.line.state
    reception.clock.now += timedelta(minutes=5)
    state = await reception.casework.act(state, Attempt(Reached.NO_ANSWER), reception.clock())
    await reception.casework.act(state, TakeBack(), reception.clock())
    reception.clock.now += timedelta(minutes=36)
    await desk.settle()
    await desk.is_wanted()


async def test_a_call_that_cannot_be_settled_is_given_up_and_said_once(desk: Desk) -> None:
    await desk.send("")
    desk.line.reception.clock.now += timedelta(days=3)
    with capture_logs() as lines:
        for _ in range(3):
            await desk.settle()
            desk.line.reception.clock.now += timedelta(minutes=10)
    assert [each["event"] for each in lines if each["log_level"] == "error"] == [
        "missed_call_given_up"
    ]
    assert [call.fate for call in await desk.calls()] == [None]
    assert len(await desk.line.reception.kept()) == 1


async def test_an_inbound_call_keeps_nobody_from_calling(desk: Desk) -> None:
    desk.line.expect(placed=1, dialled=0)
    await desk.ring_denis()
    await desk.line.tap()
    assert desk.line.resource.asked == 1


@pytest.mark.parametrize(
    ("number", "fate"),
    [
        (STRANGER, Fate.UNKNOWN),
        ("anonymous", Fate.WITHHELD),
        ("+266696687", Fate.WITHHELD),
        ("+17378742833", Fate.WITHHELD),
        ("", Fate.WITHHELD),
    ],
)
async def test_who_is_not_known_hears_so_and_nothing_else(
    desk: Desk, number: str, fate: Fate
) -> None:
    call = await desk.ring(number)
    assert (call.fate, call.case_id, call.customer_id) == (fate, None, None)
    assert (call.number_index is not None) is (fate is Fate.UNKNOWN)
    assert desk.told == [spoken_inbound(each)[ToCaller.UNKNOWN] for each in ("fr", "en")]


async def test_a_customer_who_was_forgotten_is_a_stranger(desk: Desk) -> None:
    async with desk.line.reception.casework.database.write() as session:
        customer = (await session.exec(select(CustomerRow))).one()
        await session.delete(await session.get_one(KeyRow, customer.key_id))
    assert (await desk.ring()).fate == Fate.UNKNOWN


async def test_a_customer_without_an_open_case_is_noted_on_his_last_one(desk: Desk) -> None:
    reception = desk.line.reception
    await reception.casework.act(desk.line.state, Close(Outcome.WITHDRAWN), reception.clock())
    call = await desk.ring()
    assert (call.fate, call.case_id) == (Fate.NOTED, desk.line.state.case_id)
    assert desk.told == [FRENCH[ToCaller.NOTED]]
    assert await reception.kept() == []
    view = await reception.casework.view(desk.line.state.case_id)
    assert [each.by for each in view.timeline if each.kind is EntryKind.RANG] == [BY_CUSTOMER]
    assert "The customer rang us, and nobody could take the call." in (await desk.line.look()).words


async def test_a_case_that_was_closed_while_it_rang_takes_no_wish(desk: Desk) -> None:
    desk.rung = [DORA, DENIS]
    for phone in desk.rung:
        desk.line.exchange.colleagues[phone] = Director(Phone.BUSY)
    reception = desk.line.reception
    await desk.line.exchange.ring_in(OURS, HIS)
    await reception.casework.act(desk.line.state, Close(Outcome.WITHDRAWN), reception.clock())
    await desk.settle()
    [call] = await desk.calls()
    assert call.fate is None, "whether it is closed is for the workflow to say"
    await reception.refuse_kept(WrongMove("closed", "The case is closed."))
    reception.clock.now += timedelta(minutes=10)
    await desk.settle()
    assert [call.fate for call in await desk.calls()] == [Fate.NOTED]


async def test_of_two_open_cases_the_director_who_called_last_is_rung(desk: Desk) -> None:
    desk.rung = [DORA]
    reception, first = desk.line.reception, desk.line.state
    await _of_denis(desk)
    await reception.casework.act(first, Attempt(Reached.NO_ANSWER), reception.clock())
    assert (await desk.ring()).case_id == first.case_id


async def test_of_two_open_cases_that_nobody_called_in_it_is_the_newest(desk: Desk) -> None:
    desk.rung = [DENIS]
    newest = await _of_denis(desk)
    assert (await desk.ring()).case_id == newest.case_id


async def test_who_asked_not_to_be_called_may_call_and_be_spoken_with(desk: Desk) -> None:
    desk.rung = [DORA, DENIS]
    await _wants_no_calls(desk)
    desk.line.exchange.colleagues[DORA] = Director(Phone.BUSY)
    await desk.ring()
    page = await desk.line.look()
    assert page.form("/attempts").fields["channel"] == "phone"
    await desk.line.director.send(page.form("/attempts"), outcome="reached")
    await desk.line.reception.apply_kept(
        await desk.line.reception.casework.state(desk.line.state.case_id),
        Attempt(Reached.REACHED, inbound=True),
    )
    state = await desk.line.reception.casework.state(desk.line.state.case_id)
    assert state.reached_at is not None
    assert state.reach.no_calls_since is not None, "that he rang once takes nothing back"


async def test_who_asked_not_to_be_called_is_asked_whether_he_may_be(desk: Desk) -> None:
    desk.rung = [DORA, DENIS]
    await _wants_no_calls(desk)
    for phone in desk.rung:
        desk.line.exchange.colleagues[phone] = Director(Phone.BUSY)
    desk.line.exchange.customer.keys = ["1"]
    call = await desk.ring()
    assert desk.told == [FRENCH[ToCaller.MAY_CALL], FRENCH[ToCaller.AGREED]]
    assert call.wants
    assert (await desk.is_wanted()).reach.no_calls_since is None


@pytest.mark.parametrize("key", ["", "2", None])
async def test_who_does_not_say_so_is_not_called_after_all(desk: Desk, key: str | None) -> None:
    desk.rung = [DORA, DENIS]
    await _wants_no_calls(desk)
    for phone in desk.rung:
        desk.line.exchange.colleagues[phone] = Director(Phone.BUSY)
    desk.line.exchange.customer.keys = [key]
    assert (await desk.ring()).fate == Fate.NOT_WANTED
    assert await desk.line.reception.kept() == []
    view = await desk.line.reception.casework.view(desk.line.state.case_id)
    assert EntryKind.RANG in {entry.kind for entry in view.timeline}


async def test_while_the_database_is_away_he_hears_it_and_his_call_is_not_lost(desk: Desk) -> None:
    """Twilio tells of its end once more, when it is back."""
    async with desk.line.database_away():
        words = await desk.send("")
        assert (await desk.send("/status", CallStatus="completed")).status_code == 503
    sorry = [spoken_inbound(each)[ToCaller.AWAY] for each in ("en", "fr")]
    assert said_in(words) == sorry
    assert "<Hangup" in words.text
    await desk.send("/status", CallStatus="completed")
    await desk.settle()
    await desk.is_wanted()


async def test_while_the_database_is_away_a_colleague_is_not_put_through(desk: Desk) -> None:
    await desk.send("")
    [ring] = await desk.rings()
    async with desk.line.database_away():
        for door in ("whisper", "accept"):
            words = await desk.send(f"/rings/{ring.id}/{door}", Digits="1")
            assert words.status_code == 200
            assert "<Hangup" in words.text


@pytest.mark.parametrize("here", [True, False], ids=["this process", "another process"])
async def test_while_another_one_writes_for_long_the_caller_is_not_left_in_silence(
    desk: Desk, *, here: bool
) -> None:
    desk.line.hurry()
    async with _writer(desk, here=here).write():
        words = await desk.send("")
    assert said_in(words) == [spoken_inbound(each)[ToCaller.AWAY] for each in ("en", "fr")]
    await desk.send("/status", CallStatus="completed")
    await desk.settle()
    await desk.is_wanted()


@pytest.mark.parametrize("here", [True, False], ids=["this process", "another process"])
async def test_a_key_whose_answer_comes_too_late_is_none(desk: Desk, *, here: bool) -> None:
    """Whatever is told of the dialling then: he heard that he is not put through."""
    await desk.send("")
    [ring] = await desk.rings()
    desk.line.hurry()
    async with _writer(desk, here=here).write():
        words = await desk.send(f"/rings/{ring.id}/accept", Digits="1")
    assert "<Hangup" in words.text
    ended = {"DialCallStatus": "completed", "DialCallSid": "CA2", "DialCallDuration": "15"}
    assert DENIS in (await desk.send(f"/rings/{ring.id}/dialed", **ended)).text


async def test_a_key_that_was_kept_though_nobody_heard_the_answer_is_no_talk(desk: Desk) -> None:
    """The answer was lost on its way: the network says that they were not connected."""
    await desk.send("")
    [ring] = await desk.rings()
    await desk.send(f"/rings/{ring.id}/accept", Digits="1")
    ended = {"DialCallStatus": "completed", "DialCallSid": "CA2", "DialBridged": "false"}
    assert DENIS in (await desk.send(f"/rings/{ring.id}/dialed", **ended)).text


async def test_the_way_out_needs_nothing_that_could_be_away(desk: Desk) -> None:
    async with desk.line.database_away():
        answer = await desk.send("/fallback")
    assert (answer.status_code, "<Hangup" in answer.text) == (200, True)


@pytest.mark.parametrize(
    "door",
    [
        *("", "/fallback", "/status", "/calls/some/wish", "/rings/some/whisper"),
        *("/rings/some/accept", "/rings/some/dialed", "/rings/some/leg"),
    ],
)
async def test_what_is_not_signed_opens_no_door(desk: Desk, door: str) -> None:
    form = {"CallSid": "CA1", "From": HIS, "CallStatus": "completed"}
    answer = await desk.line.exchange.http.post(OURS.answer + door, data=form)
    assert answer.status_code == 403
    assert await desk.calls() == []


async def test_what_he_took_is_on_his_page_while_they_talk(desk: Desk) -> None:
    ring = await desk.ring_denis()
    assert "You are connected." not in (await desk.line.look()).words
    await desk.send(f"/rings/{ring.id}/accept", Digits="1")
    assert "You are connected." in (await desk.line.look()).words


def _writer(desk: Desk, *, here: bool) -> Database:
    """Of two that have the same file, that of the doors themselves or not."""
    reception = desk.line.reception
    return reception.app.state.house.database if here else reception.casework.database


def said_in(answer: Response) -> list[str]:
    return [say.text or "" for say in ET.fromstring(answer.text).iter("Say")]  # noqa: S314 - ours


async def _of_denis(desk: Desk) -> CaseState:
    """A newer case of somebody who has the same phone."""
    casework, now = desk.line.reception.casework, desk.line.reception.clock()
    other = another("r-2", customer=Identity("c-2", "Paule", phone=HIS), submitted_at=now)
    state = await casework.open(other)
    desk.messages += ["ask", "handed_over", "moved_on"]
    return await casework.act(state, HandOver("denis"), now)


async def _wants_no_calls(desk: Desk) -> None:
    casework, now = desk.line.reception.casework, desk.line.reception.clock()
    await casework.act(desk.line.state, Attempt(Reached.REFUSED), now - timedelta(minutes=1))
