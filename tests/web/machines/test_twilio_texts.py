"""`POST /twilio/texts`: what people write is kept, understood, recorded as by a button, and answered."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from models.actions import (
    AddAction,
    Attempt,
    CallMe,
    Close,
    Confirm,
    FinishAction,
    HandOver,
    NameCause,
    Outcome,
    Reached,
    TakeBack,
)
from models.case import CaseState, Opened, Stage
from models.errors import WrongMove
from models.store.outbox import Outbox
from models.store.second_look import SecondLook
from models.store.texts import KEPT
from models.suppression_tables import SuppressionRow
from models.survey import Identity
from models.tables import CustomerRow, IntentRow, KeyRow
from models.text_tables import TextRow
from models.timeline import EntryKind
from models.twilio_account import SenderKind
from models.vault import Vault
from tests.activities.twilio_server import TOKEN, account_at
from tests.casework import MONDAY_MORNING, Casework, another
from tests.web.machines.signed_calls import call, call_signed, sign
from tests.web.machines.texters import DENIS, DORA, ODILE, OURS, PUBLIC_URL, STRANGER, Texters
from tests.web.pages.reception import Reception, confirming, settings_for
from web.old_texts import keep_dropping

LATER = timedelta(minutes=2)
LINK = re.compile(r"https://rappel\.example/\S*/[lc]/[\w-]{22}")


@pytest.fixture
async def texters(casework: Casework, database_url: str) -> AsyncIterator[Texters]:
    settings = settings_for(database_url, PUBLIC_URL)
    account = account_at("127.0.0.1", sender=OURS, voice_number=OURS)
    reception = Reception(casework, settings.model_copy(update={"twilio": account}))
    texters = Texters(reception)
    yield texters
    await texters.post()
    await reception.app.state.house.database.close()
    assert texters.unread == []


@pytest.fixture
async def asked(texters: Texters) -> CaseState:
    """Dora has read the SMS that asks her to call Odile."""
    state = await texters.casework.open()
    assert "attend votre appel" in await texters.only_text(DORA)
    return state


@pytest.fixture
async def question(texters: Texters) -> CaseState:
    """Odile has read the SMS that asks her whether it is solved."""
    state = await confirming(texters.casework)
    await texters.post()
    texters.unread = [each for each in texters.unread if each.address == ODILE]
    assert any("Est-ce réglé ?" in text for text in await texters.read_phone(ODILE))
    return state


async def opened(texters: Texters, response_id: str, *, score: int, phone: str = "") -> CaseState:
    """A case of another customer, of which Dora has read."""
    customer = Identity(f"c-{response_id}", "Paule Legoff", phone=phone or None)
    texters.reception.clock.now += LATER
    at = texters.reception.clock()
    response = another(response_id, customer=customer, score=score, submitted_at=at)
    state = await texters.casework.open(response)
    assert "attend votre appel" in await texters.only_text(DORA)
    return state


async def is_silent(texters: Texters) -> bool:
    async with texters.casework.database.read() as session:
        return (await session.exec(select(SuppressionRow))).first() is not None


# What anybody may say


@pytest.mark.parametrize(("body", "told"), [("ARRÊT", ""), ("Stop.", ""), ("halte", "STOP")])
async def test_who_asks_for_silence_has_it_at_once_and_is_not_answered(
    texters: Texters, body: str, told: str
) -> None:
    _, answer = await texters.bring(body, ODILE, told=told)
    assert (answer.status_code, answer.content) == (204, b"")
    await confirming(texters.casework)
    assert await texters.read_phone(ODILE) == []
    assert await texters.read_phone(DORA) == []
    async with texters.casework.database.read() as session:
        of_customer = select(IntentRow).where(IntentRow.audience == "customer")
        rows = (await session.exec(of_customer)).all()
    assert {(row.status, row.reason) for row in rows} == {("failed", "opted_out")}


async def test_start_lifts_it_and_a_yes_does_not(texters: Texters) -> None:
    await texters.write("STOP", ODILE)
    await texters.write("OUI", ODILE)
    assert await is_silent(texters)
    await texters.write("start", ODILE)
    assert not await is_silent(texters)


async def test_a_stop_that_comes_again_after_the_start_changes_nothing(texters: Texters) -> None:
    sid, _ = await texters.bring("STOP", ODILE)
    await texters.bring("", ODILE, told="START")
    await texters.bring("STOP", ODILE, sid=sid)
    assert not await is_silent(texters)
    assert len(await texters.texts()) == 2


async def test_help_tells_how_to_reach_us_unless_twilio_has(texters: Texters) -> None:
    sid, answer = await texters.bring("Aide", ODILE)
    assert answer.headers["content-type"].startswith("text/xml")
    assert f"appelez le {OURS}</Message>" in answer.text
    _, again = await texters.bring("Aide", ODILE, sid=sid)
    _, told = await texters.bring("aide", ODILE, told="HELP")
    assert (again.status_code, told.status_code) == (204, 204)


async def test_two_machines_that_answer_each_other_come_to_an_end(texters: Texters) -> None:
    answers = [(await texters.bring("HELP", STRANGER))[1].status_code for _ in range(7)]
    assert answers == [200] * 5 + [204] * 2


@pytest.mark.parametrize("signature", [None, "", "guessed", sign("guessed", PUBLIC_URL, [])])
async def test_without_twilios_signature_nothing_is_kept(
    texters: Texters, signature: str | None
) -> None:
    body = "MessageSid=SM1&From=%2B33639981234&Body=STOP"
    answer = await call(texters.reception.app, "/twilio/texts", body, signature)
    assert answer.status_code == 403
    assert await texters.texts() == []


@pytest.mark.parametrize("left_out", ["MessageSid", "From"])
async def test_what_names_no_text_is_taken_and_left(texters: Texters, left_out: str) -> None:
    told = {"MessageSid": "SM1", "From": ODILE, "Body": "STOP"}
    del told[left_out]
    pairs = list(told.items())
    answer = await call_signed(
        texters.reception.app, PUBLIC_URL, "/twilio/texts", pairs, token=TOKEN
    )
    assert answer.status_code == 204
    assert await texters.texts() == []


async def test_what_was_written_and_by_whom_is_sealed(texters: Texters) -> None:
    row = await texters.write("Le balcon fuit encore", STRANGER)
    kept = row.body_sealed + row.sender_sealed + row.number.encode()
    assert not any(each in kept for each in (b"balcon", STRANGER.encode(), b"639989999"))


# Colleagues


@pytest.mark.parametrize(
    ("body", "act", "told"),
    [
        ("J", Attempt(Reached.REACHED), "noté, client joint (NPS 2, Works, North)"),
        ("m.", Attempt(Reached.VOICEMAIL), "noté, messagerie (NPS 2, Works, North)"),
        (
            "R18h30",
            Attempt(Reached.LATER, again_at=datetime.fromisoformat("2027-03-01T17:30Z")),
            "noté, à rappeler le lundi 1 mars à 18h30 (NPS 2, Works, North)",
        ),
    ],
)
async def test_a_director_answers_in_a_letter_and_reads_what_was_understood(
    texters: Texters, asked: CaseState, body: str, act: Attempt, told: str
) -> None:
    await texters.write(body, DORA)
    state = await texters.applied(asked, act)

    answer = await texters.only_text(DORA)
    assert told in answer
    assert "Annulez sur la page tant que rien n'a suivi" in answer
    assert LINK.search(answer)
    assert "Odile" not in answer
    assert state.before is not None
    [attempt] = [e for e in (await texters.casework.view(state.case_id)).timeline if e.by == "dora"]
    assert (attempt.kind, attempt.facts["outcome"]) == (EntryKind.ATTEMPTED, act.outcome)


async def test_the_same_text_brought_again_is_one_act_and_one_answer(
    texters: Texters, asked: CaseState
) -> None:
    row = await texters.write("J", DORA)
    await texters.write("J", DORA, sid=row.sid)
    await texters.applied(asked, Attempt(Reached.REACHED))
    await texters.write("J", DORA, sid=row.sid)

    assert len(await texters.acts()) == 1
    assert "client joint" in await texters.only_text(DORA)
    assert (await texters.text(row.sid)).take_after is None


async def test_of_two_open_questions_none_is_guessed_and_the_choice_holds(
    texters: Texters, asked: CaseState
) -> None:
    second = await opened(texters, "r-2", score=0)
    await texters.write("J", DORA)
    assert "J1 = NPS 0, Works, North ; J2 = NPS 2, Works, North" in await texters.only_text(DORA)
    third = await opened(texters, "r-3", score=1)
    await texters.write("R18", DORA)

    choice = "R3 18:00 = NPS 1, Works, North ; R1 18:00 = NPS 0, Works, North ; R2 18:00 = NPS 2"
    assert choice in await texters.only_text(DORA)
    assert await texters.acts() == []
    row = await texters.write("M2", DORA)
    assert row.case_id == asked.case_id not in {second.case_id, third.case_id}
    await texters.applied(asked, Attempt(Reached.VOICEMAIL))
    assert "messagerie (NPS 2, Works, North)" in await texters.only_text(DORA)


async def test_a_number_that_was_never_offered_names_no_case(
    texters: Texters, asked: CaseState
) -> None:
    await texters.write("J7", DORA)
    assert "rien n'est noté. Répondez J (client joint)" in await texters.only_text(DORA)
    assert await texters.acts() == []


async def test_a_case_that_has_gone_to_somebody_else_is_no_longer_his_to_answer(
    texters: Texters, asked: CaseState
) -> None:
    await opened(texters, "r-2", score=0)
    await texters.write("J", DORA)
    await texters.read_phone(DORA)
    await texters.casework.act(asked, HandOver("denis"), texters.reception.clock(), by="dora")

    await texters.write("J2", DORA)
    told = await texters.read_phone(DORA)
    assert any("aucun dossier n'attend cette réponse" in text for text in told)
    assert await texters.reception.kept() == []
    await texters.read_phone(DENIS)


async def test_after_the_case_was_closed_nothing_waits_for_an_answer(
    texters: Texters, asked: CaseState
) -> None:
    await texters.casework.act(asked, Close(Outcome.WITHDRAWN), texters.reception.clock())
    await texters.write("J", DORA)
    assert "aucun dossier n'attend cette réponse" in await texters.only_text(DORA)


async def reached(texters: Texters, state: CaseState) -> None:
    """On the page."""
    at = texters.reception.clock()
    await texters.casework.act(state, Attempt(Reached.REACHED), at, by="dora")


async def test_an_answer_to_a_text_about_another_case_is_not_recorded_on_the_one_that_is_left(
    texters: Texters, asked: CaseState
) -> None:
    second = await opened(texters, "r-2", score=0)
    texters.reception.clock.now += LATER
    await reached(texters, second)
    assert (await texters.write("J", DORA)).meaning == "which"
    assert "J1 = NPS 2, Works, North" in await texters.only_text(DORA)
    assert (await texters.write("J1", DORA)).case_id == asked.case_id


async def test_what_was_noted_after_the_last_text_came_may_be_what_a_letter_means(
    texters: Texters, asked: CaseState
) -> None:
    second = await opened(texters, "r-2", score=0)
    texters.reception.clock.now += LATER
    await reached(texters, asked)
    assert (await texters.write("J", DORA)).meaning == "which"
    assert "J1 = NPS 0" in await texters.only_text(DORA)
    assert (await texters.write("J1", DORA)).case_id == second.case_id


async def test_a_letter_after_a_case_that_he_has_told_of_is_about_the_next_one(
    texters: Texters, asked: CaseState
) -> None:
    await reached(texters, asked)
    second = await opened(texters, "r-2", score=0)
    assert (await texters.write("J", DORA)).case_id == second.case_id


async def test_what_he_took_back_is_a_case_that_he_may_mean(
    texters: Texters, asked: CaseState
) -> None:
    at = texters.reception.clock()
    state = await texters.casework.act(asked, Attempt(Reached.REACHED), at, by="dora")
    state = await texters.casework.act(state, TakeBack(), at, by="dora")
    await texters.casework.act(state, HandOver("denis"), at, by="dora")
    texters.reception.clock.now += LATER
    for phone in (DORA, DENIS):
        await texters.read_phone(phone)
    await opened(texters, "r-2", score=0)
    assert (await texters.write("J", DORA)).meaning == "which"
    await texters.read_phone(DORA)


async def test_a_letter_that_is_read_late_is_about_no_case_whose_text_came_after_it(
    texters: Texters,
) -> None:
    sid, _ = await texters.bring("J", DORA)
    await opened(texters, "r-2", score=0)
    await texters.read()
    assert (await texters.text(sid)).meaning == "nothing_open"
    assert await texters.reception.kept() == []
    await texters.read_phone(DORA)


async def test_a_text_that_is_only_just_leaving_asks_nothing_yet(texters: Texters) -> None:
    await texters.casework.open()
    look = SecondLook(texters.casework.book, texters.casework.database.vault)
    outbox = Outbox(texters.casework.database, look)
    letter = await outbox.claim(texters.reception.clock())
    assert letter is not None
    texters.reception.clock.now += LATER
    assert (await texters.write("J", DORA)).meaning == "nothing_open"
    await texters.read_phone(DORA)


async def test_what_the_case_refuses_meanwhile_is_told_and_not_tried_again(
    texters: Texters, asked: CaseState
) -> None:
    row = await texters.write("J", DORA)
    await texters.reception.refuse_kept(WrongMove("closed", "The case is closed."))
    await texters.read(later=LATER)
    assert "rien n'est noté, le dossier a changé" in await texters.only_text(DORA)
    kept = await texters.text(row.sid)
    assert (kept.refusal, kept.take_after) == ("closed", None)


async def test_while_temporal_is_away_the_text_waits_and_means_what_it_meant(
    texters: Texters, asked: CaseState
) -> None:
    row = await texters.write("J", DORA)
    await opened(texters, "r-2", score=0)
    await texters.read()
    assert row.take_after is not None
    await texters.applied(asked, Attempt(Reached.REACHED))
    assert "client joint (NPS 2" in await texters.only_text(DORA)


async def test_what_is_not_understood_is_answered_five_times_an_hour(
    texters: Texters, asked: CaseState
) -> None:
    for _ in range(6):
        await texters.write("Merci bien !", DORA)
    answers = await texters.read_phone(DORA)
    assert len(answers) == 5
    assert all("Répondez J (client joint)" in answer for answer in answers)
    texters.reception.clock.now += timedelta(hours=1)
    await texters.write("Aide", DORA)
    assert "R18:30 (à rappeler à 18h30)" in await texters.only_text(DORA)


# Customers


@pytest.mark.parametrize(
    ("body", "act", "told"),
    [
        ("OUI", Confirm(solved=True), "merci, c'est noté, tout est réglé"),
        ("2", Confirm(solved=False), "ce n'est pas réglé. Nous revenons vers vous"),
    ],
)
async def test_a_customer_answers_the_question_by_yes_or_no(
    texters: Texters, question: CaseState, body: str, act: Confirm, told: str
) -> None:
    await texters.write(body, ODILE)
    state = await texters.applied(question, act)

    assert state.stage is (Stage.CLOSED if act.solved else Stage.ASKED)
    answer = await texters.only_text(ODILE)
    assert told in answer
    assert LINK.search(answer)
    texters.unread.clear()


async def test_a_yes_that_twilio_takes_for_a_start_is_an_answer_too(
    texters: Texters, question: CaseState
) -> None:
    await texters.write("STOP", ODILE)
    await texters.write("YES", ODILE, told="START")
    assert not await is_silent(texters)
    state = await texters.applied(question, Confirm(solved=True))
    assert state.stage is Stage.CLOSED
    assert "merci, c'est noté, tout est réglé" in await texters.only_text(ODILE)
    texters.unread.clear()


@pytest.mark.parametrize("body", ["YES", "START"])
async def test_a_start_that_answers_no_question_is_nothing_but_a_start(
    texters: Texters, asked: CaseState, body: str
) -> None:
    row = await texters.write(body, ODILE, told="START")
    assert (row.meaning, row.case_id, row.take_after) == ("start", None, None)
    assert await texters.reception.kept() == []


async def test_a_sender_that_cannot_be_answered_asks_no_such_question(
    texters: Texters, question: CaseState
) -> None:
    settings = texters.reception.settings
    assert settings.twilio is not None
    one_way = replace(settings.twilio, sender="BELVALLEE", sender_kind=SenderKind.ALPHA)
    app = texters.reception.app.state
    app.house = replace(app.house, settings=settings.model_copy(update={"twilio": one_way}))
    row = await texters.write("OUI", ODILE)
    assert row.meaning == "words"


async def test_of_two_questions_to_one_phone_none_is_answered_and_both_have_a_link(
    texters: Texters, question: CaseState
) -> None:
    other = await texters.casework.open(
        another("r-2", customer=Identity("c-2", "Yann Kerverne", phone=ODILE))
    )
    at = texters.reception.clock()
    for act in (
        Attempt(Reached.REACHED),
        NameCause("delay"),
        AddAction("dora", at + timedelta(days=1)),
        FinishAction(1),
    ):
        other = await texters.casework.act(other, act, at)
    assert other.stage is Stage.CONFIRMING
    await texters.read_phone(ODILE)
    texters.unread.clear()
    await texters.write("non", ODILE)

    answers = await texters.read_phone(ODILE)
    assert len({LINK.findall(answer)[0] for answer in answers}) == 2
    assert all("Est-ce réglé (Keys) ? Oui ou non" in answer for answer in answers)
    assert await texters.reception.kept() == []


async def test_other_words_stand_on_the_case_and_its_owner_reads_of_them(
    texters: Texters, asked: CaseState
) -> None:
    words = "Rappelez-moi plutôt jeudi, le balcon fuit toujours"
    await texters.write(words, ODILE)
    [act] = await texters.reception.kept()
    assert words.encode() not in (act.words_sealed or b"")
    state = await texters.applied(asked, CallMe(unasked=True))

    assert state.stage is Stage.ASKED
    view = await texters.casework.view(state.case_id)
    [wrote] = [e for e in view.timeline if e.kind is EntryKind.CALL_WANTED]
    assert (wrote.by, wrote.words) == ("customer", {"note": words})
    assert "bien recu" in await texters.only_text(ODILE)
    assert "votre client vous a écrit par SMS (NPS 2, Works, North)" in await texters.only_text(
        DORA
    )
    browser = await texters.signed_in("dora", state)
    page = await browser.get(f"/cases/{state.case_id}")
    assert "Le client a écrit par SMS" in page.words
    assert words in page.words


async def test_words_after_the_question_ask_for_a_call_as_the_button_does(
    texters: Texters, question: CaseState
) -> None:
    await texters.write("Pas tout à fait", ODILE)
    state = await texters.applied(question, CallMe(unasked=True))
    assert (state.stage, state.round) == (Stage.ACKNOWLEDGED, 2)
    await texters.read_phone(ODILE)
    texters.unread.clear()


async def test_who_wants_no_calls_has_not_changed_his_mind_by_writing(
    texters: Texters, asked: CaseState
) -> None:
    at = texters.reception.clock()
    state = await texters.casework.act(asked, Attempt(Reached.REFUSED), at)
    await texters.write("Ne m'appelez plus", ODILE)
    state = await texters.applied(state, CallMe(unasked=True))

    assert state.reach.no_calls_since is not None
    async with texters.casework.database.read() as session:
        assert (await session.exec(select(CustomerRow))).one().no_calls_since is not None
    assert "vous lit. Votre dossier" in await texters.only_text(ODILE)
    await texters.read_phone(DORA)


async def test_an_answer_that_the_case_has_outrun_is_read_as_words(
    texters: Texters, question: CaseState
) -> None:
    row = await texters.write("non", ODILE)
    at = texters.reception.clock()
    moved = await texters.casework.act(question, CallMe(), at, by="customer")
    await texters.reception.refuse_kept(WrongMove("not_asked", "Not asked."))
    await texters.read(later=LATER)
    await texters.read(later=LATER)
    assert (await texters.text(row.sid)).meaning == "words"
    [draft] = [act for act in await texters.reception.kept() if act.kind == "call_me"]
    assert draft.case_id == moved.case_id
    texters.unread.clear()
    await texters.read_phone(DORA)


async def test_what_was_refused_as_an_answer_is_not_asked_for_as_one_again(
    texters: Texters, question: CaseState
) -> None:
    """The database may be behind the workflow: there the question still seems to stand."""
    row = await texters.write("non", ODILE)
    await texters.reception.refuse_kept(WrongMove("not_asked", "Not asked."))
    await texters.read(later=LATER)
    await texters.read(later=LATER)
    assert (await texters.text(row.sid)).meaning == "words"


async def test_words_that_are_refused_again_are_of_no_case_and_hold_up_no_later_ones(
    texters: Texters, asked: CaseState
) -> None:
    row = await texters.write("Rappelez-moi jeudi", ODILE)
    await texters.reception.refuse_kept(WrongMove("no_calls", "Not now."))
    texters.reception.clock.now += LATER
    sid, _ = await texters.bring("Ou vendredi", ODILE)
    for _ in range(3):
        await texters.read(later=timedelta(hours=1))

    kept = await texters.text(row.sid)
    assert (kept.meaning, kept.case_id, kept.take_after) == ("no_case", None, None)
    assert kept.refusal == "no_calls"
    later = await texters.text(sid)
    assert (later.meaning, later.case_id) == ("words", asked.case_id)
    nora = await texters.signed_in("nora", asked)
    assert "Rappelez-moi jeudi" in (await nora.get("/operations/texts")).words


async def test_words_wait_for_a_case_that_is_just_being_opened(texters: Texters) -> None:
    case_id = (await texters.casework.hear()).case_id
    row = await texters.write("Rappelez-moi vite", ODILE)
    assert (row.meaning, row.take_after is None) == (None, False)
    await texters.casework.take(CaseState(case_id or "", MONDAY_MORNING), Opened(MONDAY_MORNING))
    await texters.read(later=LATER)
    assert [act.case_id for act in await texters.reception.kept()] == [case_id]
    await texters.read_phone(DORA)


async def test_words_of_a_customer_without_an_open_case_are_kept_and_open_nothing(
    texters: Texters, asked: CaseState
) -> None:
    await texters.casework.act(asked, Close(Outcome.WITHDRAWN), texters.reception.clock())
    row = await texters.write("Merci encore", ODILE)
    assert (row.meaning, row.case_id, row.take_after) == ("no_case", None, None)
    assert row.customer_id is not None


async def test_his_texts_are_forgotten_with_him(texters: Texters, asked: CaseState) -> None:
    row = await texters.write("Odile Kerverne, 3 rue des Lilas", ODILE)
    async with texters.casework.database.write() as session:
        customer = (await session.exec(select(CustomerRow))).one()
        assert row.key_id == customer.key_id
        await session.delete(await session.get_one(KeyRow, customer.key_id))
    await texters.read(later=timedelta(hours=1))
    assert (await texters.text(row.sid)).take_after is None


async def test_what_he_wrote_before_we_knew_him_is_forgotten_with_him(texters: Texters) -> None:
    words = "Odile Kerverne, 3 rue des Lilas"
    sid = (await texters.write(words, ODILE)).sid
    state = await texters.casework.open()
    await texters.read_phone(DORA)
    async with texters.casework.database.write() as session:
        customer = (await session.exec(select(CustomerRow))).one()
        assert (await texters.text(sid)).customer_id == customer.id
    nora = await texters.signed_in("nora", state)
    assert words in (await nora.get("/operations/texts")).words

    async with texters.casework.database.write() as session:
        await session.delete(await session.get_one(KeyRow, customer.key_id))
    async with texters.casework.database.read() as session:
        kept = await texters.text(sid)
        assert await session.get(KeyRow, kept.key_id) is None
    assert words not in (await nora.get("/operations/texts")).words


# Strangers


async def test_a_stranger_is_told_once_a_day_how_to_reach_us_and_his_words_are_kept(
    texters: Texters,
) -> None:
    sid, first = await texters.bring("Bonjour ?", STRANGER)
    _, second = await texters.bring("Il y a quelqu'un ?", STRANGER)
    assert "Nous ne connaissons pas ce numéro" in first.text
    assert second.status_code == 204
    await texters.read()
    texters.reception.clock.now += timedelta(days=1)
    _, third = await texters.bring("Allô", STRANGER)
    assert third.status_code == 200
    assert (await texters.text(sid)).meaning == "unknown"
    await texters.read()


async def test_what_belongs_to_no_case_stands_before_the_operator_without_its_words(
    texters: Texters, asked: CaseState
) -> None:
    await texters.write("Bonjour, c'est Yann", STRANGER)
    await texters.casework.act(asked, Close(Outcome.WITHDRAWN), texters.reception.clock())
    await texters.write("Merci encore", ODILE)

    oscar = await texters.signed_in("oscar", asked)
    page = await oscar.get("/operations/texts")
    assert "a number that we do not know" in page.words
    assert "a customer without an open case" in page.words
    assert not any(each in page.answered.text for each in ("Yann", "Merci", STRANGER, ODILE))
    nora = await texters.signed_in("nora", asked)
    words = (await nora.get("/operations/texts")).words
    assert all(each in words for each in ("Bonjour, c'est Yann", "Merci encore", STRANGER))


async def sealed_with_another_key(texters: Texters, sid: str) -> None:
    async with texters.casework.database.write() as session:
        key = await session.get_one(KeyRow, (await session.get_one(TextRow, sid)).key_id)
        key.wrapped = Vault(b"another key of thirty-two bytes!").new_key(key.id).wrapped
        session.add(key)


async def test_a_text_that_does_not_open_hides_none_of_the_others(
    texters: Texters, asked: CaseState
) -> None:
    sealed = await texters.write("Bonjour, c'est Yann", STRANGER)
    await texters.write("Bonjour, c'est Paule", "+33639980077")
    await sealed_with_another_key(texters, sealed.sid)

    nora = await texters.signed_in("nora", asked)
    words = (await nora.get("/operations/texts")).words
    assert "Bonjour, c'est Paule" in words
    assert "Ce SMS ne s’ouvre pas" in words


async def test_a_text_that_does_not_open_is_read_once_and_holds_up_no_later_one(
    texters: Texters,
) -> None:
    sid, _ = await texters.bring("Bonjour", STRANGER)
    await sealed_with_another_key(texters, sid)
    later = await texters.write("Allô", STRANGER)

    kept = await texters.text(sid)
    assert (kept.meaning, kept.take_after) == ("unknown", None)
    assert later.meaning == "unknown"


async def test_a_web_process_drops_what_is_old_and_of_no_case(texters: Texters) -> None:
    sid = (await texters.write("Bonjour", STRANGER)).sid
    texters.reception.clock.now += KEPT
    dropping = asyncio.create_task(keep_dropping(texters.house))
    while sid in {row.sid for row in await texters.texts()}:
        await asyncio.sleep(0.02)
    dropping.cancel()
